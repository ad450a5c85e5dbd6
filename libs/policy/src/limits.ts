import { durationMs, parseDuration, type EpochMs } from '#libs/kernel';
import type { Suppression } from './suppression.js';
import { mostInWindow, windowDaysOf, type DayNumber, type DayUse } from './windows.js';

/** `limits` of an action: most uses per window (`30d: 1`), for one person and over everyone. */
export interface ActionLimits {
  readonly per_profile?: Readonly<Record<string, number>> | undefined;
  readonly total?: Readonly<Record<string, number>> | undefined;
}

/** Local days of the action's live uses, one entry a use. */
export interface ActionUsage {
  readonly profileDays: readonly DayNumber[];
  /** Uses over everyone, counted per day because there are many. */
  readonly totalByDay: ReadonlyMap<DayNumber, number>;
}

/** The limit that is used up. `windowDays` 0: the limit could not be read, which refuses. */
export interface LimitBlock {
  readonly scope: 'per_profile' | 'total';
  readonly windowDays: number;
  readonly max: number;
  readonly used: number;
}

/** The first limit without room for one more use of the action on a day, or null. */
export function limitVerdict(
  limits: ActionLimits,
  usage: ActionUsage,
  day: DayNumber,
): LimitBlock | null {
  const uses: Readonly<Record<LimitBlock['scope'], readonly DayUse[]>> = {
    per_profile: usage.profileDays.map((used) => ({ day: used, count: 1 })),
    total: [...usage.totalByDay].map(([used, count]) => ({ day: used, count })),
  };
  for (const scope of ['per_profile', 'total'] as const) {
    for (const [per, max] of Object.entries(limits[scope] ?? {})) {
      const windowDays = windowDaysOf(per);
      if (windowDays === null || !(max >= 0)) return { scope, windowDays: 0, max, used: 0 };
      const used = mostInWindow(uses[scope], day, windowDays);
      if (used >= max) return { scope, windowDays, max, used };
    }
  }
  return null;
}

/** `rest_after`: so many exposures ignored in a row put the action to rest for the person. */
export interface RestRule {
  readonly ignored: number;
  readonly for: string;
}

/** One exposure of the person to the action whose outcome is known. */
export interface Exposure {
  readonly atMs: EpochMs;
  readonly ignored: boolean;
}

/**
 * The action's rest in force at an instant, or null. Order of exposures does not matter. An answer
 * resets the count, and so does a rest that is over.
 */
export function restOf(
  action: string,
  rule: RestRule,
  history: { readonly exposures: readonly Exposure[]; readonly atMs: EpochMs },
): Suppression | null {
  const length = parseDuration(rule.for);
  if (!length.ok || !(rule.ignored >= 1)) return null;
  const ordered = [...history.exposures].sort(
    (left, right) => left.atMs - right.atMs || Number(right.ignored) - Number(left.ignored),
  );
  let streak = 0;
  let sinceMs = -Infinity;
  let untilMs = -Infinity;
  for (const { atMs, ignored } of ordered) {
    if (atMs > history.atMs || atMs < untilMs) continue;
    streak = ignored ? streak + 1 : 0;
    if (streak < rule.ignored) continue;
    sinceMs = atMs;
    untilMs = atMs + durationMs(length.value);
    streak = 0;
  }
  if (untilMs <= history.atMs) return null;
  return {
    kind: 'action',
    key: action,
    reason: 'rest',
    channel: null,
    purpose: null,
    sinceMs,
    untilMs,
  };
}
