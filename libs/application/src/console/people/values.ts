import type { Json, Locale } from '#libs/kernel';
import { formatNumber } from '#libs/decision';
import type { Explanation } from '#libs/expression';
import type { Provenance } from '#libs/profile';
import { dayText, say, type Bilingual } from '../words/text.js';

const TRAITS: Readonly<Record<string, Bilingual>> = {
  firstName: { fr: 'Prénom', en: 'First name' },
  lastName: { fr: 'Nom', en: 'Last name' },
  name: { fr: 'Nom', en: 'Name' },
  email: { fr: 'Courriel', en: 'E-mail' },
  mobile: { fr: 'Mobile', en: 'Mobile' },
  phone: { fr: 'Téléphone', en: 'Phone' },
  country: { fr: 'Pays', en: 'Country' },
  timezone: { fr: 'Fuseau horaire', en: 'Time zone' },
  locale: { fr: 'Langue', en: 'Language' },
  birthday: { fr: 'Anniversaire', en: 'Birthday' },
  churnScore: { fr: 'Risque de départ', en: 'Churn risk' },
  address: { fr: 'Adresse', en: 'Address' },
  company: { fr: 'Société', en: 'Company' },
  loyalty: { fr: 'Fidélité', en: 'Loyalty' },
};

/** A trait's or aggregate's name for people: `orders_365d` becomes `orders 365 d`. */
export function labelOf(name: string, locale: Locale): string {
  const known = TRAITS[name]?.[locale];
  if (known !== undefined) return known;
  const spaced = name
    .replace(/([\p{Ll}])(\p{Lu})/gu, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return spaced.slice(0, 1).toUpperCase() + spaced.slice(1);
}

/** A value for people. */
export function valueText(value: Json, locale: Locale): string {
  if (value === null) return '';
  if (typeof value === 'string') {
    return /^\d{4}-\d{2}-\d{2}$/.test(value) ? dayWithYear(value, locale) : value;
  }
  if (typeof value === 'boolean')
    return value ? say(locale, 'oui', 'yes') : say(locale, 'non', 'no');
  if (typeof value === 'number') return numberText(value, locale);
  if (Array.isArray(value)) return value.map((one: Json) => valueText(one, locale)).join(', ');
  return Object.values(value)
    .map((one: Json) => valueText(one, locale))
    .filter((text) => text !== '')
    .join(', ');
}

function dayWithYear(isoDay: string, locale: Locale): string {
  const [year = ''] = isoDay.split('-');
  return locale === 'fr'
    ? `${dayText(isoDay, locale)}/${year}`
    : `${dayText(isoDay, locale)} ${year}`;
}

function numberText(value: number, locale: Locale): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : 2, locale);
}

const RULES: Readonly<Record<Provenance['rule'], Bilingual>> = {
  only: { fr: 'seule source à le dire', en: 'the only source that says so' },
  verified: { fr: 'valeur vérifiée', en: 'a verified value' },
  rank: { fr: 'source maîtresse de ce trait', en: 'the master of this trait' },
  recency: { fr: 'la plus récente', en: 'the latest' },
  tie: { fr: 'départagée à égalité', en: 'settled a tie' },
};

/** Why a value holds, in words. */
export function provenanceText(rule: Provenance['rule'], locale: Locale): string {
  return RULES[rule][locale];
}

const MOST_LINES = 20;

/** An explanation condition by condition: `✓ profile.country == "FR"`, one a line. */
export function explanationLines(explanation: Explanation, locale: Locale): readonly string[] {
  const lines: string[] = [];
  const walk = (part: Explanation, depth: number): void => {
    if (lines.length >= MOST_LINES) return;
    const indent = '  '.repeat(depth);
    if (part.kind === 'condition') {
      const mark = part.held ? say(locale, 'oui', 'yes') : say(locale, 'non', 'no');
      const unknown =
        part.error === undefined ? '' : say(locale, ' (donnée absente)', ' (data is missing)');
      lines.push(`${indent}${part.source} : ${mark}${unknown}`);
      return;
    }
    const kind =
      part.kind === 'all'
        ? say(locale, 'Tout ceci :', 'All of:')
        : say(locale, 'L’un de :', 'Any of:');
    lines.push(`${indent}${kind}`);
    for (const one of part.parts) walk(one, depth + 1);
  };
  walk(explanation, 0);
  return lines;
}
