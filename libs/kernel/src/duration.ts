import { fail, ok, type Result } from './result.js';

/** A length of time as a marketer writes it: `90s 15m 1h 3d 2w`. */
export interface Duration {
  readonly amount: number;
  readonly unit: 's' | 'm' | 'h' | 'd' | 'w';
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Reads `3d`; refuses signs, fractions, blanks and amounts over 100,000. */
export function parseDuration(text: string): Result<Duration, 'not_a_duration'> {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text);
  const amount = Number(match?.[1]);
  if (match === null || amount > 100_000) return fail('not_a_duration');
  return ok({ amount, unit: match[2] as Duration['unit'] });
}

/** Elapsed milliseconds; `d` is 24 h and `w` 168 h here. In `wait` they are calendar days instead. */
export function durationMs(duration: Duration): number {
  return duration.amount * UNIT_MS[duration.unit];
}

/** Writes it back as a marketer would. */
export function formatDuration(duration: Duration): string {
  return `${duration.amount}${duration.unit}`;
}

/** Milliseconds of a duration text our own code or a checked schema supplies. */
export function msOf(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new RangeError(`not a duration: ${text}`);
  return durationMs(parsed.value);
}
