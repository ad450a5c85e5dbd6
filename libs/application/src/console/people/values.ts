import type { Json, Locale } from '#libs/kernel';
import { formatNumber } from '#libs/decision';
import type { Explanation } from '#libs/expression';
import type { Provenance } from '#libs/profile';
import { conditionOrMention } from '../words/conditions.js';
import { dayText, say, type Bilingual } from '../words/text.js';
import type { WorkspaceWords } from '../words/workspace-words.js';

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

/** An explanation condition by condition: `Pays = FR : oui`, one a line. */
export function explanationLines(
  explanation: Explanation,
  words: WorkspaceWords,
): readonly string[] {
  const { locale } = words;
  const lines: string[] = [];
  const walk = (part: Explanation, depth: number): void => {
    if (lines.length >= MOST_LINES) return;
    const indent = '  '.repeat(depth);
    if (part.kind === 'condition') {
      const mark = part.held ? say(locale, 'oui', 'yes') : say(locale, 'non', 'no');
      const unknown =
        part.error === undefined ? '' : say(locale, ' (donnée absente)', ' (data is missing)');
      const condition = conditionOrMention(part.source, locale, words);
      lines.push(`${indent}${condition}${locale === 'fr' ? ' :' : ':'} ${mark}${unknown}`);
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
