import type { RecordedDecision } from '#libs/application';
import { assert } from '#libs/kernel';
import type { DecisionWay, StatedDecision } from '../effects.js';

/** As the engine would decide. */
export const LIVE: DecisionWay = { mode: 'live', stated: () => null };

/** Any candidate that may go, each with the same chance. */
export const RANDOM: DecisionWay = { mode: 'random', stated: () => null };

/** Always what the step falls back on: what a scenario does without any model. */
export const FALLBACK: DecisionWay = {
  mode: 'live',
  stated: ({ command }) => ({ action: command.fallback, treatment: null }),
};

/**
 * What was chosen then for the same person at the same step, the nearest in time; what was never
 * asked then, or cannot be answered by the version simulated, is decided live.
 */
export function loggedWay(decisions: readonly RecordedDecision[]): DecisionWay {
  const logged = new Map<string, RecordedDecision[]>();
  for (const decision of decisions) {
    const key = `${decision.profileId}\u0000${decision.stepId}`;
    const known = logged.get(key);
    if (known === undefined) logged.set(key, [decision]);
    else known.push(decision);
  }
  return {
    mode: 'live',
    stated: ({ command, person, nowMs }) => {
      const found = logged.get(`${person.profileId}\u0000${command.stepId}`) ?? [];
      const open = found.filter(
        ({ action }) => command.actions.includes(action) || action === command.fallback,
      );
      return open.length === 0 ? null : nearest(open, nowMs);
    },
  };
}

function nearest(decisions: readonly RecordedDecision[], atMs: number): StatedDecision {
  const [first, ...rest] = decisions;
  assert(first !== undefined, 'a decision to choose from');
  const distance = (one: RecordedDecision): number => Math.abs(one.atMs - atMs);
  const { action, treatment } = rest.reduce(
    (best, one) => (distance(one) < distance(best) ? one : best),
    first,
  );
  return { action, treatment };
}
