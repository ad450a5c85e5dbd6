import {
  WORD,
  TIME_OR_NULL,
  column,
  common,
  type ColumnSpec,
  type ViewSpec,
  TEXT,
} from './spec.js';
import type { ViewSettings } from './campaign-views.js';

const count = (name: string, en: string, fr: string) => column(name, 'UInt64', en, fr);
const SENT = "state IN ('accepted', 'uncertain', 'delivered', 'bounced', 'complained')";

const ACCOUNT_COLUMNS: readonly ColumnSpec[] = [
  column('account_id', TEXT, 'The account', 'Le compte'),
  column('account', TEXT, 'Its name', 'Son nom'),
  common.owner,
  common.scenario,
  common.currency,
  count('sent', 'Messages sent to its members', 'Messages envoyés à ses membres'),
  count('delivered', 'Messages that arrived', 'Messages arrivés'),
  count('human_clicks', 'Messages clicked by a person', 'Messages cliqués par une personne'),
  count('orders', 'Conversions that followed a message or run', 'Conversions qui ont suivi'),
  column('revenue', 'Decimal(38, 4)', 'Of these events, in currency', 'De ces évènements'),
  count('open_tasks', 'Tasks open now', 'Tâches ouvertes'),
  count('done_tasks', 'Tasks done', 'Tâches faites'),
  column('last_sent_at', TIME_OR_NULL, 'Last message, UTC', 'Dernier message, UTC'),
  column('last_click_at', TIME_OR_NULL, 'Last click, UTC', 'Dernier clic, UTC'),
  column('last_order_at', TIME_OR_NULL, 'Last goal met, UTC', 'Dernier objectif, UTC'),
  common.sample,
];

// The columns that a branch of the union has nothing to say about.
const NOTHING_SENT =
  '0 AS n_sent, 0 AS n_delivered, NULL AS sent_at, 0 AS n_clicks, NULL AS clicked_at';
const NO_OUTCOME = '0 AS n_orders, toDecimal128(0, 4) AS amount, NULL AS outcome_at';
const NO_TASK = '0 AS n_open, 0 AS n_done';

/** What campaigns did at each account. */
export function accountResults(): ViewSpec {
  return {
    name: 'account_results',
    grain: {
      en: 'Account, scenario and currency; counts stand on the rows whose currency is empty',
      fr: 'Compte, scénario et devise ; les effectifs sont sur les lignes sans devise',
    },
    columns: ACCOUNT_COLUMNS,
    select: `
SELECT u.account_id AS account_id, any(a.name) AS account, any(a.owner) AS owner, u.scenario AS scenario,
       u.currency AS currency, toUInt64(sum(u.n_sent)) AS sent,
       toUInt64(sum(u.n_delivered)) AS delivered, toUInt64(sum(u.n_clicks)) AS human_clicks,
       toUInt64(sum(u.n_orders)) AS orders, sum(u.amount) AS revenue,
       toUInt64(sum(u.n_open)) AS open_tasks, toUInt64(sum(u.n_done)) AS done_tasks,
       max(u.sent_at) AS last_sent_at, max(u.clicked_at) AS last_click_at,
       max(u.outcome_at) AS last_order_at, u.sample AS sample
FROM (
  SELECT account_id, scenario, '' AS currency, count() AS n_sent,
         countIf(state IN ('delivered', 'complained')) AS n_delivered,
         toNullable(max(coalesce(accepted_at, intended_at))) AS sent_at, 0 AS n_clicks,
         CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))') AS clicked_at,
         ${NO_OUTCOME}, ${NO_TASK}, sample
  FROM relance.deliveries WHERE account_id != '' AND ${SENT}
  GROUP BY account_id, scenario, sample
  UNION ALL
  SELECT d.account_id, d.scenario, '', 0, 0, NULL, uniqExact(d.delivery_id), toNullable(max(c.at)),
         ${NO_OUTCOME}, ${NO_TASK}, d.sample
  FROM relance.delivery_events AS c
  JOIN relance.deliveries AS d ON d.delivery_id = c.delivery_id
  WHERE d.account_id != '' AND c.kind = 'clicked' GROUP BY d.account_id, d.scenario, d.sample
  UNION ALL
  SELECT account_id, scenario, unit, ${NOTHING_SENT}, if(unit = '', uniqExact(cause), 0),
         if(unit = '', toDecimal128(0, 4), sum(toDecimal128(worth, 4))), toNullable(max(at)),
         ${NO_TASK}, sample
  FROM (
    SELECT account_id, scenario, sample, if(event_id = '', outcome_id, event_id) AS cause,
           max(coalesce(value, 0)) AS worth, max(o.at) AS at,
           arrayJoin(arrayDistinct(['', o.currency])) AS unit
    FROM relance.outcomes AS o
    WHERE account_id != '' AND kind = 'converted' AND attributed_by NOT IN ('holdout', 'window')
    GROUP BY account_id, scenario, sample, cause, o.currency
  )
  GROUP BY account_id, scenario, unit, sample
  UNION ALL
  SELECT account_id, scenario, '', ${NOTHING_SENT}, ${NO_OUTCOME}, countIf(state = 'open'),
         countIf(state = 'done'), sample
  FROM relance.tasks WHERE account_id != '' GROUP BY account_id, scenario, sample
) AS u
LEFT JOIN relance.accounts AS a ON a.account_id = u.account_id
GROUP BY u.account_id, u.scenario, u.currency, u.sample`,
    example: {
      title: { en: 'What campaigns did for my accounts', fr: 'L’effet sur mes comptes' },
      sql:
        'SELECT account, scenario, currency, sent, human_clicks, orders, revenue, last_order_at\n' +
        'FROM relance.account_results WHERE owner = {owner:String} ORDER BY account, scenario',
    },
  };
}

