import { EXIT, misuse } from '../cli-error.js';
import { textOption, type Command, type Run } from '../command.js';
import { EngineClient } from '../engine-client.js';
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

/** Messages that could not be applied. */
export const deadLetters: Command = {
  usage: 'list | replay [ID...] | dismiss [ID...]',
  about: {
    fr: 'Montre ce qui n’a pas pu être appliqué, le rejoue une fois la cause corrigée, ou le classe.',
    en: 'Shows what could not be applied, replays it once the cause is mended, or dismisses it.',
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
    limit: { type: 'string', value: 'N', meaning: { fr: 'combien (50)', en: 'how many (50)' } },
  },
  async run(run) {
    const { args, terminal, locale } = run;
    const [what, ...ids] = args;
    if (what === 'replay' || what === 'dismiss') return await close(run, what, ids);
    if (what !== 'list' || ids.length > 0) {
      throw misuse(
        'Il faut écrire : relance dead-letters list, replay ou dismiss.',
        'It is written: relance dead-letters list, replay or dismiss.',
      );
    }
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
