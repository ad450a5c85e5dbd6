import { keyedPseudonyms } from '#libs/application';
import { canonicalJson, contentHash } from '#libs/kernel';
import { SUPPRESSION_KEY } from './sample.js';

type Row = Readonly<Record<string, unknown>>;

/** One table of ClickHouse beside what PostgreSQL keeps of the same. */
export interface StoredTable {
  readonly table: string;
  /** What PostgreSQL keeps, under ClickHouse's names; instants in epoch ms. */
  readonly kept: string;
  /** What ClickHouse shows of it; the whole table where absent. */
  readonly shown?: string;
  /** Said in the test's name where not all rows are compared. */
  readonly part?: string;
  /** Of these PostgreSQL keeps nothing but the fact: the tests above hold them against the log. */
  readonly inLogOnly?: readonly string[];
  /** What SQL cannot do: keyed hashes, hashes of content. */
  readonly finish?: (row: Row) => Row;
}

const pseudonyms = keyedPseudonyms(SUPPRESSION_KEY);
const hashed = (kind: string, value: unknown): string =>
  typeof value === 'string' && value !== '' ? pseudonyms.hash(kind, value) : '';

const WORKSPACE = `(SELECT compiled::jsonb FROM workspace_version ORDER BY seq DESC LIMIT 1)`;

/** The amount of an event: the first of these properties that is one. */
const AMOUNT = `(SELECT round((e.body::jsonb->'properties'->>k.name)::numeric, 4)
  FROM unnest(ARRAY['value', 'total', 'revenue', 'amount']) WITH ORDINALITY AS k(name, place)
  WHERE jsonb_typeof(e.body::jsonb->'properties'->k.name) = 'number'
    OR e.body::jsonb->'properties'->>k.name ~ '^\\s*-?\\d{1,14}(\\.\\d+)?\\s*$'
  ORDER BY k.place LIMIT 1)`;
const CURRENCY = `coalesce(
  substring(upper(trim(e.body::jsonb->'properties'->>'currency')) FROM '^[A-Z]{3}$'),
  ${WORKSPACE}#>>'{relance,currency}')`;

const score = (dimension: string, aggregate: string): string => `(
  SELECT 1 + count(*) FROM rfm_cut r, jsonb_array_elements_text(r.cuts::jsonb) AS cut
  WHERE r.dimension = '${dimension}' AND (p.doc#>>'{aggregates,${aggregate}}')::float8 > cut::float8)`;
const RFM = `CASE WHEN p.merged_into IS NULL AND (p.doc#>>'{aggregates,rfm_count}')::float8 > 0
  THEN concat_ws('-', ${score('recency', 'rfm_last_at')}, ${score('frequency', 'rfm_count')},
    ${score('monetary', 'rfm_value')}) END`;

const trait = (name: string): string => `a.traits::jsonb#>>'{${name},value}'`;

const CANDIDATES = `decision d CROSS JOIN jsonb_array_elements(d.record::jsonb->'candidates') AS c`;