/** How far candidates came, and why they fell. */
export function decisionFunnel({ timezone }: ViewSettings): ViewSpec {
  return {
    name: 'decision_funnel',
    grain: {
      en: 'Scenario, step, day, group, action, treatment, stage and reason; every number adds up',
      fr: 'Scénario, étape, jour, groupe, action, traitement, stade et motif ; tout s’additionne',
    },
    columns: [
      common.scenario,
      common.stepId,
      column('day', 'Date', 'Day of the decision where the business is', 'Jour local'),
      common.group,
      common.action,
      common.treatment,
      column('stage', WORD, 'Last stage reached', 'Dernier stade atteint'),
      column('reason', WORD, 'Why it fell; empty when it passed', 'Motif ; vide si retenu'),
      count('candidates', 'Candidates', 'Candidats'),
      count('passed', 'That nothing refused', 'Que rien n’a écartés'),
      count('chosen', 'Chosen', 'Choisis'),
      column('expected', 'Float64', 'Sum of propensities', 'Somme des propensions'),
      common.sample,
    ],
    select: `
SELECT scenario, step_id, toDate(decided_at, '${timezone}') AS day, \`group\`, action, treatment,
       stage, reason, count() AS candidates, countIf(passed = 1) AS passed,
       countIf(chosen = 1) AS chosen, sum(propensity) AS expected, sample
FROM relance.decision_candidates AS c
GROUP BY scenario, step_id, day, \`group\`, action, treatment, stage, reason, sample`,
    example: {
      title: { en: 'Where candidates fall', fr: 'Où tombent les candidats' },
      sql:
        'SELECT action, stage, reason, sum(candidates) AS candidates, sum(chosen) AS chosen\n' +
        'FROM relance.decision_funnel WHERE scenario = {scenario:String}\n' +
        'GROUP BY action, stage, reason ORDER BY candidates DESC',
    },
  };
}

