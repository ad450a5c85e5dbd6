import { EXAMPLES } from './problem-examples.mjs';

const WORDS = {
  en: {
    title: '# Problem codes',
    about:
      'Every problem Relance tells has a number that never gets another meaning. What stands in braces is filled in. Each code leads to a page of its own, with what to do and, for files, an example. These pages are generated from the catalogues in the code: change them there, then run `npm run build && node scripts/problem-docs.mjs`.',
    error: 'error: keeps a workspace from being published',
    ending: 'error: ends the import',
    warning: 'warning',
    status: 'HTTP status',
    todo: 'What to do',
    language: 'English',
    all: '[All problem codes](README.md)',
  },
  fr: {
    title: '# Codes des problèmes',
    about:
      'Chaque problème que Relance signale porte un numéro, qui ne change jamais de sens. Ce qui est entre accolades est rempli. Chaque code mène à sa page, avec que faire et, pour les fichiers, un exemple. Ces pages sont produites à partir des catalogues du code : on les change là-bas, puis `npm run build && node scripts/problem-docs.mjs`.',
    error: 'erreur : empêche de publier un espace de travail',
    ending: 'erreur : arrête l’import',
    warning: 'avertissement',
    status: 'statut HTTP',
    todo: 'Que faire',
    language: 'Français',
    all: '[Tous les codes](README.fr.md)',
  },
};

const CHAPTERS = [
  ['RLN-01', { en: 'Variables of the environment', fr: 'Variables de l’environnement' }],
  ['RLN-10', { en: 'Reading a file', fr: 'Lecture d’un fichier' }],
  ['RLN-11', { en: 'The shape of a file', fr: 'Forme d’un fichier' }],
  ['RLN-12', { en: 'Scenarios', fr: 'Scénarios' }],
  ['RLN-13', { en: 'Names, and files against each other', fr: 'Noms, et fichiers entre eux' }],
  ['RLN-14', { en: 'Templates and texts', fr: 'Modèles et textes' }],
  ['RLN-15', { en: 'Expressions', fr: 'Expressions' }],
  ['RLN-16', { en: 'Actions, segments, templates', fr: 'Actions, segments, modèles' }],
  ['RLN-17', { en: 'Imported files', fr: 'Fichiers importés' }],
  ['RLN-18', { en: 'Tests of scenarios', fr: 'Tests des scénarios' }],
  ['RLN-20', { en: 'Answers of the public routes', fr: 'Réponses des adresses publiques' }],
  ['RLN-21', { en: 'Answers of the console’s API', fr: 'Réponses de l’API de la console' }],
];

// In Markdown these would mean something else.
const plain = (text) => text.replaceAll('*', '\\*').replaceAll('<', '\\<').replaceAll('_', '\\_');
// Between letters an underscore is only itself, and formatters write it so.
const escaped = (text) => plain(text).replace(/(?<=\w)\\_(?=\w)/g, '_');

/** What a problem says and what to do about it, in one language. */
function section({ code, severity, status, message, hint }, locale) {
  const words = WORDS[locale];
  const grade = code.startsWith('RLN-17') ? 'ending' : severity;
  const what = grade === undefined ? [] : [words[grade]];
  if (status !== undefined) what.push(`${words.status} ${status}`);
  const lines = [`## ${words.language}`, escaped(message[locale])];
  if (hint !== undefined && hint[locale] !== `{advice}`) {
    const colon = locale === 'fr' ? ' :' : ':';
    lines.push(`${words.todo}${colon} ${escaped(hint[locale])}`);
  }
  if (what.length > 0) lines.push(`_(${what.join(', ')})_`);
  return [...lines, words.all].join('\n\n');
}

/** A file that has the problem, and the same put right. */
function exampleOf(code) {
  const example = EXAMPLES[code];
  if (example === undefined) return [];
  const { file, wrong, right } = example;
  const language = file.endsWith('.yaml') ? 'yaml' : 'handlebars';
  const block = (text) => '```' + language + '\n' + text + '```';
  return [
    `## \`${file}\``,
    'Wrong / À corriger :',
    block(wrong),
    'Right / Corrigé :',
    block(right),
  ];
}

function entriesOf({ settings, workspace, http, api }) {
  const coded = (catalogue) =>
    Object.entries(catalogue).map(([code, entry]) => ({ code, ...entry }));
  const refusals = Object.values(api).map(({ detail, ...entry }) => ({
    ...entry,
    message: detail,
  }));
  const entries = [...coded(settings), ...coded(workspace), ...coded(http), ...refusals];
  return entries.sort((left, right) => left.code.localeCompare(right.code, 'en'));
}

/** The list of every problem in one language. */
function indexPage(entries, locale) {
  const chapters = CHAPTERS.map(([prefix, name]) => {
    const own = entries.filter(({ code }) => code.startsWith(prefix));
    const rows = own.map(
      ({ code, message }) => `- [${code}](${code}.md) ${escaped(message[locale])}`,
    );
    return [`## ${name[locale]}`, rows.join('\n')].join('\n\n');
  });
  return `${[WORDS[locale].title, WORDS[locale].about, ...chapters].join('\n\n')}\n`;
}

/**
 * Every file of docs/problems by its name: a page for each problem, in both languages, and a list in
 * each. `settings` is config's SETTING_PROBLEMS, `workspace` contracts' CATALOGUE, `http` the api's
 * HTTP_PROBLEMS, `api` contracts' API_REFUSALS. Deterministic.
 */
export function problemPages(catalogues) {
  const entries = entriesOf(catalogues);
  const pages = entries.map((entry) => {
    const parts = [section(entry, 'en'), section(entry, 'fr'), ...exampleOf(entry.code)];
    return [`${entry.code}.md`, `${[`# ${entry.code}`, ...parts].join('\n\n')}\n`];
  });
  return new Map([
    ['README.md', indexPage(entries, 'en')],
    ['README.fr.md', indexPage(entries, 'fr')],
    ...pages,
  ]);
}

/** Codes that no chapter takes: a new hundred needs a new chapter. */
export function codesWithoutChapter(codes) {
  return codes.filter((code) => !CHAPTERS.some(([prefix]) => code.startsWith(prefix)));
}
