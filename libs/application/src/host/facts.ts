import type { EnrolmentFact, StepFact } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';
import type { Definition, StepTaken } from '#libs/scenario';
import type { EnrolmentRow } from '../runtime/ports.js';

/** The fact of an enrolment as it stands. */
export function enrolmentFact(
  row: EnrolmentRow,
  definition: Definition,
  at: { readonly accountId: string | null; readonly nowMs: EpochMs },
): EnrolmentFact {
  const { state } = row;
  const isOver = state.status === 'ended';
  return {
    id: row.id,
    kind: 'enrolment',
    version: row.version,
    atMs: at.nowMs,
    profileId: row.profileId,
    body: {
      scenario: row.scenario,
      definition: row.definition,
      accountId: at.accountId,
      entryKey: row.entryKey,
      group: row.group,
      state: state.status,
      enteredAtMs: row.enteredAtMs,
      endedAtMs: isOver ? state.lastAtMs : null,
      endedAs: state.endedAs,
      runtime: 'embedded',
      maturesAtMs: definition.goal === null ? null : row.enteredAtMs + definition.goal.withinMs,
      mixed: row.isMixed,
      sample: row.isSample,
    },
  };
}

/** The fact of a step: version 1 while it waits, 2 once it is left. */
export function stepFact(row: EnrolmentRow, step: StepTaken, nowMs: EpochMs): StepFact {
  return {
    id: `${row.id}/${step.stepId}#${step.visit}`,
    kind: 'step',
    version: step.leftAtMs === undefined ? 1 : 2,
    atMs: nowMs,
    profileId: row.profileId,
    body: {
      enrolmentId: row.id,
      scenario: row.scenario,
      definition: row.definition,
      stepId: step.stepId,
      visit: step.visit,
      enteredAtMs: step.enteredAtMs,
      leftAtMs: step.leftAtMs ?? null,
      result: step.result,
      branch: step.branch ?? null,
      sample: row.isSample,
    },
  };
}
