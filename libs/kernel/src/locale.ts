/** A locale of people who read: the interface is in both, messages in those the workspace lists. */
export type Locale = 'fr' | 'en';

/** A text in one or more locales, by locale code. */
export type LocalText = Readonly<Record<string, string>>;

/** The text in the locale asked for, else in the fallback, else in any, else empty. */
export function localised(text: LocalText, locale: string, fallback = 'fr'): string {
  return text[locale] ?? text[fallback] ?? Object.values(text)[0] ?? '';
}
