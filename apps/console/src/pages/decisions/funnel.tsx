import { Group, Progress, Stack, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { decisionWords } from './words.js';

type Decision = ApiResponse<'decision'>;
type Candidate = Decision['candidates'][number];

/** Reasons of those who lost at a stage. */
function Losses({ losers }: { readonly losers: readonly Candidate[] }) {
  const t = useTexts(common);
  return losers.map(({ action, treatment, actionName, why }) => (
    <Text key={`${action}/${treatment}`} size="xs" c="dimmed">
      {t.pair(actionName, why)}
    </Text>
  ));
}

/** How many actions were left after each stage, and why the others were not. */
export function Funnel({ decision }: { readonly decision: Decision }) {
  const t = useTexts(decisionWords);
  const c = useTexts(common);
  const { number } = useFormat();
  const most = Math.max(1, ...decision.funnel.map(({ left, lost }) => left + lost));
  return (
    <Stack gap="sm" component="ol" className="plain">
      {decision.funnel.map(({ stage, label, left, lost }) => (
        <Stack key={stage} gap={2} component="li">
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={600}>
              {label}
            </Text>
            <Text size="sm">
              {t.left(left, number(left))}
              {lost > 0 && (
                <Text span size="sm" c="dimmed">
                  {' · '}
                  {t.lost(lost, number(lost))}
                </Text>
              )}
            </Text>
          </Group>
          <Progress
            value={(left / most) * 100}
            aria-label={c.pair(label, t.left(left, number(left)))}
          />
          <Losses
            losers={decision.candidates.filter(
              (candidate) => candidate.stage === stage && !candidate.isChosen,
            )}
          />
        </Stack>
      ))}
    </Stack>
  );
}
