import {
  hashId,
  type CommandId,
  type EnrolmentId,
  type EpochMs,
  type ProfileId,
} from '#libs/kernel';
import type { Definition, StepId } from './definition.js';

/**
 * Id of one run: 128 bits of hash over scenario, profile at entry, entry key and entry event. The
 * same event seen twice mints the same id, so an enrolment cannot double.
 */
export function enrolmentIdOf(parts: {
  readonly scenario: string;
  readonly profileId: ProfileId;
  readonly entryKey: string;
  /** The entry event's key, or one of the keys below where no event brought them. */
  readonly entryEventKey: string;
}): EnrolmentId {
  return hashId(
    'enrolment',
    parts.scenario,
    parts.profileId,
    parts.entryKey,
    parts.entryEventKey,
  ) as EnrolmentId;
}

/** Stands for the entry event where `existing: enter` takes in members at publishing. */
export function existingEntryEventKey(definition: Definition): string {
  return hashId('existing', definition.hash);
}

/**
 * Stands for the entry event of an entry by date. Names the day the trait's date falls on, not when
 * the person enters: neither another zone nor another hour makes a second occurrence of it.
 */
export function dateEntryEventKey(trait: string, day: string): string {
  return hashId('date', trait, day);
}

/** Stands for the entry event of an entry by schedule: one an instant of the rule. */
export function scheduleEntryEventKey(atMs: EpochMs): string {
  return hashId('schedule', String(atMs));
}

/** `enrolmentId/stepId#visit`. */
export function commandIdOf(enrolmentId: EnrolmentId, stepId: StepId, visit: number): CommandId {
  return `${enrolmentId}/${stepId}#${visit}` as CommandId;
}

/** `enrolmentId/end#1`: the end, and the timer of the greatest age. */
export function endCommandIdOf(enrolmentId: EnrolmentId): CommandId {
  return `${enrolmentId}/end#1` as CommandId;
}
