import { loadSecrets } from '#libs/config';
import { endpointSecret } from '#libs/channel-webhook';
import { EXIT, misuse } from '../cli-error.js';
import type { Command } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

const day = (atMs: number | null): string =>
  atMs === null ? '-' : new Date(atMs).toISOString().slice(0, 10);

/** Keys of programs. */
export const keys: Command = {
  usage: 'create NAME | list | revoke ID | webhook ENDPOINT',
  about: {
    fr: 'Gère les clés des programmes. Une clé n’est montrée qu’une fois, à sa création. « webhook » donne le secret avec lequel une adresse vérifie nos appels.',
    en: 'Manages the keys of programs. A key is shown once, when it is made. "webhook" prints the secret with which an endpoint checks our calls.',
  },
  example: 'relance keys create "nightly export"',
  words: [1, 2],
  async run({ args, terminal, locale }) {
    const [what = '', name] = args;
    const isComplete = what === 'list' ? name === undefined : name !== undefined;
    if (!['create', 'list', 'revoke', 'webhook'].includes(what) || !isComplete) {
      throw misuse(
        'Il faut écrire : relance keys create NOM, list, revoke ID, ou webhook ADRESSE.',
        'It is written: relance keys create NAME, list, revoke ID, or webhook ENDPOINT.',
      );
    }
    if (what === 'webhook') {
      // Never over HTTP: whoever may read the home may sign in its name already.
      const secret = endpointSecret(loadSecrets(settings().homeDir).webhookSecret, name ?? '');
      terminal.print(secret);
      terminal.json({ endpoint: name, secret });
      return EXIT.done;
    }
    const engine = EngineClient.open(settings(), locale);
    if (what === 'list') {
      const found = await engine.call('keys');
      terminal.table(
        found.items.map((key) => [
          key.id,
          `${key.prefix}…`,
          key.name,
          day(key.createdAtMs),
          key.revokedAtMs === null ? '' : locale === 'fr' ? 'révoquée' : 'revoked',
        ]),
      );
      terminal.json(found);
      return EXIT.done;
    }
    if (what === 'create') {
      const made = await engine.call('createKey', { body: { name: name ?? '' } });
      terminal.say({
        fr: 'Gardez cette clé : elle ne sera plus montrée.',
        en: 'Keep this key: it will not be shown again.',
      });
      terminal.print(made.secret);
      terminal.json(made);
      return EXIT.done;
    }
    const done = await engine.call('revokeKey', { params: { id: name ?? '' } });
    terminal.say({ fr: 'Clé révoquée.', en: 'Key revoked.' });
    terminal.json(done);
    return EXIT.done;
  },
};
