import { fail, ok, type Result } from '#libs/kernel';
import type { Command } from './command.js';
import type { Definition, Step, StepId } from './definition.js';
import { commandIdOf, endCommandIdOf } from './ids.js';
import type { Cursor, Frame, State } from './state.js';
import { listenCommands } from './steps/wait-for.js';
import { endsAtMs } from './transition.js';

/** Why an enrolment stays with the version it entered with. */
export type MigrationRefusal =
  | 'pinned'
  | 'ended'
  | 'not_entered'
  /** The step it stands on has no like in the new version and no redirect. */
  | 'unmapped_step'
  /** The step it would stand on waits for something else. */
  | 'unfit_step';

/** An enrolment under another version, and what its host must change. */
export interface Migrated {
  readonly state: State;
  readonly commands: readonly Command[];
}

/**
 * Moves an enrolment to a version published with `on_change: migrate`: each step it stands on is the
 * redirect's, else the one of the same id. Due times, marks and effects under way are kept; a wait
 * for events listens anew, for the new version's triggers. Pure; refuses rather than guesses.
 */
export function migrate(to: Definition, state: State): Result<Migrated, MigrationRefusal> {
  if (to.onChange.kind !== 'migrate') return fail('pinned');
  if (state.status === 'ended') return fail('ended');
  if (state.enteredAtMs === null) return fail('not_entered');
  const { redirects } = to.onChange;
  const stepOf = (id: StepId): StepId => redirects[id] ?? id;
  const visits = { ...state.visits };
  const commands: Command[] = [];
  const cursors: Cursor[] = [];
  for (const cursor of state.cursors) {
    const stepId = stepOf(cursor.stepId);
    const step = to.steps[stepId];
    if (step === undefined) return fail('unmapped_step');
    const moved = movedCursor({ cursor, step, stepId, stepOf }, to);
    if (moved === null) return fail('unfit_step');
    const within = movedFrames(cursor, { stepOf, to });
    if (within === null) return fail('unfit_step');
    const inside = within.length === 0 ? moved : { ...moved, within };
    if (moved.wait.kind === 'event' && step.type === 'wait_for') {
      cursors.push(relisten({ cursor: inside, step, visits, commands }, state));
    } else cursors.push(inside);
  }
  const decisions = Object.fromEntries(
    Object.entries(state.decisions).map(([id, taken]) => [stepOf(id), taken]),
  );
  const next = { ...state, definition: to.hash, cursors, visits, decisions };
  const dueMs = endsAtMs(to, next);
  commands.push({ type: 'arm', commandId: endCommandIdOf(state.enrolmentId), dueMs });
  return ok({ state: next, commands });
}

/** What the cursor is inside of, under the new version; null where there is no such block. */
function movedFrames(
  { within = [] }: Cursor,
  at: { readonly stepOf: (id: StepId) => StepId; readonly to: Definition },
): readonly Frame[] | null {
  const moved: Frame[] = [];
  for (const frame of within) {
    const stepId = at.stepOf(frame.stepId);
    const step = at.to.steps[stepId];
    const isBranch = step?.type === 'parallel' && step.branches[frame.round - 1] !== undefined;
    if (!isBranch && step?.type !== 'repeat') return null;
    moved.push({ ...frame, stepId });
  }
  return moved;
}

interface Moving {
  readonly cursor: Cursor;
  readonly step: Step;
  readonly stepId: StepId;
  readonly stepOf: (id: StepId) => StepId;
}

const TYPES_BY_WAIT: Readonly<Record<Cursor['wait']['kind'], readonly Step['type'][] | null>> = {
  timer: ['wait', 'wait_until', 'deliver'],
  event: ['wait_for'],
  result: ['decide', 'deliver', 'webhook'],
  held: null,
};

function movedCursor(moving: Moving, to: Definition): Cursor | null {
  const { cursor, step, stepId, stepOf } = moving;
  const { wait } = cursor;
  if (wait.kind === 'held') {
    const next = wait.next === null ? null : stepOf(wait.next);
    if (next !== null && to.steps[next] === undefined) return null;
    return { ...cursor, stepId, wait: { ...wait, next } };
  }
  return TYPES_BY_WAIT[wait.kind]?.includes(step.type) === true ? { ...cursor, stepId } : null;
}

/** Closes the old wait and opens one for the new triggers, from the same mark to the same end. */
function relisten(
  moving: {
    readonly cursor: Cursor;
    readonly step: Extract<Step, { type: 'wait_for' }>;
    readonly visits: Record<StepId, number>;
    readonly commands: Command[];
  },
  state: State,
): Cursor {
  const { cursor, step, visits, commands } = moving;
  const { wait, stepId } = cursor;
  if (wait.kind !== 'event') return cursor;
  const visit = (visits[stepId] ?? 0) + 1;
  visits[stepId] = visit;
  const commandId = commandIdOf(state.enrolmentId, stepId, visit);
  commands.push({ type: 'unlisten', commandId: wait.commandId });
  if (wait.dueMs !== null) commands.push({ type: 'disarm', commandId: wait.commandId });
  const moved = { ...wait, commandId };
  commands.push(...listenCommands(step, moved));
  return { ...cursor, visit, wait: moved };
}
