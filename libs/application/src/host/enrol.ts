import {
  enrolmentIdOf,
  existingEntryEventKey,
  goalWatch,
  heldOutState,
  initialState,
  reentryAllowed,
  type Definition,
  type InputEvent,
} from '#libs/scenario';
import type { EnrolmentRow, Group, PersonContext } from '../runtime/ports.js';
import type { Stepper } from './stepper.js';
import { watchRow } from './watches.js';
import type { WorkingSet } from './working-set.js';

/** Somebody a scenario may take in. */
export interface Entrant {
  readonly definition: Definition;
  readonly person: PersonContext;
  /** Null for members taken in when the scenario is published, and where an occurrence is. */
  readonly event: InputEvent | null;
  /** The occurrence of a date or a schedule that brings them, in place of an event. */
  readonly occurrence?: string;
  readonly entryKey: string;
  readonly group: Group;
}

/** Why somebody was not taken in. */
export type EnrolRefusal = 'already_in' | 'reentry';

/**
 * Takes somebody in once: the ledger decides, the id is a hash of what brought them, so a repeat of
 * the same event is refused as well. Held-out people get an enrolment too, and their goal is watched.
 */
export function enrol(set: WorkingSet, stepper: Stepper, entrant: Entrant): EnrolRefusal | null {
  const { definition, person, event, entryKey, group, occurrence } = entrant;
  const { scenario } = definition;
  const last = set.lastEntry(scenario, person.profileId, entryKey);
  const isIn = set
    .of(person.profileId)
    .some((live) => live.row.scenario === scenario && live.row.entryKey === entryKey);
  if (isIn) return 'already_in';
  const isRepeat =
    occurrence !== undefined && set.hasEnteredFor(scenario, person.profileId, occurrence);
  if (isRepeat) return 'reentry';
  if (!reentryAllowed(definition, last?.lastEnteredAtMs ?? null, set.nowMs)) return 'reentry';
  const id = enrolmentIdOf({
    scenario,
    profileId: person.profileId,
    entryKey,
    entryEventKey: event?.key ?? occurrence ?? existingEntryEventKey(definition),
  });
  if (last?.enrolmentId === id) return 'reentry';
  const enrolling = { enrolmentId: id, profileId: person.profileId, entryKey };
  const state =
    group === 'holdout' ? heldOutState(definition, enrolling) : initialState(definition, enrolling);
  const row: EnrolmentRow = {
    id,
    profileId: person.profileId,
    scenario,
    definition: definition.hash,
    entryKey,
    group,
    version: 1,
    enteredAtMs: set.nowMs,
    isMixed: false,
    isSample: person.isSample,
    state,
  };
  const live = set.add(row, definition, true);
  set.writeLedger({
    scenario,
    profileId: person.profileId,
    entryKey,
    enrolmentId: id,
    lastEnteredAtMs: set.nowMs,
    ...(occurrence === undefined ? {} : { occurrence }),
  });
  set.facts.push(set.factOf(live));
  stepper.apply(live, { type: 'entered', event });
  const spec = goalWatch(definition, live.row.state);
  if (spec !== null) {
    const watch = watchRow(live.row, spec);
    set.watches.push(watch);
    set.addWatch(watch);
  }
  return null;
}
