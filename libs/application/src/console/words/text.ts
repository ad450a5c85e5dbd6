import type { Locale, LocalText } from '#libs/kernel';
import { formatDay, formatMoney, formatNumber } from '#libs/decision';

/** A text in both languages of the interface. */
export type Bilingual = Readonly<Record<Locale, string>>;

/** Picks a language. */
export function say(locale: Locale, fr: string, en: string): string {
  return locale === 'fr' ? fr : en;
}

/** In the quotation marks of the language. */
export function quoted(text: string, locale: Locale): string {
  return locale === 'fr' ? `« ${text} »` : `“${text}”`;
}

/** `1 personne`, `12 personnes`; English and French count zero differently. */
export function counted(
  amount: number,
  locale: Locale,
  words: { readonly fr: readonly [string, string]; readonly en: readonly [string, string] },
): string {
  const isOne = locale === 'fr' ? Math.abs(amount) < 2 : Math.abs(amount) === 1;
  return `${formatNumber(amount, 0, locale)} ${words[locale][isOne ? 0 : 1]}`;
}

/** Names of what `counted` counts. */
export const PEOPLE = {
  fr: ['personne', 'personnes'],
  en: ['person', 'people'],
} as const;

const UNITS: readonly (readonly [number, string, string])[] = [
  [86_400_000, 'j', 'd'],
  [3_600_000, 'h', 'h'],
  [60_000, 'min', 'min'],
  [1_000, 's', 's'],
];

/** A length of time in its two greatest units: `2 j 3 h`, `45 s`. */
export function spanText(lengthMs: number, locale: Locale): string {
  let leftMs = Math.max(0, Math.round(lengthMs / 1_000) * 1_000);
  const parts: string[] = [];
  for (const [unitMs, fr, en] of UNITS) {
    const amount = Math.floor(leftMs / unitMs);
    if (amount > 0) parts.push(`${amount} ${say(locale, fr, en)}`);
    leftMs -= amount * unitMs;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? `0 ${say(locale, 's', 's')}` : parts.join(' ');
}

/** Money of decimal text: `129,90 EUR` or `EUR 129.90`. */
export function moneyText(amount: string, currency: string, locale: Locale): string {
  return formatMoney(Number(amount), currency, locale);
}

/** A local day as a person writes it. */
export function dayText(isoDay: string, locale: Locale): string {
  return formatDay(isoDay, locale);
}

/** The text in the language, else in any. */
export function localText(text: LocalText | undefined, locale: Locale, fallback: string): string {
  if (text === undefined) return fallback;
  return text[locale] ?? text['fr'] ?? Object.values(text)[0] ?? fallback;
}
