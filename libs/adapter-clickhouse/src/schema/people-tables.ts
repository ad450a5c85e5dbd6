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

const events: TableSpec = {
  name: 'events',
  grain: { en: 'An accepted event', fr: 'Un évènement accepté' },
  key: 'event_id',
  month: 'occurred_at',
  keep: 'events',
  columns: [
    column('event_id', TEXT, 'Key of the event, unique', 'Clé de l’évènement, unique'),
    column('message_id', TEXT, 'Id given by the source', 'Identifiant donné par la source'),
    column('occurred_at', TIME, 'When it happened, UTC', 'Quand il a eu lieu, UTC'),
    column('received_at', TIME, 'When it was received, UTC', 'Quand il a été reçu, UTC'),
    common.profileId,
    common.accountId,
    column('source', WORD, 'Source of the workspace', 'Source de l’espace de travail'),
    column('name', WORD, 'Name in snake_case', 'Nom en snake_case'),
    column('properties', TEXT, 'Properties as JSON text', 'Propriétés en texte JSON'),
    column(
      'value',
      MONEY_OR_NULL,
      'Amount of the event in currency; null when it has none',
      'Montant de l’évènement en currency ; null s’il n’en a pas',
    ),
    common.currency,
    column(
      'historical',
      FLAG,
      '1 when loaded from the past: it started no scenario',
      '1 si chargé du passé : il n’a lancé aucun scénario',
    ),
    common.sample,
  ],
  example: {
    title: { en: 'Orders and revenue by month', fr: 'Commandes et chiffre d’affaires par mois' },
    sql:
      'SELECT toStartOfMonth(occurred_at) AS month, currency, count() AS orders,\n' +
      '       sum(value) AS revenue\n' +
      "FROM relance.events WHERE name = 'order_completed'\n" +
      'GROUP BY month, currency ORDER BY month',
  },
};

const profileHistory: TableSpec = {
  name: 'profile_history',
  grain: {
    en: 'The value of one trait of one profile from a time on',
    fr: 'La valeur d’un trait d’un profil à partir d’un instant',
  },
  key: 'fact_key',
  month: 'valid_from',
  keep: 'results',
  hidden: [FACT_KEY],
  columns: [
    common.profileId,
    column(
      'valid_from',
      TIME,
      'From when it holds: the last word of any source on the trait by then, UTC',
      'À partir de quand elle vaut : le dernier mot d’une source sur le trait alors, UTC',
    ),
    column('trait', WORD, 'Name of the trait', 'Nom du trait'),
    column(
      'value',
      'Nullable(String)',
      'Value as text, hashed when personal; null: no value any more',
      'Valeur en texte, hachée si personnelle ; null : plus de valeur',
    ),
    column('source', WORD, 'Source the value came from', 'Source de la valeur'),
    common.sample,
  ],
  example: {
    title: { en: 'The traits of a profile at a date', fr: 'Les traits d’un profil à une date' },
    sql:
      'SELECT trait, argMax(value, valid_from) AS value\n' +
      'FROM relance.profile_history\n' +
      "WHERE profile_id = {profile:String} AND valid_from <= '2026-10-01 00:00:00'\n" +
      'GROUP BY trait ORDER BY trait',
  },
};

const profiles: TableSpec = {
  name: 'profiles',
  grain: { en: 'A profile as it is now', fr: 'Un profil dans son état actuel' },
  key: 'profile_id',
  month: null,
  keep: 'always',
  columns: [
    column('profile_id', TEXT, 'Id of the profile, unique', 'Identifiant du profil, unique'),
    column(
      'merged_into',
      TEXT,
      'Profile that took it over; empty when none',
      'Profil qui l’a absorbé ; vide si aucun',
    ),
    column('created_at', TIME, 'First seen, UTC', 'Première apparition, UTC'),
    column('updated_at', TIME, 'Last change, UTC', 'Dernier changement, UTC'),
    column('country', WORD, 'ISO 3166 code of two letters', 'Code ISO 3166 à deux lettres'),
    column('locale', WORD, 'Preferred language', 'Langue préférée'),
    column('timezone', WORD, 'IANA zone', 'Fuseau IANA'),
    column(
      'email_hash',
      TEXT,
      'Keyed hash of the address; the address itself is never here',
      'Empreinte à clé de l’adresse ; l’adresse n’est jamais ici',
    ),
    column('email_domain', WORD, 'Domain of the address', 'Domaine de l’adresse'),
    column('segments', 'Array(String)', 'Segments it is in now', 'Segments actuels'),
    column(
      'consents',
      'Map(String, String)',
      'By channel:purpose: granted, denied or unknown',
      'Par canal:finalité : granted, denied ou unknown',
    ),
    column(
      'rfm',
      WORD,
      'Recency-frequency-monetary, 1 to 5 each, as 5-4-3; empty before an order',
      'Récence-fréquence-montant, de 1 à 5, comme 5-4-3 ; vide avant une commande',
    ),
    column(
      'aggregates',
      `Map(String, ${NUMBER})`,
      'By name as in profile.yaml; times in milliseconds since 1970 UTC',
      'Par nom comme dans profile.yaml ; les instants en millisecondes depuis 1970 UTC',
    ),
    common.accountId,
    common.owner,
    common.sample,
  ],
  example: {
    title: { en: 'People by segment', fr: 'Personnes par segment' },
    sql:
      'SELECT segment, count() AS people\n' +
      'FROM relance.profiles ARRAY JOIN segments AS segment\n' +
      "WHERE merged_into = '' GROUP BY segment ORDER BY people DESC",
  },
};

