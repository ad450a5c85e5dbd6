import type { CommandId, EpochMs } from '#libs/kernel';
import { endCommandIdOf, endsAtMs, type Definition, type State } from '#libs/scenario';

/** A timer of an enrolment. */
export interface Timer {
  readonly commandId: CommandId;
  readonly dueMs: EpochMs;
}

/**
 * The timers an enrolment has, read off its state: what its cursors wait for, and its greatest age.
 * Nothing is stored twice, so nothing can disagree. A pause holds everything, the age too.
 */
export function timersOf(definition: Definition, state: State): readonly Timer[] {
  if (state.enteredAtMs === null || state.status === 'ended' || state.status === 'paused')
    return [];
  const end = { commandId: endCommandIdOf(state.enrolmentId), dueMs: endsAtMs(definition, state) };
  const timers: Timer[] = [end];
  for (const { wait } of state.cursors) {
    if ((wait.kind === 'timer' || wait.kind === 'event') && wait.dueMs !== null) {
      timers.push({ commandId: wait.commandId, dueMs: wait.dueMs });
    }
  }
  return timers;
}

/** Earliest due time, for the column the store sorts by. */
export function nextDueMs(definition: Definition, state: State): EpochMs | null {
  const due = timersOf(definition, state).map((timer) => timer.dueMs);
  return due.length === 0 ? null : Math.min(...due);
}
