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

/** The state as stored: without what has columns of its own, so that a parked one stays small. */
export function packState(row: StoredEnrolment): string {
  const { state } = row;
  return JSON.stringify({
    ...state,
    enrolmentId: undefined,
    definition: undefined,
    entryKey: undefined,
    status: undefined,
    profileId: state.profileId === row.profileId ? undefined : state.profileId,
  });
}

/** The interpreter's row again; its state is parsed when asked for, as a batch waits its turn. */
export function enrolmentOf(record: EnrolmentRecord & { status?: string }): EnrolmentRow {
  let state: State | undefined;
  return {
    id: record.id as EnrolmentId,
    profileId: record.profile_id as ProfileId,
    scenario: record.scenario,
    definition: record.definition,
    entryKey: record.entry_key,
    group: record.grp as Group,
    version: record.version,
    enteredAtMs: record.entered_at_ms,
    isMixed: (record.flags & FLAG_MIXED) !== 0,
    isSample: (record.flags & FLAG_SAMPLE) !== 0,
    get state() {
      return (state ??= stateOf(record));
    },
  };
}

function stateOf(record: EnrolmentRecord & { status?: string }): State {
  return {
    profileId: record.profile_id,
    ...(JSON.parse(record.state) as Partial<State>),
    enrolmentId: record.id,
    definition: record.definition,
    entryKey: record.entry_key,
    status: record.status,
  } as State;
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
