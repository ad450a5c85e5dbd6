/** Tables with a row's node, and those with a row's profile: whose node or profile is gone goes too. */
const BY_NODE = ['claim', 'bucket_day', 'consent_event', 'account_member', 'profile_identity'];
const BY_PROFILE = [
  'contact_point',
  'profile_date',
  'segment_member',
  'agg_deadline',
  'enrolment_ended',
  'entry_ledger',
  'watch',
  'outcome',
  'reward',
  'withheld',
  'webhook_call',
  'profile_cap',
  'cap_reservation',
];

/** What the engine says of a person by itself makes nobody real. */
const IS_REAL = `NOT e.is_sample AND e.type <> 'engine' AND e.source NOT IN ('relance', 'sms_reply')`;

/**
 * Who and what goes, as temporary tables: people and accounts of the sample of whom no event of
 * somebody else tells, and every id that led to them.
 */
export const MARK = [
  `CREATE TEMP TABLE gone_profile ON COMMIT DROP AS
   SELECT p.profile_id FROM profile p WHERE p.is_sample AND p.merged_into IS NULL
     AND NOT EXISTS (SELECT 1 FROM node n JOIN event e ON e.node_id = n.node_id
       WHERE n.profile_id = p.profile_id AND ${IS_REAL})`,
  `INSERT INTO gone_profile
   SELECT p.profile_id FROM profile p JOIN gone_profile g ON g.profile_id = p.merged_into`,
  `CREATE TEMP TABLE gone_node ON COMMIT DROP AS
   SELECT n.node_id FROM node n JOIN gone_profile g ON g.profile_id = n.profile_id`,
  `CREATE TEMP TABLE gone_account ON COMMIT DROP AS
   SELECT a.account_id FROM account a WHERE a.is_sample
     AND NOT EXISTS (SELECT 1 FROM account_member m
       WHERE m.account_id = a.account_id AND m.node_id NOT IN (SELECT node_id FROM gone_node))
     AND NOT EXISTS (SELECT 1 FROM event e
       CROSS JOIN LATERAL jsonb_each_text(e.body::jsonb#>'{account,ids}') AS said
       JOIN account_identity i ON lower(i.value_norm) = lower(said.value)
       WHERE i.account_id = a.account_id AND e.type = 'group' AND ${IS_REAL})`,
  `CREATE TEMP TABLE gone_contact ON COMMIT DROP AS
   SELECT ns || ':' || value_norm AS contact FROM profile_identity
   WHERE node_id IN (SELECT node_id FROM gone_node)`,
  'ANALYZE gone_profile',
  'ANALYZE gone_node',
];

const OF_GONE = 'profile_id IN (SELECT profile_id FROM gone_profile)';
const NODE_GONE = 'node_id IN (SELECT node_id FROM gone_node)';
const GONE_DELIVERY = `delivery_id IN (SELECT id FROM delivery WHERE ${OF_GONE})`;

/** A JSON text as such; text that a store of JSON cannot hold says nothing. */
const json = (column: string): string =>
  `CASE WHEN pg_input_is_valid(${column}, 'jsonb') THEN ${column}::jsonb END`;

/** A JSON text that says of itself that it is of the sample; LIKE first, for it reads no JSON. */
const says = (column: string, path: string): string =>
  `${column} LIKE '%"sample":true%' AND (${json(column)})#>'${path}' = 'true'::jsonb`;

const factOfSample = `key IN (SELECT profile_id FROM gone_profile) OR (${says('value', '{body,sample}')})
  OR (${json('value')})->>'profileId' IN (SELECT profile_id FROM gone_profile)`;
const changeOfSample = 'key IN (SELECT profile_id FROM gone_profile)';

const counted = (name: string, sql: string): readonly [string, string] => [name, sql];

