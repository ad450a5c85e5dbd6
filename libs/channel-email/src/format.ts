import { RenderFailure } from './render-failure.js';

/** How a rendering writes amounts, numbers and times. */
export interface Format {
  readonly locale: string;
  readonly timezone?: string | undefined;
  readonly currency?: string | undefined;
  /** The path being written, for the refusal. */
  readonly path?: string;
}

const CACHE_MAX = 500;
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** `129,90 EUR` as the locale writes it. Decimal texts are formatted exactly, never as doubles. */
export function formatMoney(amount: unknown, currency: unknown, format: Format): string {
  const code = currency ?? format.currency;
  if (typeof code !== 'string' || !/^[A-Z]{3}$/.test(code)) {
    throw new RenderFailure('an amount needs a currency', format.path);
  }
  return numberFormat(format, { style: 'currency', currency: code }).format(
    numeric(amount, format),
  );
}

/** A number as the locale writes it, with at most `digits` decimals (default 2). */
export function formatNumber(value: unknown, digits: unknown, format: Format): string {
  const maximumFractionDigits = typeof digits === 'number' ? digits : 2;
  return numberFormat(format, { maximumFractionDigits }).format(numeric(value, format));
}

const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  short: { dateStyle: 'short' },
  medium: { dateStyle: 'medium' },
  long: { dateStyle: 'long' },
  full: { dateStyle: 'full' },
  day: { day: 'numeric', month: 'long' },
  time: { timeStyle: 'short' },
  datetime: { dateStyle: 'long', timeStyle: 'short' },
};

/**
 * A date as the locale and the zone write it. Takes epoch milliseconds, an ISO instant, or a plain
 * `1990-05-01`, which belongs to no zone and is never moved by one.
 */
export function formatDate(value: unknown, style: unknown, format: Format): string {
  const options = STYLES[typeof style === 'string' ? style : 'long'];
  if (options === undefined) throw new RenderFailure('no such style of date', format.path);
  const isPlain = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  const timeZone = isPlain ? 'UTC' : format.timezone;
  if (timeZone === undefined) throw new RenderFailure('a time needs a zone', format.path);
  const instant = instantOf(value, format);
  return dateFormat(format, { ...options, timeZone }).format(instant);
}

function instantOf(value: unknown, format: Format): Date {
  const isIso =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/.test(value);
  if (!isIso && typeof value !== 'number') {
    throw new RenderFailure('not a date: an ISO text with its zone is expected', format.path);
  }
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) throw new RenderFailure('not a date', format.path);
  return instant;
}

function numeric(value: unknown, format: Format): number | `${number}` {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^-?\d{1,18}(\.\d{1,18})?$/.test(value)) {
    return value as `${number}`;
  }
  throw new RenderFailure('not a number', format.path);
}

function numberFormat(format: Format, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return cached(numberFormats, [format.locale, options], format, () => {
    return new Intl.NumberFormat(format.locale, options);
  });
}

function dateFormat(format: Format, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(dateFormats, [format.locale, options], format, () => {
    return new Intl.DateTimeFormat(format.locale, options);
  });
}

/** Building a formatter costs a hundred times its use. */
function cached<Made>(
  cache: Map<string, Made>,
  key: unknown,
  format: Format,
  make: () => Made,
): Made {
  const text = JSON.stringify(key);
  const known = cache.get(text);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_MAX) cache.clear();
  try {
    const made = make();
    cache.set(text, made);
    return made;
  } catch (error) {
    throw new RenderFailure(error instanceof Error ? error.message : 'bad format', format.path);
  }
}
