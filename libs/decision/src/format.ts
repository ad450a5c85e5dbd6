import type { Locale } from '#libs/kernel';

const GROUP_SEPARATOR: Readonly<Record<Locale, string>> = { fr: '\u00a0', en: ',' };
const DECIMAL_SEPARATOR: Readonly<Record<Locale, string>> = { fr: ',', en: '.' };

/** A number with so many decimals in the reader's manner: `1 234,50` or `1,234.50`. */
export function formatNumber(value: number, decimals: number, locale: Locale): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, GROUP_SEPARATOR[locale]);
  const text = fraction === undefined ? grouped : grouped + DECIMAL_SEPARATOR[locale] + fraction;
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? `-${text}` : text;
}

/** An amount with its currency: `129,90 EUR` or `EUR 129.90`. */
export function formatMoney(amount: number, currency: string, locale: Locale): string {
  const text = formatNumber(amount, 2, locale);
  return locale === 'fr' ? `${text} ${currency}` : `${currency} ${text}`;
}

/** A share of 1 in per cent: `62 %` or `62%`; one decimal below one and above 99 per cent. */
export function formatShare(share: number, locale: Locale): string {
  const percent = share * 100;
  const isWhole = percent === 0 || percent === 100 || (percent >= 1 && percent <= 99);
  const text = formatNumber(percent, isWhole ? 0 : 1, locale);
  return locale === 'fr' ? `${text} %` : `${text}%`;
}

/** A local day `2026-11-14` as `14/11` or `14 Nov`, with the year where asked. */
export function formatDay(isoDay: string, locale: Locale, withYear = false): string {
  const [year = '', month = '', day = ''] = isoDay.split('-');
  if (locale === 'fr') return withYear ? `${day}/${month}/${year}` : `${day}/${month}`;
  const names = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const short = `${Number(day)} ${names[Number(month) - 1] ?? month}`;
  return withYear ? `${short} ${year}` : short;
}
