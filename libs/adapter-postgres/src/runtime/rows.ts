import type { EnrolmentRow, Group, StoredEnrolment, WatchRow } from '#libs/application';
import type { DefinitionHash, EnrolmentId, ProfileId } from '#libs/kernel';
import type { State, WatchVars } from '#libs/scenario';
import { packState, unpackState } from './packed-state.js';

const FLAG_MIXED = 1;
const FLAG_SAMPLE = 2;
/** Paused by a hold over everything or over its scenario: goes on when that ends. */
const FLAG_HELD = 4;

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
  step_id: string;
  state: string;
}

/** Columns read for an enrolment. */
export const ENROLMENT_COLUMNS =
  'id, profile_id, scenario, definition, entry_key, grp, version, entered_at_ms, flags, step_id, state';

/** Flags of a row as one integer. */
export function flagsOf(row: {
  readonly isMixed?: boolean;
  readonly isHeld?: boolean;
  readonly isSample: boolean;
}): number {
  const isMixed = row.isMixed === true ? FLAG_MIXED : 0;
  const isHeld = row.isHeld === true ? FLAG_HELD : 0;
  return isMixed | isHeld | (row.isSample ? FLAG_SAMPLE : 0);
}

/** The state as stored, without what has columns of its own. */
export function stateText({ state, ...row }: StoredEnrolment): string {
  const { profileId, enteredAtMs, stepId } = row;
  return packState(state, { ...state, profileId, enteredAtMs, stepId });
}

/** Since when, and for what, an enrolment waits where it stands first. */
export function standing({ state }: StoredEnrolment): {
  readonly sinceMs: number | null;
  readonly waitsFor: string | null;
} {
  const [first] = state.cursors;
  return { sinceMs: first?.enteredAtMs ?? null, waitsFor: first?.wait.kind ?? null };
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
    isHeld: (record.flags & FLAG_HELD) !== 0,
    isSample: (record.flags & FLAG_SAMPLE) !== 0,
    get state() {
      return (state ??= stateOf(record));
    },
  };
}

function stateOf(record: EnrolmentRecord & { status?: string }): State {
  return unpackState(record.state, {
    enrolmentId: record.id as EnrolmentId,
    profileId: record.profile_id as ProfileId,
    definition: record.definition as DefinitionHash,
    entryKey: record.entry_key,
    status: record.status as State['status'],
    enteredAtMs: record.entered_at_ms,
    stepId: record.step_id,
  });
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
