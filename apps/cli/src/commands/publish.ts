import type { ApiResponse } from '#libs/contracts';
import type { Problem } from '#libs/kernel';
import { EXIT, type ExitCode } from '../cli-error.js';
import type { Command, Run } from '../command.js';
import { EngineClient, EngineRefusal } from '../engine-client.js';
import { printProblems, problemCount } from '../problems.js';
import { settings } from '../settings.js';
import { readWorkspace } from '../workspace-folder.js';

async function filesOf(run: Run) {
  const config = settings();
  const engine = EngineClient.open(config, run.locale);
  const { files, problems } = await readWorkspace(run.args[0] ?? config.workspaceDir);
  return { engine, files: Object.fromEntries(files), problems };
}

/** What a plan or a publishing says, what changes in each scenario and for whom below it. */
export function printChanges(
  changes: ApiResponse<'planWorkspace'>['changes'],
  { terminal }: Pick<Run, 'terminal'>,
): void {
  for (const { sentence, scenario } of changes) {
    terminal.print(sentence);
    const lines = [...(scenario?.differences ?? []), ...(scenario?.inFlight ?? [])];
    for (const line of lines) terminal.print(`  ${line.sentence}`);
  }
}

/** The engine refused what was to be published: its problems, and that nothing was. */
export function tellRefusal(error: unknown, run: Run): ExitCode {
  if (!(error instanceof EngineRefusal) || error.document.problems === undefined) throw error;
  const { terminal, locale } = run;
  const { problems } = error.document;
  printProblems(problems, run);
  terminal.say(`${error.document.detail} ${problemCount(problems, locale)}.`);
  terminal.json({ error: { code: error.code, message: error.document.detail }, problems });
  return EXIT.problems;
}

/** Nothing is sent of a folder that was not read whole: what is missing would count as removed. */
function refuseUnread(problems: readonly Problem[], run: Run): ExitCode {
  printProblems(problems, run);
  run.terminal.say(problemCount(problems, run.locale));
  run.terminal.json({ isPublishable: false, problems });
  return EXIT.problems;
}

/** What publishing would change, and for how many people. */
export const plan: Command = {
  usage: '[FOLDER]',
  about: {
    fr: 'Dit ce que publier changerait et combien de personnes sont concernées. Ne change rien.',
    en: 'Says what publishing would change, and how many people it touches. Changes nothing.',
  },
  example: 'relance plan scenarios',
  words: [0, 1],
  async run(run) {
    const { terminal, locale } = run;
    const { engine, files, problems } = await filesOf(run);
    if (problems.length > 0) return refuseUnread(problems, run);
    const result = await engine.call('planWorkspace', { body: { files } });
    printProblems(result.problems, run);
    printChanges(result.changes, run);
    if (result.isPublishable && result.changes.length === 0) {
      terminal.say({ fr: 'Rien ne changerait.', en: 'Nothing would change.' });
    }
    if (result.problems.length > 0) terminal.say(problemCount(result.problems, locale));
    terminal.json(result);
    return result.isPublishable ? EXIT.done : EXIT.problems;
  },
};

/** Publishes, all or nothing. */
export const apply: Command = {
  usage: '[FOLDER]',
  about: {
    fr: 'Publie un espace de travail, tout ou rien. Avec une erreur, ce qui est en vigueur reste.',
    en: 'Publishes a workspace, all or nothing. With an error, what is in force stays.',
  },
  example: 'relance apply scenarios',
  words: [0, 1],
  async run(run) {
    const { terminal } = run;
    const { engine, files, problems: unread } = await filesOf(run);
    if (unread.length > 0) return refuseUnread(unread, run);
    try {
      const result = await engine.call('applyWorkspace', { body: { files } });
      printProblems(result.problems, run);
      printChanges(result.changes, run);
      terminal.say(
        result.isNew
          ? { fr: `Version ${result.version} publiée.`, en: `Version ${result.version} published.` }
          : {
              fr: 'Déjà en vigueur ; les personnes importées depuis peuvent entrer.',
              en: 'In force already; people imported since may enter.',
            },
      );
      terminal.json(result);
      return EXIT.done;
    } catch (error) {
      return tellRefusal(error, run);
    }
  },
};
