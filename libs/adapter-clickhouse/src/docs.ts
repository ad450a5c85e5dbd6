import { TABLES } from './schema/tables.js';
import { viewsFor } from './schema/views.js';
import type { ColumnSpec, Example, Note, ViewSpec, TableSpec } from './schema/spec.js';

const WORDS = {
  en: {
    title: 'ClickHouse tables',
    intro:
      'Database `relance`. The user `analyst` may read everything here and change nothing. ' +
      'Times are `DateTime64(3)` in UTC on the clock of the engine, money is `Decimal(18, 4)` ' +
      'with its `currency`, and `sample` is 1 on data of the sample workspace. A text that is ' +
      'absent is empty; a number or time that is absent is null. Every table shows each thing ' +
      'once, in its last state, whatever was sent twice.',
    fresh:
      'Freshness: 99 % of facts are here within 5 s of the engine; the view `freshness` tells it.',
    tables: 'Tables',
    views: 'Views for people',
    row: 'One row',
    column: 'column',
    type: 'type',
    meaning: 'meaning',
    example: 'Example',
    kept: { events: 'Kept as long as events.', results: 'Kept as long as prospects.', always: '' },
  },
  fr: {
    title: 'Tables ClickHouse',
    intro:
      'Base `relance`. L’utilisateur `analyst` peut tout lire ici et ne rien changer. Les ' +
      'instants sont des `DateTime64(3)` en UTC sur l’horloge du moteur, les montants des ' +
      '`Decimal(18, 4)` avec leur `currency`, et `sample` vaut 1 pour les données de ' +
      'démonstration. Un texte absent est vide ; un nombre ou un instant absent est null. ' +
      'Chaque table montre chaque chose une fois, dans son dernier état, même envoyée deux fois.',
    fresh:
      'Fraîcheur : 99 % des faits sont ici moins de 5 s après le moteur ; la vue `freshness` le dit.',
    tables: 'Tables',
    views: 'Vues pour les personnes',
    row: 'Une ligne',
    column: 'colonne',
    type: 'type',
    meaning: 'sens',
    example: 'Exemple',
    kept: {
      events: 'Gardée aussi longtemps que les évènements.',
      results: 'Gardée aussi longtemps que les prospects.',
      always: '',
    },
  },
} as const;

type Locale = keyof typeof WORDS;

const pick = (note: Note, locale: Locale): string => note[locale];

function columnRows(columns: readonly ColumnSpec[], locale: Locale): string[] {
  const { column, type, meaning } = WORDS[locale];
  return [
    `| ${column} | ${type} | ${meaning} |`,
    '| --- | --- | --- |',
    ...columns.map((one) => `| \`${one.name}\` | \`${one.type}\` | ${pick(one.note, locale)} |`),
  ];
}

const colon = (locale: Locale): string => (locale === 'fr' ? ' :' : ':');

/** A title in the middle of a sentence. */
const lowered = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

function exampleLines(example: Example, locale: Locale): string[] {
  return [
    `${WORDS[locale].example}${colon(locale)} ${lowered(pick(example.title, locale))}.`,
    '',
    '```sql',
    example.sql,
    '```',
  ];
}

function section(part: TableSpec | ViewSpec, locale: Locale): string[] {
  const kept = 'keep' in part ? WORDS[locale].kept[part.keep] : '';
  return [
    `### ${part.name}`,
    '',
    `${WORDS[locale].row}${colon(locale)} ${lowered(pick(part.grain, locale))}.${kept === '' ? '' : ` ${kept}`}`,
    '',
    ...columnRows(part.columns, locale),
    '',
    ...exampleLines(part.example, locale),
    '',
  ];
}

/** The analyst's reference, as Markdown, from the same source as the tables themselves. */
export function renderTableDocs(locale: Locale): string {
  const words = WORDS[locale];
  const views = viewsFor({ timezone: 'Europe/Paris', currency: 'EUR' });
  return [
    `# ${words.title}`,
    '',
    words.intro,
    '',
    words.fresh,
    '',
    `## ${words.tables}`,
    '',
    ...TABLES.flatMap((table) => section(table, locale)),
    `## ${words.views}`,
    '',
    ...views.flatMap((view) => section(view, locale)),
  ].join('\n');
}

/** The example query of every table and view, by name; placeholders: profile, owner, scenario. */
export function tableExamples(): readonly { readonly table: string; readonly sql: string }[] {
  const views = viewsFor({ timezone: 'Europe/Paris', currency: 'EUR' });
  return [...TABLES, ...views].map(({ name, example }) => ({ table: name, sql: example.sql }));
}
