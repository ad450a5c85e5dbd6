import { ConfigError, loadConfig, type Config } from '#libs/config';
import type { Locale } from '#libs/kernel';
import { CliError, EXIT } from './cli-error.js';

/** The configuration; a wrong variable is a misuse, told in both languages. */
export function settings(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const join = (locale: Locale): string =>
      error.problems
        // The first is told with its code by whoever tells the error.
        .map(
          ({ code, message }, index) => `${index === 0 ? '' : `${code} `}${message[locale] ?? ''}`,
        )
        .join('\n');
    const [first] = error.problems;
    throw new CliError(EXIT.misuse, { fr: join('fr'), en: join('en') }, first?.hint, first?.code);
  }
}

/** French where the terminal is French; a wrong variable elsewhere does not change the language. */
export function terminalLocale(): Locale {
  try {
    return loadConfig().locale;
  } catch {
    return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith('fr') ? 'fr' : 'en';
  }
}
