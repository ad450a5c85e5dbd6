import { hashId } from '#libs/kernel';
import type { WatchSpec } from '#libs/scenario';
import type { EnrolmentRow, WatchRow } from '../runtime/ports.js';

/** The row of a watch: one a goal and enrolment, one a decision. */
export function watchRow(row: EnrolmentRow, spec: WatchSpec): WatchRow {
  return {
    id: hashId('watch', spec.kind, spec.decisionId ?? row.id),
    profileId: row.profileId,
    kind: spec.kind,
    enrolmentId: row.id,
    decisionId: spec.decisionId,
    scenario: row.scenario,
    definition: row.definition,
    stepId: spec.stepId,
    on: spec.on,
    group: row.group,
    vars: spec.vars,
    fromMs: spec.fromMs,
    untilMs: spec.untilMs,
    matched: 0,
    isSample: row.isSample,
  };
}
