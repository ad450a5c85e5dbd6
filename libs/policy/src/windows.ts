import { parseDuration } from '#libs/kernel';

/** Days since 1970-01-01 of a local date. */
export type DayNumber = number;

/** Whole local days of a window written `7d` or `2w`; null where it is no whole number of days. */
export function windowDaysOf(per: string): number | null {
  const parsed = typeof per === 'string' ? parseDuration(per) : null;
  if (parsed === null || !parsed.ok || parsed.value.amount < 1) return null;
  if (parsed.value.unit === 'd') return parsed.value.amount;
  return parsed.value.unit === 'w' ? parsed.value.amount * 7 : null;
}

/** Whether a day lies in the window of N days that ends today: today and the N-1 days before. */
export function inWindow(day: DayNumber, today: DayNumber, windowDays: number): boolean {
  return day <= today && day > today - windowDays;
}

/** So many uses of something on one local day. */
export interface DayUse {
  readonly day: DayNumber;
  readonly count: number;
}

/**
 * The most uses in any window of N days that a day lies in. A place held for a later day counts by
 * the window that ends there, or a contact before it would take it away.
 */
export function mostInWindow(uses: readonly DayUse[], day: DayNumber, windowDays: number): number {
  const usedTo = (end: DayNumber): number =>
    uses.reduce((used, one) => used + (inWindow(one.day, end, windowDays) ? one.count : 0), 0);
  let most = usedTo(day);
  for (const { day: end } of uses) {
    if (end > day && inWindow(day, end, windowDays)) most = Math.max(most, usedTo(end));
  }
  return most;
}
