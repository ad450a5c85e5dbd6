import { watch } from 'node:fs';
import { resolve } from 'node:path';
import type { SuiteReport } from '#libs/runtime-simulated';
import { EXIT, misuse, type ExitCode } from '../cli-error.js';
import { textOption, type Command, type Run } from '../command.js';
import { printProblems, problemCount } from '../problems.js';
import { settings } from '../settings.js';
import { printSuite, suiteDocument } from '../test-report.js';
import { readWorkspace } from '../workspace-folder.js';

// Editors write a file in several strokes.
const QUIET_MS = 200;

/** Runs the tests of a workspace; needs no engine. */
export const test: Command = {
  usage: '[FOLDER]',
  about: {
    fr: 'Rejoue les chronologies des fichiers *.test.yaml sur une horloge virtuelle, et dit quelles branches elles parcourent. N’envoie rien ; ne demande pas que Relance tourne.',
    en: 'Plays the timelines of the files *.test.yaml on a virtual clock, and says which branches they take. Sends nothing; Relance need not run.',
  },
  example: 'relance test scenarios --scenario abandoned-cart --watch',
  words: [0, 1],
  options: {
    scenario: {
      type: 'string',
      value: 'ID',
      meaning: { fr: 'ce scénario seulement', en: 'this scenario only' },
    },
    watch: {
      type: 'boolean',
      meaning: {
        fr: 'recommence quand un fichier change, jusqu’à Ctrl-C',
        en: 'runs again when a file changes, until Ctrl-C',
      },
    },
  },
  async run(run) {
    const folder = run.args[0] ?? settings().workspaceDir;
    if (run.options['watch'] !== true) return await runOnce(folder, run);
    if (run.isJson) {
      throw misuse(
        '--watch ne va pas avec --json : il donne un document par exécution.',
        '--watch does not go with --json: it gives a document each time.',
      );
    }
    return await runWatching(folder, run);
  },
};

/** Checks the folder, then runs its tests. */
async function runOnce(folder: string, run: Run): Promise<ExitCode> {
  const { terminal, locale } = run;
  const only = textOption(run, 'scenario') ?? null;
  const { files, problems: found } = await readWorkspace(folder);
  const { lintWorkspace } = await import('#libs/application');
  const { workspace, tests = [], problems } = lintWorkspace(files, found);
  printProblems(problems, run);
  const isSound = problems.every(({ severity }) => severity !== 'error');
  if (workspace === undefined || !isSound) {
    terminal.say(`${folder}: ${problemCount(problems, locale)}`);
    terminal.json({ folder, isPassed: false, problems });
    return EXIT.problems;
  }
  const known = workspace.definitions.map(({ scenario }) => scenario);
  if (only !== null && !known.includes(only)) {
    throw misuse(
      `Le scénario « ${only} » n’existe pas dans ${folder}.`,
      `There is no scenario "${only}" in ${folder}.`,
      { fr: `Il y a : ${known.join(', ')}.`, en: `There is: ${known.join(', ')}.` },
    );
  }
  const { runSuite } = await import('#libs/runtime-simulated');
  const { LuxonCalendar } = await import('#libs/adapter-calendar');
  const { normalisePhone } = await import('#libs/channel-sms');
  const world = { workspace, calendar: new LuxonCalendar(), normalisePhone };
  const suite = await runSuite(tests, world, only);
  printSuite(suite, { run, folder, timezone: workspace.relance.timezone });
  terminal.json({ folder, ...suiteDocument(suite), problems });
  return isPassed(suite) ? EXIT.done : EXIT.problems;
}

const isPassed = ({ reports }: SuiteReport): boolean =>
  reports.every(({ failures }) => failures.length === 0);

/** Again after each change, one run at a time, until the person ends it. */
async function runWatching(folder: string, run: Run): Promise<ExitCode> {
  const { terminal } = run;
  let exitCode = await runOnce(folder, run);
  const invite = () =>
    terminal.say({
      fr: 'J’attends un changement ; Ctrl-C pour finir.',
      en: 'Waiting for a change; Ctrl-C to end.',
    });
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    running = running.then(async () => {
      terminal.print('');
      try {
        exitCode = await runOnce(folder, run);
      } catch (error) {
        // A file that is being replaced may be away for a moment; the next change tells.
        terminal.say(error instanceof Error ? error.message : String(error));
        exitCode = EXIT.problems;
      }
      invite();
    });
  };
  const watcher = watch(resolve(folder), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(again, QUIET_MS);
  });
  invite();
  await new Promise<void>((end) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
  clearTimeout(timer);
  watcher.close();
  await running;
  return exitCode;
}
