import type { CodeProblem } from './code-editor.js';
import type { Problem } from './use-editing.js';

/** A problem of the file that is open, with where its word lies in the text. */
export interface PlacedProblem extends CodeProblem {
  readonly line: number;
  readonly code: string;
  readonly hint: string;
}

const WORD = /^(?:"[^"\n]*"|'[^'\n]*'|[^\s,\]}#]+)/;

/** Problems of a file in its text; of other files, how many. */
export function problemsIn(
  path: string,
  text: string,
  found: { readonly problems: readonly Problem[]; readonly locale: 'fr' | 'en' },
): { readonly here: readonly PlacedProblem[]; readonly elsewhere: number } {
  const { problems, locale } = found;
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const here = problems.flatMap((problem): PlacedProblem[] => {
    const { place, code, severity, message, hint } = problem;
    if (place === undefined || place.file !== path) return [];
    const start = starts[Math.min(place.line, starts.length) - 1] ?? 0;
    const from = Math.min(start + place.column - 1, text.length);
    const word = WORD.exec(text.slice(from))?.[0] ?? '';
    return [
      {
        from,
        to: Math.min(from + Math.max(word.length, 1), text.length),
        severity,
        line: place.line,
        code,
        message: message[locale] ?? '',
        hint: hint?.[locale] ?? '',
      },
    ];
  });
  return { here, elsewhere: problems.length - here.length };
}
