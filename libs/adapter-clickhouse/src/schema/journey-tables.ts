import {
  FACT_KEY,
  FLAG,
  MONEY,
  MONEY_OR_NULL,
  NUMBER,
  TEXT,
  TIME,
  TIME_OR_NULL,
  WORD,
  column,
  common,
  type TableSpec,
} from './spec.js';

const publishedAt = column(
  'published_at',
  TIME_OR_NULL,
  'When it was published, UTC; null for a draft',
  'Quand elle a été publiée, UTC ; null pour un brouillon',
);
const nameFr = column('name_fr', TEXT, 'Name in French', 'Nom en français');
const nameEn = column('name_en', TEXT, 'Name in English', 'Nom en anglais');

const enrolments: TableSpec = {
  name: 'enrolments',
  grain: {
    en: 'A run of one profile through one scenario version, in its last state',
    fr: 'Le parcours d’un profil dans une version d’un scénario, dans son dernier état',
  },
  key: 'enrolment_id',
  month: 'entered_at',
  keep: 'results',
  columns: [
    column('enrolment_id', TEXT, 'Id of the run, unique', 'Identifiant du parcours, unique'),
    common.scenario,
    common.definition,
    common.profileId,
    common.accountId,
    column(
      'entry_key',
      TEXT,
      'What may enter only once at a time, as an order',
      'Ce qui ne peut entrer qu’une fois à la fois, comme une commande',
    ),
    common.group,
    column(
      'state',
      WORD,
      'running, paused, held_out or ended',
      'running, paused, held_out ou ended',
    ),
    column('entered_at', TIME, 'Entry, UTC', 'Entrée, UTC'),
    column('ended_at', TIME_OR_NULL, 'End, UTC; null while it runs', 'Fin, UTC ; null en cours'),
    column(
      'ended_as',
      WORD,
      'Name of the exit, or why the engine ended it; empty while it runs',
      'Nom de la sortie, ou motif de fin du moteur ; vide en cours',
    ),
    column('runtime', WORD, 'embedded or temporal', 'embedded ou temporal'),
    column(
      'matures_at',
      TIME_OR_NULL,
      'When the window of the goal closes, UTC: before, its result may still change',
      'Fermeture de la fenêtre de l’objectif, UTC : avant, le résultat peut changer',
    ),
    column(
      'mixed',
      FLAG,
      '1 when a merge joined people of different groups',
      '1 si une fusion a réuni des personnes de groupes différents',
    ),
    common.sample,
  ],
  example: {
    title: { en: 'How runs end, by scenario', fr: 'Comment finissent les parcours, par scénario' },
    sql:
      'SELECT scenario, `group`, ended_as, count() AS runs FROM relance.enrolments\n' +
      "WHERE state = 'ended' GROUP BY scenario, `group`, ended_as ORDER BY scenario, runs DESC",
  },
};

const enrolmentSteps: TableSpec = {
  name: 'enrolment_steps',
  grain: { en: 'A step taken in a run', fr: 'Une étape franchie dans un parcours' },
  key: 'fact_key',
  month: 'entered_at',
  keep: 'results',
  hidden: [FACT_KEY],
  columns: [
    common.enrolmentId,
    common.scenario,
    common.definition,
    common.stepId,
    column('visit', 'UInt32', 'Counted from 1', 'Compté à partir de 1'),
    common.profileId,
    column('entered_at', TIME, 'Step begun, UTC', 'Étape commencée, UTC'),
    column('left_at', TIME_OR_NULL, 'Step left, UTC; null while in it', 'Étape quittée, UTC'),
    column(
      'result',
      WORD,
      'accepted, withheld, timeout...; empty when none',
      'accepted, withheld, timeout... ; vide si aucun',
    ),
    column('branch', WORD, 'Branch taken; empty when none', 'Branche prise ; vide si aucune'),
    common.sample,
  ],
  example: {
    title: { en: 'People and time by step', fr: 'Personnes et durée par étape' },
    sql:
      'SELECT scenario, step_id, count() AS visits,\n' +
      "       median(dateDiff('minute', entered_at, left_at)) AS median_minutes\n" +
      'FROM relance.enrolment_steps GROUP BY scenario, step_id ORDER BY scenario, step_id',
  },
};