/** Every table. */
export const STORED_TABLES: readonly StoredTable[] = [
  {
    table: 'events',
    kept: `
      SELECT e.msg_key::text AS event_id, e.body::jsonb->>'messageId' AS message_id,
        e.at_ms AS occurred_at, e.received_at_ms AS received_at, n.profile_id, e.source, e.name,
        (e.body::json->'properties')::text AS properties, ${AMOUNT} AS value,
        CASE WHEN ${AMOUNT} IS NOT NULL THEN ${CURRENCY} END AS currency,
        e.is_historical AS historical, e.is_sample AS sample, 1 AS version
      FROM event e LEFT JOIN node n USING (node_id)`,
    inLogOnly: ['account_id'],
  },
  {
    table: 'profiles',
    kept: `
      SELECT p.profile_id, p.merged_into, p.first_seen_ms AS created_at,
        p.updated_at_ms AS updated_at, p.doc#>>'{traits,country}' AS country,
        p.doc#>>'{traits,locale}' AS locale, p.doc#>>'{traits,timezone}' AS timezone,
        p.doc#>>'{traits,email}' AS email_hash,
        split_part(p.doc#>>'{traits,email}', '@', 2) AS email_domain,
        p.doc->'segments' AS segments, p.doc->'consents' AS consents, ${RFM} AS rfm,
        p.doc->'aggregates' AS aggregates, p.account_id, p.doc->>'owner' AS owner,
        p.is_sample AS sample, p.version
      FROM profile p
      -- Ids made and merged within one batch were never told of: nobody has met them.
      WHERE NOT (p.merged_into IS NOT NULL AND p.version = 1)`,
    finish: (row) => ({ ...row, email_hash: hashed('email', row['email_hash']) }),
  },
  {
    table: 'profile_history',
    part: 'last values of traits in ',
    kept: `
      SELECT p.profile_id || '/' || t.key AS fact_key, p.profile_id, t.key AS trait,
        t.value, p.is_sample AS sample,
        coalesce(${WORKSPACE}#>>ARRAY['profile', 'traits', t.key, 'personal'], 'true') AS personal
      FROM profile p CROSS JOIN jsonb_each(p.doc->'traits') AS t`,
    shown: `
      SELECT concat(profile_id, '/', trait) AS fact_key, * EXCEPT fact_key
      FROM (
        SELECT * FROM relance.profile_history_rows FINAL
        ORDER BY version DESC LIMIT 1 BY profile_id, trait
      ) WHERE value IS NOT NULL`,
    finish: ({ personal, ...row }) => {
      const value = typeof row['value'] === 'string' ? row['value'] : canonicalJson(row['value']);
      return { ...row, value: personal === 'true' ? hashed(String(row['trait']), value) : value };
    },
    // A value said again keeps its first day and source here; the store keeps the last word on it.
    inLogOnly: ['source', 'valid_from', 'version'],
  },
  {
    table: 'accounts',
    kept: `
      SELECT a.account_id, ${trait('name')} AS name, ${trait('siren')} AS siren,
        lower(${trait('owner')}) AS owner, ${trait('country')} AS country,
        count(p.profile_id)::int AS people,
        coalesce(sum((p.doc#>>'{aggregates,revenue_365d}')::numeric), 0)::numeric(18, 2)
          AS revenue_365d,
        ${WORKSPACE}#>>'{relance,currency}' AS currency, a.updated_at_ms AS updated_at,
        a.is_sample AS sample, a.version
      FROM account a
      LEFT JOIN profile p ON p.account_id = a.account_id AND p.merged_into IS NULL
      GROUP BY a.account_id`,
  },
  {
    table: 'scores',
    part: 'last values in ',
    kept: `
      SELECT profile_id || '/' || name AS fact_key, profile_id, name,
        split_part(rfm, '-', place::int)::int AS value, 'rfm' AS model, sample
      FROM (SELECT p.profile_id, p.is_sample AS sample, ${RFM} AS rfm FROM profile p) scored
      CROSS JOIN unnest(ARRAY['rfm_recency', 'rfm_frequency', 'rfm_monetary'])
        WITH ORDINALITY AS dimension(name, place)
      WHERE rfm IS NOT NULL`,
    // 0 is told of whoever has no score any more.
    shown: `
      SELECT concat(profile_id, '/', name) AS fact_key, * EXCEPT fact_key
      FROM (
        SELECT * FROM relance.scores_rows FINAL ORDER BY at DESC LIMIT 1 BY profile_id, name
      ) WHERE value > 0`,
    // The store keeps the last score, and not since when.
    inLogOnly: ['at', 'version'],
  },
  {
    table: 'consents',
    kept: `
      SELECT c.event_key || '/' || c.purpose AS fact_key, n.profile_id, c.at_ms AS at, c.channel,
        c.purpose, c.status, c.basis, c.source,
        CASE WHEN c.proof IS NOT NULL THEN 'consent:' || c.event_key END AS proof,
        e.is_sample AS sample, 1 AS version
      FROM consent_event c JOIN node n USING (node_id) JOIN event e ON e.msg_key = c.event_key`,
  },
  {
    table: 'suppressions',
    kept: `
      SELECT id AS fact_key, channel, scope, address_hash, reason, is_active AS active,
        from_ms AS from_at, until_ms AS until_at, version FROM suppression`,
    // An address is suppressed, whoever has it: the store keeps nobody beside it.
    inLogOnly: ['profile_id', 'sample'],
  },
  {
    table: 'enrolments',
    kept: `
      SELECT r.id AS enrolment_id, r.scenario, r.definition, r.profile_id, r.entry_key,
        r.grp AS "group", r.state, r.entered_at_ms AS entered_at, r.ended_at_ms AS ended_at,
        r.ended_as, r.version, r.flags & 1 AS mixed, r.flags >> 1 & 1 AS sample,
        r.entered_at_ms + (d.body::jsonb#>>'{goal,withinMs}')::bigint AS matures_at
      FROM (
        SELECT id, scenario, definition, profile_id, entry_key, grp, status AS state,
          entered_at_ms, NULL::bigint AS ended_at_ms, NULL AS ended_as, version, flags
        FROM enrolment
        UNION ALL SELECT id, scenario, definition, profile_id, entry_key, grp, 'ended',
          entered_at_ms, ended_at_ms, ended_as, version, flags FROM enrolment_ended
      ) r JOIN definition d ON d.hash = r.definition`,
    inLogOnly: ['account_id', 'runtime'],
  },
  {
    table: 'enrolment_steps',
    part: 'steps still waited in, in ',
    kept: `
      SELECT e.id || '/' || c.step_id || '#' || c.visit AS fact_key,
        e.id AS enrolment_id, e.scenario, e.definition, c.step_id, c.visit, e.profile_id,
        c.entered_at, NULL AS left_at, 'waiting' AS result, NULL AS branch,
        e.flags >> 1 & 1 AS sample, 1 AS version
      FROM enrolment e CROSS JOIN LATERAL (
        -- As states are packed: step (0 is that of the column), visit, time since the entry.
        SELECT CASE WHEN p->>0 = '0' THEN e.step_id ELSE p->>0 END AS step_id,
          (p->>1)::int AS visit, e.entered_at_ms + (p->>2)::bigint AS entered_at
        FROM jsonb_array_elements(e.state::jsonb->'c') AS p) AS c`,
    shown: 'SELECT * FROM relance.enrolment_steps_rows FINAL WHERE left_at IS NULL',
  },
  {
    table: 'decisions',
    kept: `
      SELECT d.id AS decision_id, d.enrolment_id, d.scenario, r->>'definition' AS definition,
        d.step_id, d.profile_id, d.decided_at_ms AS decided_at, r->>'group' AS "group",
        r->>'model' AS model, r->>'modelVersion' AS model_version, r->>'policy' AS policy,
        r->>'seed' AS seed, d.chosen_action, d.chosen_treatment,
        r->'chosenPropensity' AS chosen_propensity, r->'explored' AS explored,
        r->'epsilon' AS epsilon, r->'nCandidates' AS n_candidates, r->'nEligible' AS n_eligible,
        r->>'fallbackReason' AS fallback_reason, r->'features' AS features, d.sample, 1 AS version
      FROM decision d CROSS JOIN LATERAL (SELECT d.record::jsonb AS r)`,
    inLogOnly: ['mode', 'latency_us'],
  },
  {
    table: 'decision_candidates',
    kept: `
      SELECT d.id || '/' || (c->>'action') || '/' || coalesce(c->>'treatment', '') AS fact_key,
        d.id AS decision_id, c->>'action' AS action, c->>'treatment' AS treatment,
        c->>'channel' AS channel, c->>'stage' AS stage, c->'passed' AS passed,
        c->>'reason' AS reason, c->>'reasonDetail' AS reason_detail, c->'pRaw' AS p_raw,
        c->'pSampled' AS p_sampled, c->'pCalibrated' AS p_calibrated, c->'sd' AS sd,
        round((c->>'value')::numeric, 4) AS value, c->'contextWeight' AS context_weight,
        c->'lever' AS lever, round((c->>'cost')::numeric, 4) AS cost, c->'score' AS score,
        c->'propensity' AS propensity, c->'rank' AS rank, (
          SELECT coalesce(jsonb_agg(jsonb_build_object('feature', k->0, 'value', k->1)), '[]')
          FROM jsonb_array_elements(c->'contributions') AS k
        ) AS contributions,
        d.scenario, d.step_id, d.decided_at_ms AS decided_at, d.record::jsonb->>'group' AS "group",
        c->>'action' = d.chosen_action AND coalesce(c->>'treatment', '') = d.chosen_treatment
          AS chosen,
        d.profile_id, d.sample, 1 AS version
      FROM ${CANDIDATES}`,
  },
  {
    table: 'deliveries',
    kept: `
      SELECT id AS delivery_id, decision_id, enrolment_id, scenario, step_id, profile_id,
        account_id, channel, action, treatment, template, purpose, sender, state,
        intended_at_ms AS intended_at, accepted_at_ms AS accepted_at, updated_at_ms AS updated_at,
        provider, provider_id, cost, currency, sms_segments, sample,
        -- A message in hand or tried again is told by the state it comes to next.
        CASE WHEN state <> 'intended' THEN version END AS version
      FROM delivery`,
  },
  {
    table: 'delivery_events',
    kept: `
      SELECT v.id AS fact_key, v.delivery_id, v.kind, v.at_ms AS at, v.link, v.code, v.detail,
        v.evidence, d.profile_id, d.enrolment_id, d.decision_id, d.scenario, d.channel, d.sample,
        1 AS version
      FROM (
        SELECT id, delivery_id, kind, at_ms, link, code, detail, evidence::jsonb AS evidence
        FROM delivery_event
        -- That a provider took it stands in the message's own row.
        UNION ALL SELECT id || '/accepted', id, 'accepted', accepted_at_ms, NULL, NULL, NULL, '[]'
        FROM delivery WHERE accepted_at_ms IS NOT NULL
      ) v JOIN delivery d ON d.id = v.delivery_id`,
  },
  {
    table: 'withheld',
    kept: `
      SELECT id AS withheld_id, enrolment_id, decision_id, scenario, step_id, profile_id, channel,
        action, stage, reason, at_ms AS at, 1 AS version FROM withheld`,
    inLogOnly: ['sample'],
  },
  {
    table: 'tasks',
    kept: `
      SELECT id AS task_id, profile_id, account_id, owner, scenario, enrolment_id, decision_id,
        title, due_at_ms AS due_at, state, outcome, closed_at_ms AS closed_at,
        created_at_ms AS created_at, sample, version FROM task`,
  },
  {
    table: 'outcomes',
    kept: `
      SELECT id AS outcome_id, kind, profile_id, account_id, at_ms AS at, value, currency,
        event_key AS event_id, delivery_id, decision_id, enrolment_id, scenario, attributed_by,
        1 AS version
      FROM outcome`,
    inLogOnly: ['sample'],
  },
  {
    table: 'rewards',
    kept: `
      SELECT r.decision_id || '/' || r.reward AS fact_key, r.decision_id, r.reward, r.value,
        r.is_final, r.matured_at_ms AS matured_at, d.scenario, d.step_id,
        d.chosen_action AS action, d.chosen_treatment AS treatment, r.profile_id, d.sample,
        r.version
      FROM reward r JOIN decision d ON d.id = r.decision_id`,
  },
  {
    table: 'scenarios',
    kept: `
      WITH published AS (
        SELECT v.seq, d.value->>'scenario' AS scenario, d.value->>'hash' AS definition,
          d.value AS body, v.compiled::jsonb->'relance' AS relance
        FROM workspace_version v CROSS JOIN jsonb_array_elements(v.compiled::jsonb->'definitions') AS d
      )
      SELECT DISTINCT ON (p.scenario, p.definition)
        p.scenario || '@' || p.definition AS fact_key, p.scenario, p.definition,
        p.body#>>'{name,fr}' AS name_fr, p.body#>>'{name,en}' AS name_en,
        CASE WHEN s.definition = p.definition THEN s.state ELSE 'retired' END AS state,
        d.published_at_ms AS published_at, p.body#>'{goal,withinMs}' AS goal_within_ms,
        jsonb_build_object(
          'holdout', h.holdout + (1 - h.holdout - h.control) * h.own,
          'random_control', h.control,
          'rules', (1 - h.holdout - h.control) * h.usual,
          'policy', (1 - h.holdout - h.control) * (1 - h.own - h.usual)) AS group_shares
      FROM published p JOIN definition d ON d.hash = p.definition
      JOIN scenario_state s ON s.scenario = p.scenario
      CROSS JOIN LATERAL (SELECT (p.relance#>>'{holdout,share}')::float8 AS holdout,
        (p.relance#>>'{random_control,share}')::float8 AS control,
        (p.body->>'holdoutShare')::float8 AS own,
        CASE WHEN jsonb_path_exists(p.body, '$.steps.* ? (@.businessAsUsual != null)')
          THEN least((p.relance#>>'{business_as_usual,share}')::float8,
            1 - (p.body->>'holdoutShare')::float8)
          ELSE 0 END AS usual) h
      ORDER BY p.scenario, p.definition, p.seq DESC`,
    inLogOnly: ['sample', 'version'],
  },
  {
    table: 'actions',
    kept: `
      SELECT a.value AS action, v.compiled::jsonb#>>'{relance,currency}' AS currency,
        min(v.applied_at_ms) OVER (PARTITION BY a.value) AS published_at,
        v.seq = (SELECT max(seq) FROM workspace_version) AS active
      FROM workspace_version v CROSS JOIN jsonb_array_elements(v.compiled::jsonb->'actions') AS a
      -- Of a version published again the last row counts.
      ORDER BY v.seq`,
    finish: actionOf,
    inLogOnly: ['sample', 'version'],
  },
];

interface Action {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly issue: string;
  readonly value: string;
  readonly cost: Readonly<Record<string, number>>;
}

function actionOf({ action, ...row }: Row): Row {
  const { id, name, issue, value, cost } = action as Action;
  const definition = contentHash(action);
  return {
    ...row,
    fact_key: `${id}@${definition}`,
    action: id,
    definition,
    name_fr: name['fr'],
    name_en: name['en'],
    issue,
    purpose: '',
    // An expression has no amount before it is decided for somebody.
    value: Number.isFinite(Number(value)) ? Number(value) : null,
    costs: cost,
  };
}
