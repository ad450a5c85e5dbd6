import { localised, type Locale } from '#libs/kernel';
import type { Command, OptionSpec } from './command.js';
import { COMMANDS } from './registry.js';

/** Options that every command has. */
export const GLOBAL_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: {
    type: 'boolean',
    meaning: {
      fr: 'un document JSON sur la sortie standard',
      en: 'one JSON document on standard output',
    },
  },
  locale: {
    type: 'string',
    value: 'fr|en',
    meaning: { fr: 'langue des messages', en: 'language of messages' },
  },
  help: { type: 'boolean', short: 'h', meaning: { fr: 'cette aide', en: 'this help' } },
};

function optionLines(
  options: Readonly<Record<string, OptionSpec>>,
  locale: Locale,
): readonly string[] {
  return Object.entries(options).map(([name, { value, meaning }]) => {
    const head = `  --${name}${value === undefined ? '' : ` ${value}`}`;
    return `${head.padEnd(24)} ${localised(meaning, locale)}`;
  });
}

/** Help of one command, with an example. */
export function commandHelp(name: string, command: Command, locale: Locale): string {
  const words =
    locale === 'fr' ? ['Usage :', 'Exemple :', 'Options :'] : ['Usage:', 'Example:', 'Options:'];
  const usage = `${words[0]} relance ${name} ${command.usage}`.trimEnd();
  return [
    usage,
    '',
    localised(command.about, locale),
    '',
    `${words[1]}`,
    `  ${command.example}`,
    '',
    `${words[2]}`,
    ...optionLines({ ...command.options, ...GLOBAL_OPTIONS }, locale),
    '',
  ].join('\n');
}

/** Help of the CLI. */
export function mainHelp(locale: Locale): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { about }]) => `  ${name.padEnd(14)} ${localised(about, locale)}`,
  );
  const text =
    locale === 'fr'
      ? [
          'Usage : relance COMMANDE [options]',
          'Commandes :',
          'Détail et exemple : relance COMMANDE --help',
          'Codes de sortie : 0 fait, 1 problèmes, 2 mauvais usage, 3 injoignable',
        ]
      : [
          'Usage: relance COMMAND [options]',
          'Commands:',
          'Details and an example: relance COMMAND --help',
          'Exit codes: 0 done, 1 problems found, 2 misuse, 3 unreachable',
        ];
  return [text[0], '', text[1], ...lines, '', text[2], text[3], ''].join('\n');
}
