import type { Locale } from '#libs/kernel';
import type { Failure, Happening, SuiteReport, TestReport } from '#libs/runtime-simulated';
import type { Run } from './command.js';
import { deedText, deedTexts, instantText, wantedText } from './happening-text.js';

interface Printing {
  readonly run: Run;
  readonly folder: string;
  /** Of the workspace: instants are told in it. */
  readonly timezone: string;
}

const WORDS = {
  fr: {
    single: 'le scénario',
    none: 'Aucun test : écrivez un fichier <scénario>.test.yaml.',
    coverage: 'Branches parcourues',
    untaken: 'non parcourue',
    of: 'sur',
    sum: (passed: number, failed: number) =>
      `${passed} réussi${passed < 2 ? '' : 's'}, ${failed} en échec`,
    legend: '      - attendu, + trouvé :',
  },
  en: {
    single: 'the scenario',
    none: 'No tests: write a file <scenario>.test.yaml.',
    coverage: 'Branches taken',
    untaken: 'not taken',
    of: 'of',
    sum: (passed: number, failed: number) => `${passed} passed, ${failed} failed`,
    legend: '      - expected, + found:',
  },
} as const;

/** Each case, failures as a difference against the timeline, then the coverage. */
export function printSuite(suite: SuiteReport, printing: Printing): void {
  const { terminal, locale } = printing.run;
  const words = WORDS[locale];
  const { reports, coverage } = suite;
  if (reports.length === 0) terminal.say(words.none);
  let file = '';
  for (const report of reports) {
    const { place, name } = report.test;
    if (place.file !== file) terminal.print(place.file);
    file = place.file;
    const isPassed = report.failures.length === 0;
    terminal.print(`  ${isPassed ? '✓' : '✗'} ${name ?? words.single}`);
    for (const failure of report.failures) printFailure(report, failure, printing);
  }
  terminal.print(words.coverage);
  for (const { scenario, branches, untaken } of coverage) {
    const taken = branches.length - untaken.length;
    const percent = branches.length === 0 ? 100 : Math.floor((taken * 100) / branches.length);
    terminal.print(`  ${scenario}: ${taken} ${words.of} ${branches.length} (${percent}%)`);
    for (const branch of untaken) terminal.print(`    ${words.untaken}: ${branch}`);
  }
  const failed = reports.filter(({ failures }) => failures.length > 0).length;
  terminal.print(words.sum(reports.length - failed, failed));
}

interface Line {
  readonly atMs: number;
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** What was expected stands at its time among what happened. */
function printFailure(report: TestReport, failure: Failure, printing: Printing): void {
  const { run, folder, timezone } = printing;
  const { terminal, locale } = run;
  const { file, line, column } = failure.place;
  terminal.print(`      ${folder}/${file}:${line}:${column}`);
  terminal.print(WORDS[locale].legend);
  for (const { atMs, sign, text } of linesOf(report, failure, { locale, timezone })) {
    terminal.print(`      ${sign} ${instantText(atMs, timezone, locale)}  ${text}`);
  }
}

function linesOf(
  { trace }: TestReport,
  failure: Failure,
  words: { readonly locale: Locale; readonly timezone: string },
): readonly Line[] {
  const found = new Set<Happening>(failure.found);
  const lines: Line[] = deedTexts(trace, words)
    .filter(({ happening }) => happening.atMs <= failure.atMs)
    .map(({ happening, text }) => ({
      atMs: happening.atMs,
      sign: found.has(happening) ? '+' : ' ',
      text,
    }));
  for (const { stepId, untilMs } of failure.standing) {
    const isAsked = failure.expected.some(({ kind }) => kind === 'waiting');
    const text = deedText({ kind: 'waiting', stepId, untilMs }, words);
    lines.push({ atMs: failure.atMs, sign: isAsked ? '+' : ' ', text });
  }
  for (const wanted of failure.expected) {
    const { atMs } = wanted.fields;
    const at = typeof atMs === 'number' ? atMs : failure.atMs;
    const before = lines.findIndex((one) => one.atMs > at || (one.atMs === at && one.sign === '+'));
    const line: Line = { atMs: at, sign: '-', text: wantedText(wanted, words) };
    lines.splice(before === -1 ? lines.length : before, 0, line);
  }
  return lines;
}

/** The suite for programs. */
export function suiteDocument({ reports, coverage }: SuiteReport) {
  const tests = reports.map(({ test, failures, trace }) => ({
    scenario: test.scenario,
    name: test.name,
    place: test.place,
    isPassed: failures.length === 0,
    failures,
    trace,
  }));
  return { isPassed: tests.every(({ isPassed }) => isPassed), tests, coverage };
}
