import { useMemo } from 'react';
import { useLocale, type Locale } from './locale.js';

/** A text in both languages: plain, or made from what it speaks of. */
export type TextPair = Readonly<Record<Locale, string>> | Readonly<Record<Locale, TextOf>>;

// Parameters differ from text to text; each call is checked against its own text's.
type TextOf = (...values: never[]) => string;

/** Texts of a page by name. */
export type Texts = Readonly<Record<string, TextPair>>;

/** The texts of one language, under the same names. */
export type Told<Pairs extends Texts> = {
  readonly [Name in keyof Pairs]: Pairs[Name]['fr'] extends string ? string : Pairs[Name]['fr'];
};

/** Keeps the types of the texts, and refuses one that lacks a language. */
export const texts = <const Pairs extends Texts>(pairs: Pairs): Pairs => pairs;

const toldBefore = new WeakMap<Texts, Partial<Record<Locale, unknown>>>();

/** The texts of a language; the same object for the same question. */
export function tell<Pairs extends Texts>(pairs: Pairs, locale: Locale): Told<Pairs> {
  const known = toldBefore.get(pairs) ?? {};
  toldBefore.set(pairs, known);
  known[locale] ??= Object.fromEntries(
    Object.entries(pairs).map(([name, pair]) => [name, pair[locale]]),
  );
  return known[locale] as Told<Pairs>;
}

/** The texts of a page in the language of the reader. */
export function useTexts<Pairs extends Texts>(pairs: Pairs): Told<Pairs> {
  const { locale } = useLocale();
  return useMemo(() => tell(pairs, locale), [pairs, locale]);
}

/** `s` where French counts several: from two on. */
export const several = (count: number, ending = 's'): string =>
  Math.abs(count) >= 2 ? ending : '';

/** `s` where English counts several: all but one. */
export const plural = (count: number, ending = 's'): string => (count === 1 ? '' : ending);
