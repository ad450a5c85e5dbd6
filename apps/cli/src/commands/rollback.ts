import type { ApiResponse } from '#libs/contracts';
import { EXIT, misuse, problem } from '../cli-error.js';
import { textOption, type Command, type Run } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { printProblems, problemCount } from '../problems.js';
import { settings } from '../settings.js';
import { printChanges, tellRefusal } from './publish.js';

type Publishing = ApiResponse<'publishings'>['items'][number];

/** How far back a hash or the content before is looked for. */
const MOST_VERSIONS = 500;
const HASH_SHOWN = 12;

/** The publishing meant: by number, by the beginning of its hash, or the last of other content. */
function meantBy(word: string | undefined, items: readonly Publishing[]): Publishing {
  const [current, ...older] = items;
  const found =
    word === undefined
      ? older.find(({ hash }) => hash !== current?.hash)
      : items.find(({ version, hash }) => String(version) === word || isStartOf(word, hash));
  if (found !== undefined) return found;
  throw word === undefined
    ? problem('Rien d’autre n’a été publié avant.', 'Nothing else was published before.')
    : problem(`Aucune publication « ${word} ».`, `There is no publishing "${word}".`, {
        fr: 'Voyez « relance versions ».',
        en: 'See "relance versions".',
      });
}

/** Six letters tell versions apart, and are no number of a publishing. */
const isStartOf = (word: string, hash: string): boolean =>
  word.length >= 6 && hash.startsWith(word);

/** Puts an earlier content in force again. */
export const rollback: Command = {
  usage: '[VERSION|HASH]',
  about: {
    fr: 'Publie à nouveau un contenu d’avant, comme une nouvelle publication ; dit d’abord ce que cela change. Sans numéro : le dernier contenu différent.',
    en: 'Publishes an earlier content again, as a new publishing; says first what that changes. Without a number: the last content that differs.',
  },
  example: 'relance rollback 12',
  words: [0, 1],
  options: {
    'dry-run': {
      type: 'boolean',
      meaning: { fr: 'dit ce qui changerait, sans publier', en: 'say what would change only' },
    },
  },
  async run(run) {
    const { terminal, locale, args, options } = run;
    const engine = EngineClient.open(settings(), locale);
    const { items } = await engine.call('publishings', { query: { limit: MOST_VERSIONS } });
    const { version, hash } = meantBy(args[0], items);
    const body = { version };
    terminal.say({
      fr: `Retour au contenu de la version ${version} (${hash.slice(0, HASH_SHOWN)}) :`,
      en: `Back to the content of version ${version} (${hash.slice(0, HASH_SHOWN)}):`,
    });
    const planned = await engine.call('planWorkspace', { body });
    printChanges(planned.changes, run);
    if (options['dry-run'] === true || !planned.isPublishable) {
      printProblems(planned.problems, run);
      if (planned.problems.length > 0) terminal.say(problemCount(planned.problems, locale));
      terminal.json(planned);
      return planned.isPublishable ? EXIT.done : EXIT.problems;
    }
    try {
      const result = await engine.call('applyWorkspace', { body });
      printProblems(result.problems, run);
      terminal.say(
        result.isNew
          ? { fr: `Version ${result.version} publiée.`, en: `Version ${result.version} published.` }
          : { fr: 'Déjà en vigueur.', en: 'In force already.' },
      );
      terminal.json(result);
      return EXIT.done;
    } catch (error) {
      return tellRefusal(error, run);
    }
  },
};

function limitOf(run: Run): number | undefined {
  const text = textOption(run, 'limit');
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= MOST_VERSIONS) return limit;
  throw misuse(
    `--limit est un nombre de 1 à ${MOST_VERSIONS}.`,
    `--limit is a number from 1 to ${MOST_VERSIONS}.`,
  );
}

/** Every publishing: who, when, and the content before and after. */
export const versions: Command = {
  usage: '',
  about: {
    fr: 'Dit ce qui a été publié, par qui et quand, et où en est le déplacement des personnes en cours.',
    en: 'Says what was published, by whom and when, and how far people in flight were moved.',
  },
  example: 'relance versions --limit 5',
  words: [0, 0],
  options: {
    limit: { type: 'string', value: 'N', meaning: { fr: 'combien (20)', en: 'how many (20)' } },
  },
  async run(run) {
    const { terminal, locale } = run;
    const limit = limitOf(run);
    const query = limit === undefined ? {} : { limit };
    const found = await EngineClient.open(settings(), locale).call('publishings', { query });
    const isFrench = locale === 'fr';
    terminal.table(
      found.items.map((one) => [
        String(one.version),
        new Date(one.appliedAtMs).toISOString(),
        one.author,
        `${one.hashBefore?.slice(0, HASH_SHOWN) ?? '—'} → ${one.hash.slice(0, HASH_SHOWN)}`,
        one.isInForce ? (isFrench ? 'en vigueur' : 'in force') : '',
        one.takesBackTo === null
          ? ''
          : `${isFrench ? 'retour à la version' : 'back to version'} ${one.takesBackTo}`,
      ]),
    );
    for (const { sentence, refused } of found.migrations) {
      terminal.print(sentence);
      for (const one of refused) terminal.print(`  ${one.sentence}`);
    }
    if (found.items.length === 0) {
      terminal.say({ fr: 'Rien n’est encore publié.', en: 'Nothing is published yet.' });
    }
    terminal.json(found);
    return EXIT.done;
  },
};
