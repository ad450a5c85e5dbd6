import { Group, Text, Tooltip } from '@mantine/core';
import type { Me } from '../api/session.js';
import { useEngineNow } from '../format/clock.js';
import { useFormat } from '../format/format.js';
import { useTexts, type Told } from '../i18n/text.js';
import { Icon } from '../ui/icon.js';
import { shellTexts } from './texts.js';

const DAY_A_MINUTE = 1_440;
const HOUR_A_MINUTE = 60;

function speedInWords(speed: number, t: Told<typeof shellTexts>, number: (n: number) => string) {
  if (speed === DAY_A_MINUTE) return t.dayAMinute;
  if (speed === HOUR_A_MINUTE) return t.hourAMinute;
  return t.timesFaster(number(speed));
}

/** The engine's date, and how fast its time runs where that is not as ours. */
export function EngineClock({ clock }: { readonly clock: Me['clock'] }) {
  const t = useTexts(shellTexts);
  const format = useFormat();
  const nowMs = useEngineNow(2_000);
  if (clock.speed === 1) return null;
  const pace = clock.isResting ? t.resting : speedInWords(clock.speed, t, format.number);
  return (
    <Tooltip label={clock.isResting ? t.restingHint : t.clockHint} multiline maw={280}>
      <Group gap={6} wrap="nowrap" visibleFrom="sm" data-testid="clock">
        <Icon name="clock" size={16} />
        <Text size="sm" ff="text">
          {format.date(nowMs)}
          {' · '}
          {pace}
        </Text>
      </Group>
    </Tooltip>
  );
}
