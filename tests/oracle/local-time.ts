/** Local time and French holidays, worked out from `Intl` alone. Imports nothing. */

const SLOT_MS = 30 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat | null>();
const offsets = new Map<string, Map<number, number>>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    format = null;
  }
  formats.set(zone, format);
  return format;
}

export function zoneExists(zone: string): boolean {
  return formatOf(zone) !== null;
}

function readOffset(zone: string, atMs: number): number {
  const parts = formatOf(zone)?.formatToParts(atMs) ?? [];
  const read = (type: string): number =>
    Number(parts.find((part) => part.type === type)?.value ?? NaN);
  const day = Date.UTC(read('year'), read('month') - 1, read('day'));
  const time = (read('hour') * 60 + read('minute')) * 60_000 + read('second') * 1_000;
  return day + time - atMs;
}

/** Clocks change on the half hour in every zone used here, so a slot has one offset. */
export function offsetAt(zone: string, atMs: number): number {
  const slot = Math.floor(atMs / SLOT_MS);
  let ofZone = offsets.get(zone);
  if (ofZone === undefined) offsets.set(zone, (ofZone = new Map<number, number>()));
  let offset = ofZone.get(slot);
  if (offset === undefined) ofZone.set(slot, (offset = readOffset(zone, slot * SLOT_MS)));
  return offset;
}

/** Days since 1970 of the local date. */
export function dayAt(zone: string, atMs: number): number {
  return Math.floor((atMs + offsetAt(zone, atMs)) / 86_400_000);
}

/** Local minutes since midnight, with their fraction. */
export function minuteAt(zone: string, atMs: number): number {
  const local = atMs + offsetAt(zone, atMs);
  return (local - Math.floor(local / 86_400_000) * 86_400_000) / 60_000;
}

/** Easter Sunday as a day number, by the Gregorian computus. */
function easter(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const moon =
    (19 * golden +
      century -
      Math.floor(century / 4) -
      Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3) +
      15) %
    30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - moon - (rest % 4)) % 7;
  const shift = Math.floor((golden + 11 * moon + 22 * weekday) / 451);
  const code = moon + weekday - 7 * shift + 114;
  return Date.UTC(year, Math.floor(code / 31) - 1, (code % 31) + 1) / 86_400_000;
}

const FIXED = ['1-1', '5-1', '5-8', '7-14', '8-15', '11-1', '11-11', '12-25'];
const AFTER_EASTER = [1, 39, 50];
const OVERSEAS: Readonly<Record<string, { fixed: string[]; goodFriday: boolean }>> = {
  'America/Guadeloupe': { fixed: ['5-27'], goodFriday: true },
  'Indian/Reunion': { fixed: ['12-20'], goodFriday: false },
};

/** Public holiday of France, or of the overseas department whose zone it is. */
export function isFrenchHoliday(day: number, zone: string): boolean {
  const date = new Date(day * 86_400_000);
  const fixed = `${date.getUTCMonth() + 1}-${date.getUTCDate()}`;
  const sinceEaster = day - easter(date.getUTCFullYear());
  const own = OVERSEAS[zone];
  if (FIXED.includes(fixed) || AFTER_EASTER.includes(sinceEaster)) return true;
  return own !== undefined && (own.fixed.includes(fixed) || (own.goodFriday && sinceEaster === -2));
}
