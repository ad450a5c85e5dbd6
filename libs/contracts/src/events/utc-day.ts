const DAY_MS = 86_400_000;

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/**
 * UTC day of an instant, `2026-11-22`: what `RawEvent.eventDay` holds. Plain arithmetic of the
 * proleptic Gregorian calendar; years before 0000 and after 9999 are held to those ends.
 */
export function utcDayOf(atMs: number): string {
  const days = Math.floor(atMs / DAY_MS);
  // Days since 0000-03-01, so that the leap day comes last in a year.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 0) return '0000-01-01';
  if (year > 9_999) return '9999-12-31';
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}
