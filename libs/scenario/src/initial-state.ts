import type { EnrolmentId, ProfileId } from '#libs/kernel';
import type { Definition } from './definition.js';
import type { EnrolmentStatus, State } from './state.js';

/** Who enters, under which key. */
export interface Enrolling {
  readonly enrolmentId: EnrolmentId;
  readonly profileId: ProfileId;
  readonly entryKey: string;
}

/** A treated enrolment before its `entered` input. */
export function initialState(definition: Definition, enrolling: Enrolling): State {
  return stateOf(definition, enrolling, 'running');
}

/** A held-out enrolment before its `entered` input: no step will run, its goal is watched. */
export function heldOutState(definition: Definition, enrolling: Enrolling): State {
  return stateOf(definition, enrolling, 'held_out');
}

function stateOf(definition: Definition, enrolling: Enrolling, status: EnrolmentStatus): State {
  return {
    enrolmentId: enrolling.enrolmentId,
    profileId: enrolling.profileId,
    definition: definition.hash,
    entryKey: enrolling.entryKey,
    status,
    endedAs: null,
    enteredAtMs: null,
    lastAtMs: 0,
    entry: {},
    entryMark: { atMs: 0, eventKey: '' },
    mark: { atMs: 0, eventKey: '' },
    decisions: {},
    vars: {},
    cursors: [],
    visits: {},
  };
}
