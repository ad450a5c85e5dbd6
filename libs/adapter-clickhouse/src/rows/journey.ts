import type { FactOf } from '#libs/contracts';
import { base, flag, one, text, time, timeOrNull, type TableRow } from './shared.js';

/** An enrolment. */
export function enrolmentRows(fact: FactOf<'enrolment'>): readonly TableRow[] {
  const { body } = fact;
  return one('enrolments', {
    ...base(fact),
    enrolment_id: fact.id,
    scenario: body.scenario,
    definition: body.definition,
    account_id: text(body.accountId),
    entry_key: body.entryKey,
    group: body.group,
    state: body.state,
    entered_at: time(body.enteredAtMs),
    ended_at: timeOrNull(body.endedAtMs),
    ended_as: text(body.endedAs),
    runtime: body.runtime,
    matures_at: timeOrNull(body.maturesAtMs),
    mixed: flag(body.mixed),
  });
}

/** A step. */
export function stepRows(fact: FactOf<'step'>): readonly TableRow[] {
  const { body } = fact;
  return one('enrolment_steps', {
    ...base(fact),
    fact_key: fact.id,
    enrolment_id: body.enrolmentId,
    scenario: body.scenario,
    definition: body.definition,
    step_id: body.stepId,
    visit: body.visit,
    entered_at: time(body.enteredAtMs),
    left_at: timeOrNull(body.leftAtMs),
    result: text(body.result),
    branch: text(body.branch),
  });
}

/** A task. */
export function taskRows(fact: FactOf<'task'>): readonly TableRow[] {
  const { body } = fact;
  return one('tasks', {
    ...base(fact),
    task_id: fact.id,
    account_id: text(body.accountId),
    owner: body.owner,
    scenario: text(body.scenario),
    decision_id: text(body.decisionId),
    title: body.title,
    due_at: timeOrNull(body.dueAtMs),
    state: body.state,
    outcome: text(body.outcome),
    closed_at: timeOrNull(body.closedAtMs),
    created_at: time(body.createdAtMs),
    enrolment_id: text(body.enrolmentId),
  });
}

/** A scenario version. */
export function scenarioRows(fact: FactOf<'scenario'>): readonly TableRow[] {
  const { body } = fact;
  return one('scenarios', {
    version: fact.version,
    sample: flag(body.sample),
    fact_key: fact.id,
    scenario: body.scenario,
    definition: body.definition,
    name_fr: body.nameFr,
    name_en: body.nameEn,
    state: body.state,
    published_at: timeOrNull(body.publishedAtMs),
    goal_within_ms: body.goalWithinMs,
    group_shares: body.groupShares,
  });
}

/** An action version. */
export function actionRows(fact: FactOf<'action'>): readonly TableRow[] {
  const { body } = fact;
  return one('actions', {
    version: fact.version,
    sample: flag(body.sample),
    fact_key: fact.id,
    action: body.action,
    definition: body.definition,
    name_fr: body.nameFr,
    name_en: body.nameEn,
    issue: body.issue,
    purpose: body.purpose,
    value: body.value,
    costs: body.costs,
    currency: body.currency,
    active: flag(body.active),
    published_at: timeOrNull(body.publishedAtMs),
  });
}
