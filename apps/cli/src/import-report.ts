import type { ImportSummary } from '#libs/application';
import { localised, type Locale, type LocalText } from '#libs/kernel';
import { EXIT, type ExitCode } from './cli-error.js';
import type { Run } from './command.js';
import { printProblems } from './problems.js';

const SHOWN_REFUSALS = 20;

const WORDS = {
  rows: { fr: 'lignes lues', en: 'rows read' },
  kept: { fr: 'lignes importées', en: 'rows imported' },
  people: { fr: 'personnes', en: 'people' },
  leftOut: { fr: 'laissées de côté', en: 'left out' },
  refused: { fr: 'lignes refusées', en: 'rows refused' },
  withRefused: { fr: 'refusées avec elles', en: 'refused with them' },
  unfinished: { fr: 'groupe inachevé', en: 'group not complete' },
  line: { fr: 'ligne', en: 'line' },
} as const satisfies Record<string, LocalText>;

/** The figures of an import, a row each. */
function figures(summary: ImportSummary, locale: Locale): readonly (readonly string[])[] {
  const row = (name: keyof typeof WORDS, count: number): readonly string[] => [
    localised(WORDS[name], locale),
    String(count),
  ];
  const events = Object.entries(summary.events).map(([name, count]) => {
    const total = summary.totals[name];
    const money = total === undefined ? '' : ` (${total} ${summary.currency ?? ''})`.trimEnd();
    return [name, `${count}${money}`];
  });
  const leftOut = Object.entries(summary.leftOut).map(([reason, count]) => [
    `${localised(WORDS.leftOut, locale)}: ${reason}`,
    String(count),
  ]);
  return [
    row('rows', summary.rows),
    row('kept', summary.kept),
    row('people', summary.people),
    ...events,
    ...leftOut,
    row('refused', summary.refused),
    ...(summary.withRefused > 0 ? [row('withRefused', summary.withRefused)] : []),
    ...(summary.unfinished > 0 ? [row('unfinished', summary.unfinished)] : []),
  ];
}

function sayRefusals(summary: ImportSummary, { terminal, locale, options }: Run): void {
  const { refusals, refused } = summary;
  for (const { line, reason, detail } of refusals.slice(0, SHOWN_REFUSALS)) {
    terminal.say(`${WORDS.line[locale]} ${line}: ${reason} ${detail}`.trimEnd());
  }
  const more = refused - SHOWN_REFUSALS;
  if (typeof options['refused'] === 'string') {
    const file = options['refused'];
    terminal.say({ fr: `Toutes sont dans ${file}.`, en: `All of them are in ${file}.` });
  } else if (more > 0) {
    terminal.say({
      fr: `… et ${more} autres ; --again --refused FICHIER écrit chacune dans un fichier.`,
      en: `… and ${more} more; --again --refused FILE writes each to a file.`,
    });
  }
}

/**
 * Tells what an import came to. Refused rows are problems found, and so is a file that could not be
 * read to its end: what is sound was imported all the same.
 */
export function reportImport(job: string, summary: ImportSummary, run: Run): ExitCode {
  const { broken, ...counts } = summary;
  const problems = broken === null ? [] : [broken];
  run.terminal.table(figures(summary, run.locale));
  sayRefusals(summary, run);
  printProblems(problems, run);
  run.terminal.json({ job, isNew: true, ...counts, problems });
  return broken === null && counts.refused === 0 ? EXIT.done : EXIT.problems;
}