const tasks: TableSpec = {
  name: 'tasks',
  grain: {
    en: 'A task for a sales rep, in its last state',
    fr: 'Une tâche pour un commercial, dans son dernier état',
  },
  key: 'task_id',
  month: 'created_at',
  keep: 'results',
  columns: [
    column('task_id', TEXT, 'Id of the task, unique', 'Identifiant de la tâche, unique'),
    common.profileId,
    common.accountId,
    column('owner', WORD, 'E-mail of the rep, or a queue', 'E-mail du commercial, ou une file'),
    common.scenario,
    common.decisionId,
    column('title', TEXT, 'What to do', 'Ce qu’il faut faire'),
    column('due_at', TIME_OR_NULL, 'Due, UTC', 'Échéance, UTC'),
    column(
      'state',
      WORD,
      'open, done, declined, expired or withheld',
      'open, done, declined, expired ou withheld',
    ),
    column('outcome', WORD, 'Result given by the rep', 'Résultat donné par le commercial'),
    column('closed_at', TIME_OR_NULL, 'Closed, UTC', 'Clôture, UTC'),
    column('created_at', TIME, 'Created, UTC', 'Création, UTC'),
    common.enrolmentId,
    common.sample,
  ],
  example: {
    title: { en: 'Open tasks by rep', fr: 'Tâches ouvertes par commercial' },
    sql:
      'WITH (SELECT max(newest_at) FROM relance.freshness) AS now\n' +
      'SELECT owner, countIf(due_at < now) AS late, count() AS open FROM relance.tasks\n' +
      "WHERE state = 'open' GROUP BY owner ORDER BY open DESC",
  },
};

const scenarios: TableSpec = {
  name: 'scenarios',
  grain: { en: 'A scenario version', fr: 'Une version d’un scénario' },
  key: 'fact_key',
  month: null,
  keep: 'always',
  hidden: [FACT_KEY],
  columns: [
    common.scenario,
    common.definition,
    nameFr,
    nameEn,
    column('state', WORD, 'draft, live, paused or retired', 'draft, live, paused ou retired'),
    publishedAt,
    column(
      'goal_within_ms',
      'Nullable(UInt64)',
      'Length of the window of the goal, milliseconds; null without a goal',
      'Durée de la fenêtre de l’objectif, millisecondes ; null sans objectif',
    ),
    column(
      'group_shares',
      `Map(String, ${NUMBER})`,
      'Expected share of each group at entry, 0 to 1',
      'Part attendue de chaque groupe à l’entrée, de 0 à 1',
    ),
    common.sample,
  ],
  example: {
    title: { en: 'Versions of each scenario', fr: 'Versions de chaque scénario' },
    sql:
      'SELECT scenario, name_en, definition, state, published_at FROM relance.scenarios\n' +
      'ORDER BY scenario, published_at',
  },
};

const actions: TableSpec = {
  name: 'actions',
  grain: { en: 'An action version', fr: 'Une version d’une action' },
  key: 'fact_key',
  month: null,
  keep: 'always',
  hidden: [FACT_KEY],
  columns: [
    common.action,
    column('definition', WORD, 'Content hash of the version', 'Empreinte de la version'),
    nameFr,
    nameEn,
    column('issue', WORD, 'Issue it serves', 'Enjeu servi'),
    column('purpose', WORD, 'Purpose of policies.yaml', 'Finalité de policies.yaml'),
    column('value', MONEY_OR_NULL, 'Value of a good outcome', 'Valeur d’un résultat favorable'),
    column(
      'costs',
      `Map(String, ${MONEY})`,
      'Cost of one message by treatment, in currency',
      'Coût d’un message par traitement, en currency',
    ),
    common.currency,
    column('active', FLAG, '1 when it may be chosen', '1 si elle peut être choisie'),
    publishedAt,
    common.sample,
  ],
  example: {
    title: { en: 'Actions and their costs', fr: 'Les actions et leurs coûts' },
    sql: 'SELECT action, name_en, costs, currency FROM relance.actions WHERE active = 1',
  },
};

/** Tables about runs through scenarios, tasks and what was published. */
export const JOURNEY_TABLES: readonly TableSpec[] = [
  enrolments,
  enrolmentSteps,
  tasks,
  scenarios,
  actions,
];
