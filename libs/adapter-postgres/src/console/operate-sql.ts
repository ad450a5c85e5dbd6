import { EVERYTHING, type EnrolmentChoice, type OperatorAct } from '#libs/application';

/** Longest that quiet hours put a message off: one that failed since was intended no earlier. */
const PUT_OFF_MS = 96 * 3_600_000;

/** Nothing holds the enrolment `e`. */
const NOT_HELD = `NOT EXISTS (SELECT 1 FROM engine_hold WHERE scope = '${EVERYTHING}')
  AND e.scenario <> ALL(ARRAY(SELECT scope FROM engine_hold))`;

/** Parameters every query of a choice takes, in this order. */
export function valuesOf(choice: EnrolmentChoice): readonly unknown[] {
  return [
    choice.scenario,
    choice.stepId,
    choice.reason,
    choice.ids,
    choice.nowMs,
    choice.overdueBeforeMs,
    choice.stuckBeforeMs,
    choice.failedSinceMs,
    choice.answerSteps,
  ];
}

/** Typed once, so that a query may leave some of them out. */
const PARAMETERS = `parameters AS (SELECT $1::text AS scenario, $2::text AS step_id,
  $3::text AS reason, $4::text[] AS ids, $5::bigint AS now_ms, $6::bigint AS overdue_ms,
  $7::bigint AS stuck_ms, $8::bigint AS failed_ms, $9::text[] AS steps)`;

/** What did not go, the last of each enrolment; only the last counts. */
const FAILED = `failed AS (
  SELECT DISTINCT ON (enrolment_id) enrolment_id, profile_id, scenario, step_id, reason, at_ms
  FROM (
    SELECT d.enrolment_id, d.profile_id, d.scenario, d.step_id, d.state AS reason,
      d.updated_at_ms AS at_ms
    FROM delivery d
    WHERE d.state IN ('failed', 'uncertain') AND d.updated_at_ms >= $8
      AND d.intended_at_ms >= $8::bigint - ${PUT_OFF_MS}
    UNION ALL
    SELECT w.enrolment_id, w.profile_id, w.scenario, w.step_id, w.reason, w.at_ms
    FROM withheld w WHERE w.at_ms >= $8 AND w.reason <> 'enrolment_ended'
  ) f
  WHERE enrolment_id IS NOT NULL
  ORDER BY enrolment_id, at_ms DESC
)`;

// No CASE around it: the planner then joins what is put off once, instead of looking for each.
const STUCK = `e.status = 'running' AND e.step_id = ANY($9) AND ${NOT_HELD}
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.enrolment_id = e.id
    AND d.state = 'intended' AND d.send_at_ms > $5)
  AND e.waits_for = 'result'
  AND e.since_ms < $7`;

/** When an enrolment is in trouble, as a condition on `e`. */
const CONDITIONS: Readonly<Record<EnrolmentChoice['trouble'], string>> = {
  any: 'true',
  paused: `e.status = 'paused'`,
  overdue: `e.status = 'running' AND e.due_at_ms < $6 AND ${NOT_HELD}`,
  stuck: STUCK,
  failing: `EXISTS (SELECT 1 FROM failed f WHERE f.enrolment_id = e.id
    AND ($3::text IS NULL OR f.reason = $3))`,
};

/** Who an act has anything to do to. */
const TOUCHED: Readonly<Record<OperatorAct, string>> = {
  pause: `e.status = 'running'`,
  resume: `e.status = 'paused'`,
  stop: `e.status IN ('running', 'paused')`,
};

/** Head of every query of a choice. */
export function headOf(choice: EnrolmentChoice): string {
  return `WITH ${PARAMETERS}${choice.trouble === 'failing' ? `, ${FAILED}` : ''}`;
}

/** Which enrolments `e` a choice names. */
export function whereOf(choice: EnrolmentChoice): string {
  return `($1::text IS NULL OR e.scenario = $1) AND ($2::text IS NULL OR e.step_id = $2)
    AND ($4::text[] IS NULL OR e.id = ANY($4)) AND ${CONDITIONS[choice.trouble]}`;
}

/** Which of them an act touches. */
export function touchedBy(act: OperatorAct): string {
  return TOUCHED[act];
}
