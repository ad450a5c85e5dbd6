import { Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useFormat } from '../format/format.js';
import { texts, useTexts } from '../i18n/text.js';

/** Lift of a scenario as the API tells it. */
export type Lift = ApiResponse<'scenario'>['lift'];

const words = texts({
  people: {
    fr: (treated: string, control: string) =>
      `${treated} personnes sollicitées, ${control} témoins`,
    en: (treated: string, control: string) => `${treated} people contacted, ${control} held out`,
  },
  interval: {
    fr: (low: string, high: string) => `entre ${low} et ${high} (95 %)`,
    en: (low: string, high: string) => `between ${low} and ${high} (95%)`,
  },
});

/** Lift with its interval; never a bare number, and words where it is too early for one. */
export function LiftCell({ lift }: { readonly lift: Lift }) {
  const t = useTexts(words);
  const { points } = useFormat();
  if (lift.state !== 'ready') {
    return (
      <Text size="sm" c="dimmed">
        {lift.sentence}
      </Text>
    );
  }
  return (
    <div title={lift.sentence}>
      <Text size="sm" fw={600}>
        {points(lift.lift)}
      </Text>
      <Text size="xs" c="dimmed">
        {t.interval(points(lift.low), points(lift.high))}
      </Text>
    </div>
  );
}

/** Lift with its sentence and how many people it stands on. */
export function LiftInFull({ lift }: { readonly lift: Lift }) {
  const t = useTexts(words);
  const { number } = useFormat();
  if (lift.state === 'none') return <LiftCell lift={lift} />;
  return (
    <>
      <LiftCell lift={lift} />
      {lift.state === 'ready' && <Text size="sm">{lift.sentence}</Text>}
      <Text size="xs" c="dimmed">
        {t.people(number(lift.treated), number(lift.control))}
      </Text>
    </>
  );
}
