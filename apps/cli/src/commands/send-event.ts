import { EXIT, misuse } from '../cli-error.js';
import { listOption, textOption, type Command } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

/** `name=value` pairs; a value that reads as JSON is taken as such, else as text. */
function pairs(words: readonly string[], option: string): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) {
      throw misuse(
        `--${option} s’écrit nom=valeur, pas « ${word} ».`,
        `--${option} is written name=value, not "${word}".`,
      );
    }
    read[word.slice(0, at)] = valueOf(word.slice(at + 1));
  }
  return read;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Sends an event through the same door as every other. */
export const sendEvent: Command = {
  usage: 'NAME --id namespace=value [--property name=value]... [--at TIME]',
  about: {
    fr: 'Envoie un évènement, par la même porte que tous les autres : il peut faire entrer ou avancer quelqu’un.',
    en: 'Sends an event, through the same door as every other: it may enter somebody, or move them on.',
  },
  example: 'relance send-event signed_up --id user_id=u1 --property plan=pro',
  words: [1, 1],
  options: {
    id: {
      type: 'string',
      multiple: true,
      value: 'NS=VALUE',
      meaning: { fr: 'identifiant de la personne', en: 'id of the person' },
    },
    property: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      meaning: { fr: 'propriété ; JSON ou texte', en: 'property; JSON or text' },
    },
    trait: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      meaning: { fr: 'trait de la personne', en: 'trait of the person' },
    },
    at: {
      type: 'string',
      value: 'TIME',
      meaning: { fr: 'date ISO 8601 ; maintenant sans elle', en: 'ISO 8601; now without it' },
    },
    'message-id': {
      type: 'string',
      value: 'ID',
      meaning: { fr: 'le même compte une fois', en: 'the same counts once' },
    },
  },
  async run(run) {
    const { args, terminal, locale } = run;
    const ids = Object.fromEntries(
      Object.entries(pairs(listOption(run, 'id'), 'id')).map(([ns, value]) => [ns, String(value)]),
    );
    if (Object.keys(ids).length === 0) {
      throw misuse(
        'Il faut --id, par exemple --id user_id=u1.',
        'It takes --id, as in --id user_id=u1.',
      );
    }
    const at = textOption(run, 'at');
    const atMs = at === undefined ? undefined : Date.parse(at);
    if (atMs !== undefined && Number.isNaN(atMs)) {
      throw misuse(
        `--at n’est pas une date ISO 8601 : « ${at ?? ''} ».`,
        `--at is not an ISO 8601 date: "${at ?? ''}".`,
      );
    }
    const traits = pairs(listOption(run, 'trait'), 'trait');
    const messageId = textOption(run, 'message-id');
    const sent = await EngineClient.open(settings(), locale).call('sendEvent', {
      body: {
        name: args[0] ?? '',
        ids,
        properties: pairs(listOption(run, 'property'), 'property'),
        ...(Object.keys(traits).length === 0 ? {} : { traits }),
        ...(atMs === undefined ? {} : { atMs }),
        ...(messageId === undefined ? {} : { messageId }),
      },
    });
    terminal.say({ fr: 'Évènement reçu, sur le disque.', en: 'Event received, on disk.' });
    terminal.print(sent.messageId);
    terminal.json(sent);
    return EXIT.done;
  },
};
