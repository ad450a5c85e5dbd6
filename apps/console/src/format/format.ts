import { useMemo } from 'react';
import { useMe } from '../api/session.js';
import { useLocale, type Locale } from '../i18n/locale.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Numbers, money and times as the reader writes them, in the workspace's zone. */
export interface Format {
  readonly locale: Locale;
  readonly timeZone: string;
  /** `1 240`. */
  readonly number: (value: number) => string;
  /** `3 890 € et 410 £`: things beside one another, never added. */
  readonly list: (parts: readonly string[]) => string;
  /** Share in [0, 1] as `62 %`. */
  readonly percent: (share: number) => string;
  /** Difference of shares in points, signed: `+1,8 pt`. */
  readonly points: (share: number) => string;
  /** Exact decimal text in its currency: `129,90 €`. */
  readonly money: (value: { readonly amount: string; readonly currency: string }) => string;
  /** The same without cents, for plots and totals. */
  readonly roundMoney: (value: { readonly amount: string; readonly currency: string }) => string;
  /** `12 nov. 2026`. */
  readonly date: (atMs: number) => string;
  /** `12 nov. 2026, 18:30`. */
  readonly dateTime: (atMs: number) => string;
  /** `18:30`. */
  readonly time: (atMs: number) => string;
  /** `jeudi 12 novembre`. */
  readonly longDay: (atMs: number) => string;
  /** A day of the workspace, `2026-11-12`, as `12 nov.`. */
  readonly shortDay: (day: string) => string;
  /** Local day of an instant, `2026-11-12`. */
  readonly dayOf: (atMs: number) => string;
  /** `il y a 3 jours`, `dans 2 heures`. */
  readonly relative: (atMs: number, nowMs: number) => string;
  /** `3 jours`, `20 min`. */
  readonly duration: (durationMs: number) => string;
  /** Country code as its name, `France`. */
  readonly country: (code: string) => string;
  /** `3,2 Go`. */
  readonly bytes: (bytes: number) => string;
}

const UNITS: readonly (readonly ['day' | 'hour' | 'minute' | 'second', number])[] = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', SECOND_MS],
];

const unitOf = (durationMs: number) =>
  UNITS.find(([, sizeMs]) => Math.abs(durationMs) >= sizeMs) ?? (['second', SECOND_MS] as const);

function moneyIn(locale: Locale, digits?: number) {
  return ({ amount, currency }: { readonly amount: string; readonly currency: string }) =>
    new Intl.NumberFormat(locale, {
      ...(currency === '' ? {} : { style: 'currency', currency }),
      ...(digits === undefined
        ? { minimumFractionDigits: 2, maximumFractionDigits: 2 }
        : { maximumFractionDigits: digits }),
    }).format(Number(amount));
}

function bytesIn(locale: Locale) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  return (bytes: number): string => {
    const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
    const style = {
      style: 'unit',
      unit: units[power] ?? 'byte',
      maximumFractionDigits: 1,
    } as const;
    return new Intl.NumberFormat(locale, style).format(bytes / 1000 ** power);
  };
}

function countryIn(locale: Locale) {
  const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  return (code: string): string => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code);
}

function datesIn(locale: Locale, timeZone: string) {
  const dates = (options: Intl.DateTimeFormatOptions, zone = timeZone) => {
    const format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'fr-FR', {
      timeZone: zone,
      ...options,
    });
    return (atMs: number) => format.format(atMs);
  };
  const shortDay = dates({ day: 'numeric', month: 'short' }, 'UTC');
  const isoDay = new Intl.DateTimeFormat('en-CA', { timeZone });
  return {
    date: dates({ dateStyle: 'medium' }),
    dateTime: dates({ dateStyle: 'medium', timeStyle: 'short' }),
    time: dates({ timeStyle: 'short' }),
    longDay: dates({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
    shortDay: (day: string) => shortDay(Date.parse(`${day}T00:00:00Z`)),
    dayOf: (atMs: number) => isoDay.format(atMs),
  };
}

/** Formats of a language and zone. */
export function formatOf(locale: Locale, timeZone: string): Format {
  const plain = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const points = new Intl.NumberFormat(locale, {
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    locale,
    timeZone,
    ...datesIn(locale, timeZone),
    number: (value) => plain.format(value),
    list: (parts) => list.format(parts),
    percent: (share) => percent.format(share),
    points: (share) => `${points.format(share * 100)}\u00A0pt`,
    money: moneyIn(locale),
    roundMoney: moneyIn(locale, 0),
    relative: (atMs, nowMs) => {
      const [unit, sizeMs] = unitOf(atMs - nowMs);
      return relative.format(Math.trunc((atMs - nowMs) / sizeMs), unit);
    },
    duration: (durationMs) => {
      const [unit, sizeMs] = unitOf(durationMs);
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'day' ? 'long' : 'short',
      }).format(Math.round(durationMs / sizeMs));
    },
    country: countryIn(locale),
    bytes: bytesIn(locale),
  };
}

/** Formats for the reader: their language, the workspace's zone. */
export function useFormat(): Format {
  const { locale } = useLocale();
  const { data } = useMe();
  const timeZone = data?.workspace.timezone ?? 'UTC';
  return useMemo(() => formatOf(locale, timeZone), [locale, timeZone]);
}
