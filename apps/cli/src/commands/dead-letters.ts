import { readFile } from 'node:fs/promises';
import { readDocument } from '#libs/contracts';
import { ok, type Problem, type Result } from '#libs/kernel';
import { EXIT, misuse, problem } from '../cli-error.js';
import { textOption, type Command, type Run } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { printProblems } from '../problems.js';
import { checkFile } from '../row-source.js';
import { settings } from '../settings.js';

const VERBS = { replay: 'replayDeadLetters', dismiss: 'dismissDeadLetters' } as const;

/** Ids, or every open letter of a cause; nothing at all must be said in so many words. */
function wishOf(run: Run, ids: readonly string[]) {
  const code = textOption(run, 'code');
  const source = textOption(run, 'source');
  const hasFilter = code !== undefined || source !== undefined || run.options['all'] === true;
  if (ids.length > 0 === hasFilter) {
    throw misuse(
      'Donnez des identifiants, ou --code, --source ou --all, pas les deux.',
      'Give ids, or --code, --source or --all, not both.',
    );
  }
  if (ids.length > 0) return { ids: [...ids] };
  return {
    filter: {
      ...(code === undefined ? {} : { code }),
      ...(source === undefined ? {} : { source }),
    },
  };
}

async function close(run: Run, verb: keyof typeof VERBS, ids: readonly string[]) {
  const { terminal, locale } = run;
  const body = wishOf(run, ids);
  const engine = EngineClient.open(settings(), locale);
  let count = 0;
  // The engine takes a bounded number at a time; one that fails again is not taken twice in a run.
  for (;;) {
    const done = await engine.call(VERBS[verb], { body });
    count += done.count;
    if (done.left === 0 || done.count === 0) break;
    terminal.say({
      fr: `${count} faites, ${done.left} à faire…`,
      en: `${count} done, ${done.left} to do…`,
    });
  }
  terminal.say({ fr: `${count} lettres traitées.`, en: `${count} letters dealt with.` });
  terminal.json({ count });
  return EXIT.done;
}

/** The message that takes a letter's place, JSON or YAML; null where it has problems, now printed. */
async function readMessage(path: string, run: Run): Promise<Record<string, unknown> | null> {
  checkFile(path);
  const read = readValue(path, await readFile(path, 'utf8'));
  if (!read.ok) {
    printProblems(read.error, run);
    run.terminal.json({ problems: read.error });
    return null;
  }
  const { value } = read;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw problem(
    `${path} : un message est un objet JSON.`,
    `${path}: a message is one JSON object.`,
    {
      fr: 'Partez de « relance dead-letters list --id ID ».',
      en: 'Start from "relance dead-letters list --id ID".',
    },
  );
}

function readValue(path: string, text: string): Result<unknown, readonly Problem[]> {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    // The reader of workspaces says where, with a code; and it reads YAML too.
    const read = readDocument(path, text);
    return read.ok ? ok(read.value.value) : read;
  }
}

async function correct(run: Run, ids: readonly string[], file: string) {
  const { terminal, locale } = run;
  const [id] = ids;
  const hasFilter = ['code', 'source', 'all'].some((name) => run.options[name] !== undefined);
  if (id === undefined || ids.length > 1 || hasFilter) {
    throw misuse(
      'Avec --with, donnez un seul identifiant.',
      'With --with, give one id and no more.',
    );
  }
  const message = await readMessage(file, run);
  if (message === null) return EXIT.problems;
  const body = { id, message };
  const { count } = await EngineClient.open(settings(), locale).call('replayDeadLetters', { body });
  if (count === 0) {
    terminal.say({
      fr: 'Rien à faire : cette lettre n’est pas ouverte.',
      en: 'Nothing to do: this letter is not open.',
    });
  } else {
    terminal.say({
      fr: 'Lettre rejouée, corrigée ; l’original est gardé.',
      en: 'Letter replayed as corrected; the original is kept.',
    });
  }
  terminal.json({ count });
  return EXIT.done;
}

/** One letter: its message whole, to be corrected, on stdout; what is wrong with it on stderr. */
async function showOne(run: Run, id: string) {
  const { terminal, locale } = run;
  const found = await EngineClient.open(settings(), locale).call('deadLetters', { query: { id } });
  const [letter] = found.items;
  if (letter === undefined) {
    throw problem('Cette lettre n’existe pas.', 'There is no such letter.');
  }
  terminal.say(`${letter.reason} (${letter.code}) ${letter.detail}`);
  terminal.print(JSON.stringify(JSON.parse(letter.raw), null, 2));
  terminal.json(letter);
  return EXIT.done;
}

/** Messages that could not be applied. */
export const deadLetters: Command = {
  usage: 'list [--id ID] | replay [ID...] [--with FILE] | dismiss [ID...]',
  about: {
    fr: 'Montre ce qui n’a pas pu être appliqué, le rejoue une fois la cause ou le message corrigé, ou le classe.',
    en: 'Shows what could not be applied, replays it once its cause or itself is mended, or dismisses it.',
  },
  example: 'relance dead-letters replay --code malformed',
  words: [1, 1_001],
  options: {
    state: {
      type: 'string',
      value: 'STATE',
      meaning: { fr: 'open, replayed ou dismissed', en: 'open, replayed or dismissed' },
    },
    code: { type: 'string', value: 'CODE', meaning: { fr: 'cette cause', en: 'this cause' } },
    source: { type: 'string', value: 'ID', meaning: { fr: 'cette source', en: 'this source' } },
    all: { type: 'boolean', meaning: { fr: 'toutes celles ouvertes', en: 'all that are open' } },
    id: {
      type: 'string',
      value: 'ID',
      meaning: { fr: 'une seule, avec son message entier', en: 'one, with its whole message' },
    },
    with: {
      type: 'string',
      value: 'FILE',
      meaning: {
        fr: 'rejoue ce message corrigé à la place',
        en: 'replay this corrected message in its place',
      },
    },
    limit: { type: 'string', value: 'N', meaning: { fr: 'combien (50)', en: 'how many (50)' } },
  },
  async run(run) {
    const { args, terminal, locale } = run;
    const [what, ...ids] = args;
    const file = textOption(run, 'with');
    if (what === 'replay' && file !== undefined) return await correct(run, ids, file);
    const isClosing = what === 'replay' || what === 'dismiss';
    if (isClosing && file === undefined) return await close(run, what, ids);
    if (what !== 'list' || ids.length > 0 || file !== undefined) {
      throw misuse(
        'Il faut écrire : relance dead-letters list, replay ou dismiss.',
        'It is written: relance dead-letters list, replay or dismiss.',
      );
    }
    const id = textOption(run, 'id');
    if (id !== undefined) return await showOne(run, id);
    const found = await EngineClient.open(settings(), locale).call('deadLetters', {
      query: {
        state: textOption(run, 'state') as 'open' | undefined,
        code: textOption(run, 'code'),
        source: textOption(run, 'source'),
        limit: textOption(run, 'limit'),
      },
    });
    terminal.table(
      found.items.map((one) => [one.id, one.source, one.code, `${one.reason} ${one.detail}`]),
    );
    for (const { count, reason, source } of found.causes) {
      terminal.say(`${count} × ${reason} (${source})`);
    }
    if (found.items.length === 0) terminal.say({ fr: 'Aucune.', en: 'None.' });
    terminal.json(found);
    return EXIT.done;
  },
};
