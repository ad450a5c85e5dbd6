import type { LocalText, Place } from '#libs/kernel';
import type { ProblemList } from './problem-list.js';

/** A text as written: one for all locales, or one each. */
export type AnyText = string | LocalText;

/** The text in each locale of the workspace; one written once is the same in all. */
export function inLocales(text: AnyText, locales: readonly string[]): LocalText {
  if (typeof text !== 'string') return text;
  return Object.fromEntries(locales.map((locale) => [locale, text]));
}

/** Adds RLN-1404 for each locale of the workspace in which the text does not exist. */
export function checkLocales(
  list: ProblemList,
  text: AnyText | undefined,
  locales: readonly string[],
  place: Place,
): void {
  if (text === undefined || typeof text === 'string') return;
  for (const locale of locales) {
    if (Object.hasOwn(text, locale)) continue;
    list.add('RLN-1404', place, { locale, locales: locales.join(', ') });
  }
}
