import type { ApiResponse } from '#libs/contracts';
import { localised, type Locale, type LocalText } from '#libs/kernel';
import { CliError, EXIT, misuse } from '../cli-error.js';
import type { Command } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

type Removal = ApiResponse<'sampleRemoval'>;

const LOOK_EVERY_MS = 500;
const LONGEST_MS = 600_000;

const LINES: readonly (readonly [name: keyof Removal['removed'], words: LocalText])[] = [
  ['people', { fr: 'personnes', en: 'people' }],
  ['accounts', { fr: 'comptes clients', en: 'accounts' }],
  ['events', { fr: 'évènements', en: 'events' }],
  ['enrolments', { fr: 'parcours', en: 'enrolments' }],
  ['decisions', { fr: 'décisions', en: 'decisions' }],
  ['messages', { fr: 'envois', en: 'deliveries' }],
  ['mails', { fr: 'messages du bac à sable', en: 'messages of the sandbox' }],
  ['tasks', { fr: 'tâches', en: 'tasks' }],
  ['records', { fr: 'autres lignes', en: 'other rows' }],
];

/** What was removed, a line each. */
function removedTable(removed: Removal['removed'], locale: Locale): string[][] {
  return LINES.map(([name, words]) => [String(removed[name]), localised(words, locale)]);
}

/** The sample's people and all they did. */
export const sample: Command = {
  usage: 'remove',
  about: {
    fr: 'Retire l’exemple, pour de bon : ses personnes et tout ce qu’elles ont fait. Vos données et l’espace de travail restent.',
    en: 'Takes the sample away for good: its people and all they did. Your data and the workspace stay.',
  },
  example: 'relance sample remove',
  words: [1, 1],
  async run({ args, terminal, locale }) {
    if (args[0] !== 'remove') {
      throw misuse(
        'Il faut écrire : relance sample remove.',
        'It is written: relance sample remove.',
      );
    }
    const engine = EngineClient.open(settings(), locale);
    terminal.say({
      fr: 'Retrait de l’exemple : le moteur finit ce qu’il a en main…',
      en: 'Taking the sample away: the engine finishes what it has in hand…',
    });
    const done = await whenDone(engine, await engine.call('removeSample'));
    const { kept } = done.removed;
    terminal.table(removedTable(done.removed, locale));
    terminal.say({
      fr: 'L’exemple est retiré ; il ne reviendra pas au prochain démarrage.',
      en: 'The sample is gone; it does not come back at the next start.',
    });
    if (kept > 0) {
      terminal.say({
        fr: `${kept} de ses personnes sont gardées : vos évènements parlent d’elles aussi.`,
        en: `${kept} of its people are kept: events of yours tell of them too.`,
      });
    }
    terminal.json(done);
    return EXIT.done;
  },
};

async function whenDone(engine: EngineClient, first: Removal): Promise<Removal> {
  let found = first;
  for (let waitedMs = 0; found.state !== 'done'; waitedMs += LOOK_EVERY_MS) {
    if (waitedMs >= LONGEST_MS) {
      throw new CliError(
        EXIT.unreachable,
        { fr: 'Le retrait n’est pas fini.', en: 'The removal has not ended.' },
        {
          fr: 'Il continue dans le moteur ; relancez la commande pour voir où il en est.',
          en: 'It goes on in the engine; run the command again to see how far it is.',
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    found = await engine.call('sampleRemoval');
  }
  return found;
}