const accounts: TableSpec = {
  name: 'accounts',
  grain: { en: 'An account as it is now', fr: 'Un compte dans son état actuel' },
  key: 'account_id',
  month: null,
  keep: 'always',
  columns: [
    column('account_id', TEXT, 'Id of the account, unique', 'Identifiant du compte, unique'),
    column('name', TEXT, 'Name of the company', 'Nom de la société'),
    column('siren', TEXT, 'SIREN number; empty when unknown', 'Numéro SIREN ; vide si inconnu'),
    common.owner,
    column('country', WORD, 'ISO 3166 code of two letters', 'Code ISO 3166 à deux lettres'),
    column('people', 'UInt32', 'Members now', 'Membres actuels'),
    column(
      'revenue_365d',
      MONEY,
      'Orders of its members in 365 days, in currency',
      'Commandes de ses membres sur 365 jours, en currency',
    ),
    common.currency,
    column('updated_at', TIME, 'Last change, UTC', 'Dernier changement, UTC'),
    common.sample,
  ],
  example: {
    title: { en: 'The largest accounts of each rep', fr: 'Les plus gros comptes par commercial' },
    sql:
      'SELECT owner, name, revenue_365d, currency FROM relance.accounts\n' +
      'ORDER BY owner, revenue_365d DESC LIMIT 5 BY owner',
  },
};

const consents: TableSpec = {
  name: 'consents',
  grain: { en: 'A statement of consent', fr: 'Une déclaration de consentement' },
  key: 'fact_key',
  month: 'at',
  keep: 'results',
  hidden: [FACT_KEY],
  columns: [
    common.profileId,
    column('at', TIME, 'When it was stated, UTC', 'Quand elle a été faite, UTC'),
    common.channel,
    column('purpose', WORD, 'Purpose of policies.yaml', 'Finalité de policies.yaml'),
    column('status', WORD, 'granted, denied or unknown', 'granted, denied ou unknown'),
    column('basis', WORD, 'Legal basis', 'Base légale'),
    column('source', WORD, 'Who said it', 'Qui l’a dit'),
    column('proof', TEXT, 'Where the proof is kept', 'Où la preuve est gardée'),
    common.sample,
  ],
  example: {
    title: { en: 'Refusals a week by source', fr: 'Refus par semaine et par source' },
    sql:
      'SELECT toStartOfWeek(at) AS week, source, count() AS refusals FROM relance.consents\n' +
      "WHERE status = 'denied' GROUP BY week, source ORDER BY week",
  },
};

const suppressions: TableSpec = {
  name: 'suppressions',
  grain: {
    en: 'A suppression, in its last state',
    fr: 'Une mise à l’écart, dans son dernier état',
  },
  key: 'fact_key',
  month: null,
  keep: 'always',
  hidden: [FACT_KEY],
  columns: [
    common.profileId,
    common.channel,
    column('scope', WORD, 'profile, address or action', 'profile, address ou action'),
    column('address_hash', TEXT, 'Keyed hash of the address', 'Empreinte à clé de l’adresse'),
    column('reason', WORD, 'Why', 'Pourquoi'),
    column('active', FLAG, '1 while it holds', '1 tant qu’elle vaut'),
    column('from_at', TIME, 'Since when, UTC', 'Depuis quand, UTC'),
    column('until_at', TIME_OR_NULL, 'Until when, UTC; null: for ever', 'Jusqu’à quand, UTC'),
    common.sample,
  ],
  example: {
    title: { en: 'Suppressions by reason', fr: 'Mises à l’écart par motif' },
    sql:
      'SELECT channel, reason, count() AS entries FROM relance.suppressions\n' +
      'WHERE active = 1 GROUP BY channel, reason ORDER BY entries DESC',
  },
};

const scores: TableSpec = {
  name: 'scores',
  grain: { en: 'A score given to a profile', fr: 'Un score donné à un profil' },
  key: 'fact_key',
  month: 'at',
  keep: 'events',
  hidden: [FACT_KEY],
  columns: [
    common.profileId,
    column('at', TIME, 'When it was computed, UTC', 'Quand il a été calculé, UTC'),
    column(
      'name',
      WORD,
      'Name of the score: rfm_recency, rfm_frequency, rfm_monetary',
      'Nom du score : rfm_recency, rfm_frequency, rfm_monetary',
    ),
    column(
      'value',
      NUMBER,
      'Value, in the unit of the score; of RFM 1 to 5, five the best, 0 for no score any more',
      'Valeur, dans l’unité du score ; de RFM 1 à 5, cinq le meilleur, 0 s’il n’y en a plus',
    ),
    column('model', WORD, 'What computed it', 'Ce qui l’a calculé'),
    common.sample,
  ],
  example: {
    title: { en: 'The last score of each profile', fr: 'Le dernier score de chaque profil' },
    sql:
      'SELECT profile_id, name, argMax(value, at) AS value FROM relance.scores\n' +
      'GROUP BY profile_id, name ORDER BY value DESC LIMIT 100',
  },
};

/** Tables about people and what they did. */
export const PEOPLE_TABLES: readonly TableSpec[] = [
  events,
  profileHistory,
  profiles,
  accounts,
  consents,
  suppressions,
  scores,
];
