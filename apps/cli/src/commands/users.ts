import { PERSON_ROLES } from '#libs/contracts';
import { EXIT, misuse } from '../cli-error.js';
import { textOption, type Command } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

type PersonRole = (typeof PERSON_ROLES)[number];

/** Users of the console. */
export const users: Command = {
  usage: `add EMAIL --role ${PERSON_ROLES.join('|')} [--name NAME] | list`,
  about: {
    fr: 'Gère les comptes de la console. Le mot de passe et le lien ne sont montrés qu’une fois.',
    en: 'Manages the users of the console. The password and the link are shown once.',
  },
  example: 'relance users add ana@example.com --role marketer',
  words: [1, 2],
  options: {
    role: {
      type: 'string',
      value: 'ROLE',
      meaning: { fr: PERSON_ROLES.join(', '), en: PERSON_ROLES.join(', ') },
    },
    name: { type: 'string', value: 'NAME', meaning: { fr: 'nom affiché', en: 'name shown' } },
  },
  async run(run) {
    const { args, terminal, locale } = run;
    const [what, email] = args;
    const role = textOption(run, 'role') as PersonRole | undefined;
    if (what === 'list' && email === undefined) {
      const found = await EngineClient.open(settings(), locale).call('users');
      terminal.table(found.items.map((user) => [user.email, user.role, user.name]));
      terminal.json(found);
      return EXIT.done;
    }
    if (what !== 'add' || email === undefined) {
      throw misuse(
        'Il faut écrire : relance users add ADRESSE --role ROLE, ou list.',
        'It is written: relance users add EMAIL --role ROLE, or list.',
      );
    }
    if (role === undefined || !PERSON_ROLES.includes(role)) {
      throw misuse(
        `--role manque ou n’existe pas : ${PERSON_ROLES.join(', ')}.`,
        `--role is missing or does not exist: ${PERSON_ROLES.join(', ')}.`,
      );
    }
    const name = textOption(run, 'name');
    const made = await EngineClient.open(settings(), locale).call('createUser', {
      body: { email, role, ...(name === undefined ? {} : { name }) },
    });
    terminal.say({
      fr: 'Gardez ceci : ce ne sera plus montré. Le lien vaut un jour, une fois.',
      en: 'Keep this: it will not be shown again. The link is good for a day, once.',
    });
    terminal.table([
      [locale === 'fr' ? 'mot de passe' : 'password', made.password ?? ''],
      [locale === 'fr' ? 'lien' : 'link', ''],
    ]);
    terminal.print(made.signInUrl);
    terminal.json(made);
    return EXIT.done;
  },
};
