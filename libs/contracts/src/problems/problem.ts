import type { LocalText, Place, Problem } from '#libs/kernel';
import { CATALOGUE, type ProblemCode } from './catalogue.js';
import type { CatalogueEntry } from './entry.js';

/** What fills a text: the same in each language, or one each. */
export type ProblemParams = Readonly<Record<string, string | number | LocalText>>;

/** Longest text a parameter may put into a message. */
const MAX_PARAM_LENGTH = 200;

/** A problem of the catalogue, at a place, its texts filled in. */
export function problemOf(code: ProblemCode, place: Place, params: ProblemParams = {}): Problem {
  const entry: CatalogueEntry = CATALOGUE[code];
  const hint = filled(entry.hint, params);
  const hasHint = Object.values(hint).some((text) => text.trim() !== '');
  return {
    code,
    severity: entry.severity,
    message: filled(entry.message, params),
    ...(hasHint ? { hint } : {}),
    place,
  };
}

/** Puts parameters into `{name}`; `{{...}}` stays as it is, for texts that show a template. */
function filled(text: LocalText, params: ProblemParams): LocalText {
  const result: Record<string, string> = {};
  for (const [locale, pattern] of Object.entries(text)) {
    result[locale] = pattern.replace(/\{\{[^}]*\}\}|\{(\w+)\}/g, (whole, name?: string) => {
      if (name === undefined) return whole;
      const value = params[name];
      if (value === undefined) return '';
      if (typeof value !== 'object') return shortened(String(value));
      return shortened(value[locale] ?? value['en'] ?? '');
    });
  }
  return result;
}

function shortened(text: string): string {
  return text.length <= MAX_PARAM_LENGTH ? text : `${text.slice(0, MAX_PARAM_LENGTH - 1)}…`;
}
