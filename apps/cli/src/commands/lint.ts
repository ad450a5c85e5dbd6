import { EXIT } from '../cli-error.js';
import type { Command } from '../command.js';
import { printProblems, problemCount } from '../problems.js';
import { settings } from '../settings.js';
import { readWorkspace } from '../workspace-folder.js';

/** Checks a folder; needs no engine. */
export const lint: Command = {
  usage: '[FOLDER]',
  about: {
    fr: 'Vérifie tous les fichiers d’un espace de travail, ensemble. Ne demande pas que Relance tourne.',
    en: 'Checks every file of a workspace, together. Relance need not run.',
  },
  example: 'relance lint scenarios',
  words: [0, 1],
  async run({ args, terminal, locale }) {
    const folder = args[0] ?? settings().workspaceDir;
    const read = await readWorkspace(folder);
    const { lintWhole } = await import('#libs/application');
    const { ruleProblem } = await import('#libs/adapter-calendar');
    const { emailTemplateProblems } = await import('#libs/channel-email');
    const { workspace, problems } = await lintWhole(
      read.files,
      emailTemplateProblems,
      read.problems,
      ruleProblem,
    );
    printProblems(problems, { terminal, locale });
    terminal.say(`${folder}: ${problemCount(problems, locale)}`);
    terminal.json({ folder, isPublishable: workspace !== undefined, problems });
    // A test that is wrong keeps nothing from being published, and is a problem all the same.
    const isSound = problems.every(({ severity }) => severity !== 'error');
    return isSound ? EXIT.done : EXIT.problems;
  },
};