/** What is taken away, under the name it is counted by; rows that hang on others come first. */
export const TAKE_AWAY: readonly (readonly [name: string, sql: string])[] = [
  counted('records', `DELETE FROM log_events_raw WHERE ${says('value', '{sample}')}`),
  counted('records', `DELETE FROM log_events_historical WHERE ${says('value', '{sample}')}`),
  counted('records', `DELETE FROM log_profile_changes WHERE ${changeOfSample}`),
  counted('records', `DELETE FROM change_outbox WHERE ${changeOfSample}`),
  counted('records', `DELETE FROM log_facts WHERE ${factOfSample}`),
  counted('records', `DELETE FROM fact_outbox WHERE ${factOfSample}`),
  counted('records', `DELETE FROM dead_letter WHERE ${says('raw', '{sample}')}`),
  counted(
    'records',
    `DELETE FROM crm_credit WHERE event_key IN (SELECT event_key FROM outcome WHERE ${OF_GONE})`,
  ),
  counted(
    'records',
    `DELETE FROM crm_outbox WHERE state <> 'batched'
       AND partition_key IN (SELECT contact FROM gone_contact)`,
  ),
  counted('records', 'DELETE FROM crm_known WHERE contact IN (SELECT contact FROM gone_contact)'),
  counted(
    'mails',
    `DELETE FROM sandbox_message WHERE ${GONE_DELIVERY} OR delivery_id IS NULL AND recipient IN (
       SELECT address FROM contact_point GROUP BY address
       HAVING bool_and(${OF_GONE}))`,
  ),
  counted('records', `DELETE FROM delivery_event WHERE ${GONE_DELIVERY}`),
  counted('messages', `DELETE FROM delivery WHERE ${OF_GONE}`),
  counted('tasks', `DELETE FROM task WHERE ${OF_GONE}`),
  counted(
    'records',
    `DELETE FROM inbox WHERE enrolment_id IN (SELECT id FROM enrolment WHERE ${OF_GONE})`,
  ),
  counted('enrolments', `DELETE FROM enrolment WHERE ${OF_GONE}`),
  ...BY_PROFILE.map((table) =>
    counted(
      table === 'enrolment_ended' ? 'enrolments' : 'records',
      `DELETE FROM ${table} WHERE ${OF_GONE}`,
    ),
  ),
  counted('decisions', `DELETE FROM decision WHERE ${OF_GONE}`),
  counted('events', `DELETE FROM event WHERE ${NODE_GONE} OR node_id IS NULL AND is_sample`),
  ...BY_NODE.map((table) => counted('records', `DELETE FROM ${table} WHERE ${NODE_GONE}`)),
  counted(
    'records',
    `DELETE FROM merge_refused WHERE ${OF_GONE} OR other_id IN (SELECT profile_id FROM gone_profile)`,
  ),
  counted(
    'records',
    `DELETE FROM cannot_link WHERE node_a IN (SELECT node_id FROM gone_node)
       OR node_b IN (SELECT node_id FROM gone_node)`,
  ),
  counted(
    'records',
    `DELETE FROM merge_log WHERE target IN (SELECT profile_id FROM gone_profile)
       OR source IN (SELECT profile_id FROM gone_profile)`,
  ),
  counted(
    'records',
    'DELETE FROM account_identity WHERE account_id IN (SELECT account_id FROM gone_account)',
  ),
  counted(
    'accounts',
    'DELETE FROM account WHERE account_id IN (SELECT account_id FROM gone_account)',
  ),
  counted('records', `DELETE FROM node WHERE ${NODE_GONE}`),
  counted('people', `DELETE FROM profile WHERE merged_into IS NULL AND ${OF_GONE}`),
  counted('records', `DELETE FROM profile WHERE ${OF_GONE}`),
  counted('records', 'DELETE FROM sample_progress'),
];

/** What the models learned, of the rewards that are left: nobody learns from invented people. */
export const LEARN_ANEW = [
  'DELETE FROM posterior',
  `INSERT INTO posterior (scenario, step_id, action, treatment, successes, failures, updated_at_ms)
   SELECT coalesce(d.scenario, ''), coalesce(d.step_id, ''), d.chosen_action, d.chosen_treatment,
     count(*) FILTER (WHERE r.value > 0), count(*) FILTER (WHERE r.value = 0 AND r.is_final),
     max(r.matured_at_ms)
   FROM reward r JOIN decision d ON d.id = r.decision_id
   WHERE d.chosen_action <> 'nothing' AND (r.value > 0 OR r.is_final)
   GROUP BY d.scenario, d.step_id, d.chosen_action, d.chosen_treatment`,
];
