import {
  FACT_KEY,
  MONEY,
  TEXT,
  TIME,
  TIME_OR_NULL,
  WORD,
  column,
  common,
  type TableSpec,
} from './spec.js';

const deliveries: TableSpec = {
  name: 'deliveries',
  grain: { en: 'A message, in its last state', fr: 'Un message, dans son dernier état' },
  key: 'delivery_id',
  month: 'intended_at',
  keep: 'results',
  columns: [
    column('delivery_id', TEXT, 'Id of the message, unique', 'Identifiant du message, unique'),
    common.decisionId,
    common.enrolmentId,
    common.scenario,
    common.stepId,
    common.profileId,
    common.accountId,
    common.channel,
    common.action,
    common.treatment,
    column('template', WORD, 'Id of the template', 'Identifiant du modèle'),
    column('purpose', WORD, 'marketing, transactional...', 'marketing, transactional...'),
    column('sender', WORD, 'Sender of relance.yaml', 'Expéditeur de relance.yaml'),
    column(
      'state',
      WORD,
      'intended, withheld, sending, accepted, failed, uncertain, delivered, bounced, complained',
      'intended, withheld, sending, accepted, failed, uncertain, delivered, bounced, complained',
    ),
    column('intended_at', TIME, 'When it was asked for, UTC', 'Quand il a été demandé, UTC'),
    column(
      'accepted_at',
      TIME_OR_NULL,
      'When the provider took it, UTC',
      'Quand le prestataire l’a pris, UTC',
    ),
    column('updated_at', TIME, 'Last change, UTC', 'Dernier changement, UTC'),
    column('provider', WORD, 'Who carried it', 'Qui l’a acheminé'),
    column('provider_id', TEXT, 'Id at the provider', 'Identifiant chez le prestataire'),
    column('cost', MONEY, 'Cost in currency', 'Coût en currency'),
    common.currency,
    column('sms_segments', 'Nullable(UInt32)', 'Parts of an SMS', 'Parties d’un SMS'),
    common.sample,
  ],
  example: {
    title: { en: 'Messages by day and state', fr: 'Messages par jour et par état' },
    sql:
      'SELECT toDate(intended_at) AS day, channel, state, count() AS messages\n' +
      'FROM relance.deliveries GROUP BY day, channel, state ORDER BY day, channel',
  },
};

const deliveryEvents: TableSpec = {
  name: 'delivery_events',
  grain: { en: 'Something that happened to a message', fr: 'Ce qui est arrivé à un message' },
  key: 'fact_key',
  month: 'at',
  keep: 'results',
  hidden: [FACT_KEY],
  columns: [
    column('delivery_id', TEXT, 'The message', 'Le message'),
    column(
      'kind',
      WORD,
      'accepted, delivered, bounced, complained, opened, machine_opened, clicked, bot_clicked, ' +
        'unsubscribed',
      'accepted, delivered, bounced, complained, opened, machine_opened, clicked, bot_clicked, ' +
        'unsubscribed',
    ),
    column('at', TIME, 'When, UTC', 'Quand, UTC'),
    column('link', WORD, 'Name of the link clicked', 'Nom du lien cliqué'),
    column('code', WORD, 'Code of the provider', 'Code du prestataire'),
    column('detail', TEXT, 'Text of the provider', 'Texte du prestataire'),
    column(
      'evidence',
      'Array(String)',
      'Why it is held to be a person or a machine',
      'Pourquoi on y voit une personne ou une machine',
    ),
    common.enrolmentId,
    common.decisionId,
    common.scenario,
    common.channel,
    common.profileId,
    common.sample,
  ],
  example: {
    title: { en: 'Clicks by people, by link', fr: 'Clics de personnes, par lien' },
    sql:
      'SELECT scenario, link, uniqExact(delivery_id) AS messages FROM relance.delivery_events\n' +
      "WHERE kind = 'clicked' GROUP BY scenario, link ORDER BY messages DESC",
  },
};

const withheld: TableSpec = {
  name: 'withheld',
  grain: {
    en: 'A message or action that was not sent, with its reason',
    fr: 'Un message ou une action non envoyés, avec leur motif',
  },
  key: 'withheld_id',
  month: 'at',
  keep: 'results',
  columns: [
    column('withheld_id', TEXT, 'Id, unique', 'Identifiant, unique'),
    common.enrolmentId,
    common.decisionId,
    common.scenario,
    common.stepId,
    common.profileId,
    common.channel,
    common.action,
    column('stage', WORD, 'Stage that refused it', 'Étape qui l’a écarté'),
    column('reason', WORD, 'Why', 'Pourquoi'),
    column('at', TIME, 'When, UTC', 'Quand, UTC'),
    common.sample,
  ],
  example: {
    title: { en: 'What holds messages back', fr: 'Ce qui retient les messages' },
    sql:
      'SELECT scenario, channel, reason, count() AS times FROM relance.withheld\n' +
      'WHERE at >= (SELECT max(newest_at) FROM relance.freshness) - INTERVAL 7 DAY\n' +
      'GROUP BY scenario, channel, reason ORDER BY times DESC',
  },
};

/** Tables about messages. */
export const DELIVERY_TABLES: readonly TableSpec[] = [deliveries, deliveryEvents, withheld];
