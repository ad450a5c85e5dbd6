const WORDS = {
  en: {
    title: '# Problem codes',
    about:
      'Every problem Relance tells has a number that never gets another meaning. What stands in braces is filled in. This page is generated from the catalogues in the code: change it there, then run `npm run build && node scripts/problem-docs.mjs`.',
    error: 'error: keeps a workspace from being published',
    ending: 'error: ends the import',
    warning: 'warning',
    status: 'HTTP status',
    todo: 'What to do',
  },
  fr: {
    title: '# Codes des problèmes',
    about:
      'Chaque problème que Relance signale porte un numéro, qui ne change jamais de sens. Ce qui est entre accolades est rempli. Cette page est produite à partir des catalogues du code : on la change là-bas, puis `npm run build && node scripts/problem-docs.mjs`.',
    error: 'erreur : empêche de publier un espace de travail',
    ending: 'erreur : arrête l’import',
    warning: 'avertissement',
    status: 'statut HTTP',
    todo: 'Que faire',
  },
};

const CHAPTERS = [
  ['RLN-01', { en: 'Variables of the environment', fr: 'Variables de l’environnement' }],
  ['RLN-10', { en: 'Reading a file', fr: 'Lecture d’un fichier' }],
  ['RLN-11', { en: 'The shape of a file', fr: 'Forme d’un fichier' }],
  ['RLN-12', { en: 'Scenarios', fr: 'Scénarios' }],
  ['RLN-13', { en: 'Names', fr: 'Noms' }],
  ['RLN-14', { en: 'Templates and texts', fr: 'Modèles et textes' }],
  ['RLN-15', { en: 'Expressions', fr: 'Expressions' }],
  ['RLN-16', { en: 'Actions, segments, templates', fr: 'Actions, segments, modèles' }],
  ['RLN-17', { en: 'Imported files', fr: 'Fichiers importés' }],
  ['RLN-20', { en: 'Answers of the public routes', fr: 'Réponses des adresses publiques' }],
  ['RLN-21', { en: 'Answers of the console’s API', fr: 'Réponses de l’API de la console' }],
];

// In Markdown these would mean something else.
const plain = (text) => text.replaceAll('*', '\\*').replaceAll('<', '\\<').replaceAll('_', '\\_');
// Between letters an underscore is only itself, and formatters write it so.
const escaped = (text) => plain(text).replace(/(?<=\w)\\_(?=\w)/g, '_');

function section({ code, severity, status, message, hint }, locale) {
  const words = WORDS[locale];
  const grade = code.startsWith('RLN-17') ? 'ending' : severity;
  const what = grade === undefined ? [] : [words[grade]];
  if (status !== undefined) what.push(`${words.status} ${status}`);
  const title = `### ${code}`;
  const lines = [title, escaped(message[locale])];
  if (hint !== undefined) {
    const colon = locale === 'fr' ? ' :' : ':';
    lines.push(`${words.todo}${colon} ${escaped(hint[locale])}`);
  }
  if (what.length > 0) lines.push(`_(${what.join(', ')})_`);
  return lines.join('\n\n');
}

/**
 * The page of every problem in one language, as Markdown. `settings` is config's
 * SETTING_PROBLEMS, `workspace` contracts' CATALOGUE, `http` the api's HTTP_PROBLEMS, `api` contracts' API_REFUSALS. Deterministic.
 */
export function problemPage(locale, { settings, workspace, http, api }) {
  const entries = [
    ...Object.entries(settings).map(([code, entry]) => ({ code, ...entry })),
    ...Object.entries(workspace).map(([code, entry]) => ({ code, ...entry })),
    ...Object.entries(http).map(([code, entry]) => ({ code, ...entry })),
    ...Object.values(api).map(({ detail, ...entry }) => ({ ...entry, message: detail })),
  ];
  const chapters = CHAPTERS.map(([prefix, name]) => {
    const own = entries.filter(({ code }) => code.startsWith(prefix));
    own.sort((left, right) => left.code.localeCompare(right.code, 'en'));
    return [`## ${name[locale]}`, ...own.map((entry) => section(entry, locale))].join('\n\n');
  });
  return `${[WORDS[locale].title, WORDS[locale].about, ...chapters].join('\n\n')}\n`;
}

/** Codes that no chapter takes: a new hundred needs a new chapter. */
export function codesWithoutChapter(codes) {
  return codes.filter((code) => !CHAPTERS.some(([prefix]) => code.startsWith(prefix)));
}
