import type { EpochMs } from '#libs/kernel';

/** What a decision is rewarded for. */
export interface RewardSpec {
  /** Name of the reward, as in the table `rewards`. */
  readonly reward: string;
  /** Horizon from the decision. */
  readonly withinMs: number;
  /** `first`: the first outcome settles it at once. `all`: values add up until the horizon. */
  readonly counts: 'first' | 'all';
  /** Largest value credited, in the workspace's currency. */
  readonly capValue?: number;
}

/** An outcome that the decision's watch matched, by the event's own time. */
export interface RewardOutcome {
  readonly outcomeId: string;
  readonly atMs: EpochMs;
  readonly value: number;
}

/** The value credited to a decision: the row of `rewards`, with what the model learns from. */
export interface Reward {
  readonly decisionId: string;
  readonly reward: string;
  readonly value: number;
  readonly success: 0 | 1;
  readonly maturedAtMs: EpochMs;
  /** It will not change: models learn from final rewards only. */
  readonly isFinal: boolean;
}

function counted(
  outcomes: readonly RewardOutcome[],
  fromMs: EpochMs,
  untilMs: EpochMs,
): readonly RewardOutcome[] {
  const seen = new Map<string, RewardOutcome>();
  for (const outcome of outcomes) {
    if (outcome.atMs > fromMs && outcome.atMs <= untilMs) seen.set(outcome.outcomeId, outcome);
  }
  return [...seen.values()].sort((a, b) => a.atMs - b.atMs || (a.outcomeId < b.outcomeId ? -1 : 1));
}

/**
 * The reward of a decision as known at an instant: null while nothing came and the horizon is open,
 * a final 0 once it has closed. Outcomes count once, by id, whatever their order.
 */
export function rewardOf(
  decision: { readonly decisionId: string; readonly atMs: EpochMs },
  outcomes: readonly RewardOutcome[],
  spec: RewardSpec,
  nowMs: EpochMs,
): Reward | null {
  const untilMs = decision.atMs + spec.withinMs;
  const isClosed = nowMs > untilMs;
  const all = counted(outcomes, decision.atMs, untilMs);
  const first = all[0];
  const base = { decisionId: decision.decisionId, reward: spec.reward };
  if (first === undefined) {
    if (!isClosed) return null;
    return { ...base, value: 0, success: 0, maturedAtMs: untilMs, isFinal: true };
  }
  const taken = spec.counts === 'first' ? [first] : all;
  const sum = taken.reduce((total, outcome) => total + outcome.value, 0);
  const isSettled = spec.counts === 'first';
  return {
    ...base,
    value: Math.min(sum, spec.capValue ?? sum),
    success: 1,
    maturedAtMs: isSettled ? first.atMs : untilMs,
    isFinal: isSettled || isClosed,
  };
}