/** What becomes of messages, by sender and domain. */
export function deliverability({ timezone }: ViewSettings): ViewSpec {
  const is = (kind: string) => `countIf(d.state = '${kind}')`;
  return {
    name: 'deliverability',
    grain: {
      en: 'Day, channel, sender, provider and domain of the address; every number adds up',
      fr: 'Jour, canal, expéditeur, prestataire et domaine de l’adresse ; tout s’additionne',
    },
    columns: [
      column('day', 'Date', 'Day asked for where the business is', 'Jour local de la demande'),
      common.channel,
      column('sender', WORD, 'Sender of relance.yaml', 'Expéditeur de relance.yaml'),
      column('provider', WORD, 'Who carried it', 'Qui l’a acheminé'),
      column('email_domain', WORD, 'Domain of the address today', 'Domaine actuel de l’adresse'),
      count('messages', 'Asked for', 'Demandés'),
      count('sent', 'A provider took it, or may have', 'Remis à un prestataire'),
      count('delivered', 'Arrived', 'Arrivés'),
      count('bounced', 'Came back', 'Revenus'),
      count('complained', 'Called spam', 'Signalés comme indésirables'),
      count('unsubscribed', 'Followed by an unsubscription', 'Suivis d’un désabonnement'),
      count('failed', 'Refused by the provider', 'Refusés par le prestataire'),
      count('uncertain', 'Answer unknown; never sent again', 'Réponse inconnue ; jamais renvoyés'),
      count('withheld', 'Not sent by policy', 'Retenus par les règles'),
      common.sample,
    ],
    select: `
SELECT toDate(d.intended_at, '${timezone}') AS day, d.channel AS channel, d.sender AS sender,
       d.provider AS provider, p.email_domain AS email_domain, count() AS messages,
       countIf(d.${SENT}) AS sent, countIf(d.state IN ('delivered', 'complained')) AS delivered,
       ${is('bounced')} AS bounced, ${is('complained')} AS complained,
       countIf(u.delivery_id != '') AS unsubscribed, ${is('failed')} AS failed,
       ${is('uncertain')} AS uncertain, ${is('withheld')} AS withheld, d.sample AS sample
FROM relance.deliveries AS d
LEFT JOIN relance.profiles AS p ON p.profile_id = d.profile_id
LEFT JOIN (
  SELECT DISTINCT delivery_id FROM relance.delivery_events WHERE kind = 'unsubscribed'
) AS u ON u.delivery_id = d.delivery_id
GROUP BY day, channel, sender, provider, email_domain, sample`,
    example: {
      title: { en: 'Bounces by domain in 7 days', fr: 'Retours par domaine sur 7 jours' },
      sql:
        'SELECT email_domain, sum(sent) AS messages, sum(bounced) / messages AS bounce_rate\n' +
        'FROM relance.deliverability\n' +
        'WHERE day >= (SELECT toDate(max(newest_at)) FROM relance.freshness) - 7\n' +
        'GROUP BY email_domain HAVING messages > 0 ORDER BY messages DESC',
    },
  };
}

/** How far the tables are behind the engine. */
export function freshness(): ViewSpec {
  return {
    name: 'freshness',
    grain: { en: 'A public table', fr: 'Une table publique' },
    columns: [
      column('table', WORD, 'Name of the table', 'Nom de la table'),
      column('newest_at', TIME_OR_NULL, 'Newest fact, engine’s clock', 'Fait le plus récent'),
      column('written_at', TIME_OR_NULL, 'Last write, wall clock, UTC', 'Dernière écriture, UTC'),
      column('rows_written', 'UInt64', 'Rows written in 7 days', 'Lignes écrites sur 7 jours'),
      column(
        'behind_p50_ms',
        'Nullable(Float64)',
        'From the log to here, median of the last hour of writes, milliseconds',
        'Du journal à ici, médiane de la dernière heure d’écritures, millisecondes',
      ),
      column(
        'behind_p99_ms',
        'Nullable(Float64)',
        'The same, 99 % of writes',
        'De même, 99 % des écritures',
      ),
    ],
    select: `
SELECT b.table AS table, max(b.newest_at) AS newest_at, max(b.written_at) AS written_at,
       sum(b.rows) AS rows_written,
       quantileIf(0.5)(b.behind_ms, b.written_at > l.since) AS behind_p50_ms,
       quantileIf(0.99)(b.behind_ms, b.written_at > l.since) AS behind_p99_ms
FROM relance.sink_batches AS b
CROSS JOIN (SELECT max(written_at) - INTERVAL 1 HOUR AS since FROM relance.sink_batches) AS l
GROUP BY b.table`,
    example: {
      title: { en: 'Is everything here?', fr: 'Tout est-il là ?' },
      sql: 'SELECT * FROM relance.freshness ORDER BY behind_p99_ms DESC',
    },
  };
}
