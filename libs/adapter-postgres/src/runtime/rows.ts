import type { EnrolmentRow, Group, StoredEnrolment, WatchRow } from '#libs/application';
import type { EnrolmentId, ProfileId } from '#libs/kernel';
import type { State, WatchVars } from '#libs/scenario';

const FLAG_MIXED = 1;
const FLAG_SAMPLE = 2;

/** A row of `enrolment` as PostgreSQL gives it. */
export interface EnrolmentRecord {
  [column: string]: unknown;
  id: string;
  profile_id: string;
  scenario: string;
  definition: string;
  entry_key: string;
  grp: string;
  version: number;
  entered_at_ms: number;
  flags: number;
  state: string;
}

/** Columns read for an enrolment. */
export const ENROLMENT_COLUMNS =
  'id, profile_id, scenario, definition, entry_key, grp, version, entered_at_ms, flags, state';

/** Flags of a row as one integer. */
export function flagsOf(row: { readonly isMixed?: boolean; readonly isSample: boolean }): number {
  return (row.isMixed === true ? FLAG_MIXED : 0) | (row.isSample ? FLAG_SAMPLE : 0);
}

// These have columns of their own: a parked enrolment stays small.
const COLUMNS_OF_STATE: ReadonlySet<string> = new Set([
  'enrolmentId',
  'definition',
  'entryKey',
  'status',
]);

/** The state as stored: without what the row says already. */
export function packState(row: StoredEnrolment): string {
  const isOwn = row.state.profileId === row.profileId;
  const kept = Object.entries(row.state).filter(
    ([name]) => !COLUMNS_OF_STATE.has(name) && !(isOwn && name === 'profileId'),
  );
  return JSON.stringify(Object.fromEntries(kept));
}

/** The interpreter's state again, from the row. */
export function enrolmentOf(record: EnrolmentRecord & { status?: string }): EnrolmentRow {
  const id = record.id as EnrolmentId;
  const profileId = record.profile_id as ProfileId;
  const packed = JSON.parse(record.state) as Partial<State>;
  return {
    id,
    profileId,
    scenario: record.scenario,
    definition: record.definition,
    entryKey: record.entry_key,
    group: record.grp as Group,
    version: record.version,
    enteredAtMs: record.entered_at_ms,
    isMixed: (record.flags & FLAG_MIXED) !== 0,
    isSample: (record.flags & FLAG_SAMPLE) !== 0,
    state: {
      profileId,
      ...packed,
      enrolmentId: id,
      definition: record.definition,
      entryKey: record.entry_key,
      status: record.status,
    } as State,
  };
}

/** A row of `watch` as PostgreSQL gives it. */
export interface WatchRecord {
  [column: string]: unknown;
  id: string;
  profile_id: string;
  kind: string;
  enrolment_id: string;
  decision_id: string | null;
  scenario: string;
  definition: string;
  step_id: string | null;
  event_names: string[];
  grp: string;
  vars: string;
  from_ms: number;
  until_ms: number;
  matched: number;
  flags: number;
}

/** A watch again, from the row. */
export function watchOf(record: WatchRecord): WatchRow {
  return {
    id: record.id,
    profileId: record.profile_id as ProfileId,
    kind: record.kind === 'goal' ? 'goal' : 'reward',
    enrolmentId: record.enrolment_id as EnrolmentId,
    decisionId: record.decision_id,
    scenario: record.scenario,
    definition: record.definition,
    stepId: record.step_id,
    on: record.event_names,
    group: record.grp as Group,
    vars: JSON.parse(record.vars) as WatchVars,
    fromMs: record.from_ms,
    untilMs: record.until_ms,
    matched: record.matched,
    isSample: (record.flags & FLAG_SAMPLE) !== 0,
  };
}
