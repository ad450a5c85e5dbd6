import { Alert, Group } from '@mantine/core';
import { SLOW_MS, useRead } from '../api/queries.js';
import type { Me } from '../api/session.js';
import { useFormat } from '../format/format.js';
import { useTexts } from '../i18n/text.js';
import { Icon } from '../ui/icon.js';
import { PauseButton } from './pause-button.js';
import { pauseWords } from './words.js';

/** Roles that may pause; the server alone enforces it. */
const MAY_PAUSE: readonly Me['role'][] = ['marketer', 'admin'];

/** Whether this reader may pause and resume. */
export const mayPause = (role: Me['role']): boolean => MAY_PAUSE.includes(role);

/** What is held, on every page for as long as it is; nothing where nothing is. */
export function PauseBanner({ me }: { readonly me: Me }) {
  const t = useTexts(pauseWords);
  const format = useFormat();
  const { data } = useRead('pauses', {}, { everyMs: SLOW_MS });
  if (data === undefined) return null;
  const { everything, scenarios } = data;
  if (everything === null && scenarios.length === 0) return null;
  const isAll = everything !== null;
  const title = isAll
    ? t.everything(format.dateTime(everything.sinceMs), everything.by)
    : t.some(scenarios.map(({ name }) => name).join(', '));
  return (
    <Alert
      color={isAll ? 'red' : 'yellow'}
      role="status"
      mb="md"
      icon={<Icon name="warning" />}
      title={title}
    >
      <Group justify="space-between">
        {t.meaning}
        {isAll && mayPause(me.role) && <PauseButton isPaused />}
      </Group>
    </Alert>
  );
}

/** The way to pause everything, for who may; away while it is paused: the banner has the way back. */
export function PauseAll({ me }: { readonly me: Me }) {
  const { data } = useRead('pauses', {}, { everyMs: SLOW_MS });
  if (!mayPause(me.role) || data === undefined || data.everything !== null) return null;
  return <PauseButton isPaused={false} />;
}
