import { localised, type Locale, type LocalText } from '#libs/kernel';
import type { Terminal } from './terminal.js';

/** A problem as a linter and the engine tell it. */
export interface TellableProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: LocalText;
  readonly hint?: LocalText | undefined;
  readonly place?:
    { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

const WORDS = {
  error: { fr: 'erreur', en: 'error' },
  warning: { fr: 'attention', en: 'warning' },
} as const;

/** `file:line:column error RLN-1203 sentence`, and what to do below it: editors find the place. */
export function printProblems(
  problems: readonly TellableProblem[],
  to: { readonly terminal: Terminal; readonly locale: Locale },
): void {
  const { terminal, locale } = to;
  for (const { code, severity, message, hint, place } of problems) {
    const at = place === undefined ? '' : `${place.file}:${place.line}:${place.column} `;
    terminal.print(`${at}${WORDS[severity][locale]} ${code} ${localised(message, locale)}`);
    if (hint !== undefined) terminal.print(`    ${localised(hint, locale)}`);
  }
}

/** `2 errors, 1 warning`. */
export function problemCount(problems: readonly TellableProblem[], locale: Locale): string {
  const count = (severity: TellableProblem['severity']): number =>
    problems.filter((one) => one.severity === severity).length;
  const errors = count('error');
  const warnings = count('warning');
  const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  return locale === 'fr'
    ? `${errors} erreur${errors < 2 ? '' : 's'}, ${warnings} avertissement${warnings < 2 ? '' : 's'}`
    : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
}
