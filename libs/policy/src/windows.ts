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

/** How many of the days lie in the window of N days that ends today. */
export function countInWindow(
  days: readonly DayNumber[],
  today: DayNumber,
  windowDays: number,
): number {
  let count = 0;
  for (const day of days) if (inWindow(day, today, windowDays)) count += 1;
  return count;
}
