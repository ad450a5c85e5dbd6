import type { Locale } from '#libs/kernel';

/** The language of the person at the terminal: French where the system says so, else English. */
export function readLocale(env: Readonly<Record<string, string | undefined>>): Locale {
  const said = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return said.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}
