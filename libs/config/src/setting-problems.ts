import { localised, type Locale, type LocalText, type Problem } from '#libs/kernel';

/** What is told of a wrong setting; `{name}` and the like are filled in. */
interface SettingText {
  readonly message: LocalText;
  readonly hint: LocalText;
}

/** Every problem of the variables of the environment, by code. A code never gets another meaning. */
export const SETTING_PROBLEMS = {
  'RLN-0101': {
    message: {
      fr: 'La variable {name} ne convient pas : on attend {expected}.',
      en: 'The variable {name} is not right: expected {expected}.',
    },
    hint: {
      fr: 'Corrigez {name}, ou enlevez-la pour la valeur par défaut.',
      en: 'Correct {name}, or remove it for its default.',
    },
  },
  'RLN-0102': {
    message: {
      fr: 'La variable {name} est donnée sans {other}.',
      en: 'The variable {name} is set without {other}.',
    },
    hint: {
      fr: 'Donnez aussi {other}, ou enlevez {name}.',
      en: 'Set {other} too, or remove {name}.',
    },
  },
  'RLN-0103': {
    message: {
      fr: 'La variable {name} n’est pas encore prise en charge.',
      en: 'The variable {name} is not supported yet.',
    },
    hint: {
      fr: 'Enlevez {name} : le moteur embarqué prend sa place.',
      en: 'Remove {name}: the embedded engine takes its place.',
    },
  },
  'RLN-0104': {
    message: {
      fr: 'RELANCE_CLOCK va plus vite que le temps réel, et {name} enverrait de vrais messages.',
      en: 'RELANCE_CLOCK runs faster than real time, and {name} would send real messages.',
    },
    hint: {
      fr: 'Enlevez SMTP_URL et TWILIO_*, ou donnez RELANCE_CLOCK=wall.',
      en: 'Remove SMTP_URL and TWILIO_*, or set RELANCE_CLOCK=wall.',
    },
  },
  'RLN-0105': {
    message: {
      fr: 'Le port {port} ({name}) est déjà pris.',
      en: 'Port {port} ({name}) is taken.',
    },
    hint: {
      fr: 'Libérez-le, donnez un autre {name}, ou enlevez cette variable pour le prochain port libre.',
      en: 'Free it, set another {name}, or remove that variable for the next free port.',
    },
  },
  'RLN-0106': {
    message: {
      fr: 'RELANCE_CLOCK ferait reculer cette installation de {hours} h.',
      en: 'RELANCE_CLOCK would move this home back by {hours} h.',
    },
    hint: {
      fr: 'Gardez le réglage d’avant, ou prenez un autre dossier par « relance init ».',
      en: 'Keep the setting of before, or take another folder by "relance init".',
    },
  },
  'RLN-0107': {
    message: {
      fr: 'Ce journal a été fait avec {partitions} partitions, et RELANCE_PARTITIONS en demande un autre nombre.',
      en: 'This log was made with {partitions} partitions, and RELANCE_PARTITIONS asks for another number.',
    },
    hint: {
      fr: 'Donnez RELANCE_PARTITIONS={partitions}, ou enlevez la variable.',
      en: 'Set RELANCE_PARTITIONS={partitions}, or remove the variable.',
    },
  },
} as const satisfies Readonly<Record<string, SettingText>>;

/** What fills a text: the same in each language, or one each. */
type SettingParams = Readonly<Record<string, string | number | LocalText>>;

function filled(text: LocalText, params: SettingParams): LocalText {
  const fill = ([locale, pattern]: [string, string]): [string, string] => [
    locale,
    pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = params[name] ?? '';
      return typeof value === 'object' ? localised(value, locale) : String(value);
    }),
  ];
  return Object.fromEntries(Object.entries(text).map(fill));
}

/** A problem of a variable; its place is the variable, which the message names. */
export function settingProblem(
  code: keyof typeof SETTING_PROBLEMS,
  params: SettingParams,
): Problem & { readonly hint: LocalText } {
  const { message, hint } = SETTING_PROBLEMS[code];
  return {
    code,
    severity: 'error',
    message: filled(message, params),
    hint: filled(hint, params),
  };
}

/** `RLN-0101 sentence What to do.`, as a log tells it. */
export function settingLine({ code, message, hint }: ReturnType<typeof settingProblem>): LocalText {
  const line = (locale: Locale): string =>
    `${code} ${localised(message, locale)} ${localised(hint, locale)}`;
  return { fr: line('fr'), en: line('en') };
}
