import { EXIT } from '../cli-error.js';
import type { Command } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

/** Why a person is where they are. */
export const explain: Command = {
  usage: 'PROFILE [SCENARIO]',
  about: {
    fr: 'Dit en phrases où en est une personne, pourquoi, et pourquoi rien n’est parti. PROFILE est un identifiant de profil, ou espace:valeur.',
    en: 'Says in sentences where a person stands, why, and why nothing was sent. PROFILE is a profile id, or namespace:value.',
  },
  example: 'relance explain email:ana@example.com abandoned-cart',
  words: [1, 2],
  async run({ args, terminal, locale }) {
    const [profile = '', scenario] = args;
    const told = await EngineClient.open(settings(), locale).call('explain', {
      query: { profile, ...(scenario === undefined ? {} : { scenario }) },
    });
    terminal.print(`${told.name} (${told.profileId})`);
    for (const sentence of told.sentences) terminal.print(`  ${sentence}`);
    for (const part of told.scenarios) {
      terminal.print(`\n${part.name}`);
      for (const sentence of part.sentences) terminal.print(`  ${sentence}`);
      for (const { isMet, sentence } of part.entry?.checks ?? []) {
        const mark = isMet === null ? '?' : isMet ? '+' : '-';
        terminal.print(`  ${mark} ${sentence}`);
      }
      for (const { atMs, sentences } of part.decisions) {
        terminal.print(`  ${new Date(atMs).toISOString()}`);
        for (const sentence of sentences) terminal.print(`    ${sentence}`);
      }
    }
    terminal.json(told);
    return EXIT.done;
  },
};
