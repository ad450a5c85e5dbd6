import { canonicalJson, fail, ok, type EpochMs, type Result } from '#libs/kernel';
import { blocksAround } from './blocks.js';
import type { Command, StepTaken } from './command.js';
import type { Definition, Step, StepId } from './definition.js';
import { commandIdOf, endCommandIdOf } from './ids.js';
import type { Cursor, DecisionTaken, Frame, State } from './state.js';
import { listenCommands } from './steps/wait-for.js';
import { endsAtMs } from './transition.js';

/** Why an enrolment stays with the version it entered with. */
export type MigrationRefusal =
  | 'pinned'
  | 'ended'
  | 'not_entered'
  /** The step it stands on has no like in the new version and no redirect. */
  | 'unmapped_step'
  /** The step it would stand on waits for something else, or stands in other blocks. */
  | 'unfit_step';

/** The version an enrolment is in, and the one it is to go on under. */
export interface Versions {
  readonly from: Definition;
  readonly to: Definition;
}

/** An enrolment under another version, and what its host must change. */
export interface Migrated {
  readonly state: State;
  readonly commands: readonly Command[];
  /** Steps left under the old version (`cut_short`, `migrated`), and begun under the new one. */
  readonly steps: readonly StepTaken[];
}

/** Whose stay may go on in the other: both only wait for an instant. */
const BY_THE_CLOCK: readonly Step['type'][] = ['wait', 'wait_until'];

/**
 * Where somebody who stands on a step goes on under the new version: on the redirect's step, else on
 * the one of the same id. Refused where there is none, or where it waits for something else.
 */
export function stepAfter(
  { from, to }: Versions,
  stepId: StepId,
): Result<StepId, 'unmapped_step' | 'unfit_step'> {
  const mapped = redirected(to, stepId);
  const before = stepIn(from, stepId);
  const after = stepIn(to, mapped);
  if (after === undefined) return fail('unmapped_step');
  const isLike =
    before === undefined ||
    before.type === after.type ||
    (BY_THE_CLOCK.includes(before.type) && BY_THE_CLOCK.includes(after.type));
  return isLike && standsAlike({ from, to }, stepId, mapped) ? ok(mapped) : fail('unfit_step');
}

/** Whether the blocks around both are the same: the end of one would else lead somewhere else. */
function standsAlike({ from, to }: Versions, before: StepId, after: StepId): boolean {
  const blocks = blocksAround(from, before).map(({ stepId }) => redirected(to, stepId));
  const now = blocksAround(to, after).map(({ stepId }) => stepId);
  return blocks.length === now.length && blocks.every((id, index) => id === now[index]);
}

/**
 * Moves an enrolment to a version published with `on_change: migrate`: each step it stands on is the
 * redirect's, else the one of the same id. Due times, marks and effects under way are kept; a wait
 * for events whose triggers differ listens anew, from its old mark. Pure; refuses rather than guesses.
 */
export function migrate(
  versions: Versions,
  state: State,
  atMs: EpochMs,
): Result<Migrated, MigrationRefusal> {
  const { to } = versions;
  if (to.onChange.kind !== 'migrate') return fail('pinned');
  if (state.status === 'ended') return fail('ended');
  if (state.enteredAtMs === null) return fail('not_entered');
  const moving: Moving = {
    versions,
    state,
    // What came while it stood here is older than now: the host looks back for it.
    atMs: Math.max(state.lastAtMs, atMs),
    visits: { ...state.visits },
    commands: [],
    steps: [],
    frames: new Map(),
  };
  const cursors: Cursor[] = [];
  for (const cursor of state.cursors) {
    const moved = movedCursor(moving, cursor);
    if (!moved.ok) return moved;
    cursors.push(moved.value);
  }
  const { commands, steps, visits } = moving;
  const decisions = movedDecisions(to, state.decisions);
  const lastAtMs = moving.atMs;
  const next = { ...state, definition: to.hash, lastAtMs, cursors, visits, decisions };
  const dueMs = endsAtMs(to, next);
  commands.push({ type: 'arm', commandId: endCommandIdOf(state.enrolmentId), dueMs });
  return ok({ state: next, commands, steps });
}

interface Moving {
  readonly versions: Versions;
  readonly state: State;
  readonly atMs: EpochMs;
  readonly visits: Record<StepId, number>;
  readonly commands: Command[];
  readonly steps: StepTaken[];
  /** Visits of blocks under new names, by the old name: branches of one block share it. */
  readonly frames: Map<StepId, number>;
}

function movedCursor(
  moving: Moving,
  cursor: Cursor,
): Result<Cursor, 'unmapped_step' | 'unfit_step'> {
  const { versions, visits } = moving;
  const { to } = versions;
  const { wait } = cursor;
  const after = stepAfter(versions, cursor.stepId);
  if (!after.ok) return after;
  const within = movedFrames(moving, cursor, after.value);
  const inside = within === undefined ? cursor : { ...cursor, within };
  if (wait.kind === 'held' && wait.next !== null) {
    const next = redirected(to, wait.next);
    if (stepIn(to, next) === undefined) return fail('unmapped_step');
    return ok(renamed(moving, { ...inside, wait: { ...wait, next } }, after.value));
  }
  const step = stepIn(to, after.value);
  if (wait.kind !== 'event' || step?.type !== 'wait_for') {
    return ok(renamed(moving, inside, after.value));
  }
  const before = stepIn(versions.from, cursor.stepId);
  const isSame =
    after.value === cursor.stepId &&
    before?.type === 'wait_for' &&
    canonicalJson(before.triggers) === canonicalJson(step.triggers);
  if (isSame) return ok(inside);
  const visit = (visits[after.value] ?? 0) + 1;
  const commandId = commandIdOf(moving.state.enrolmentId, after.value, visit);
  moving.commands.push({ type: 'unlisten', commandId: wait.commandId });
  if (wait.dueMs !== null) moving.commands.push({ type: 'disarm', commandId: wait.commandId });
  const anew = { ...wait, commandId };
  moving.commands.push(...listenCommands(step, anew));
  return ok(visited(moving, { ...inside, wait: anew }, { stepId: after.value, visit }));
}

/** The same frames under the names and branches of the new version. */
function movedFrames(
  moving: Moving,
  { within }: Cursor,
  stepId: StepId,
): readonly Frame[] | undefined {
  const { to } = moving.versions;
  const around = blocksAround(to, stepId);
  return within?.map((frame) => {
    const id = redirected(to, frame.stepId);
    const block = around.find((each) => each.stepId === id);
    const isBranch = stepIn(to, id)?.type === 'parallel';
    const round = isBranch && block !== undefined ? block.branch : frame.round;
    return { ...frame, stepId: id, visit: visitOf(moving, frame, id), round };
  });
}

function visitOf(moving: Moving, frame: Frame, stepId: StepId): number {
  if (stepId === frame.stepId) return frame.visit;
  const known = moving.frames.get(frame.stepId);
  if (known !== undefined) return known;
  const visit = (moving.visits[stepId] ?? 0) + 1;
  moving.frames.set(frame.stepId, visit);
  tellMove(moving, frame, { stepId, visit });
  return visit;
}

/** The same wait on a step of another name; under the same name nothing changes. */
function renamed(moving: Moving, cursor: Cursor, stepId: StepId): Cursor {
  if (stepId === cursor.stepId) return cursor;
  return visited(moving, cursor, { stepId, visit: (moving.visits[stepId] ?? 0) + 1 });
}

/** A visit of its own, so that no step is told of twice under one number. */
function visited(
  moving: Moving,
  cursor: Cursor,
  at: { readonly stepId: StepId; readonly visit: number },
): Cursor {
  tellMove(moving, cursor, at);
  return { ...cursor, ...at };
}

function tellMove(
  { versions, visits, steps, atMs }: Moving,
  { stepId, visit, enteredAtMs }: Pick<Cursor, 'stepId' | 'visit' | 'enteredAtMs'>,
  at: { readonly stepId: StepId; readonly visit: number },
): void {
  visits[at.stepId] = at.visit;
  const before = stepIn(versions.from, stepId);
  const after = stepIn(versions.to, at.stepId);
  if (before !== undefined) {
    const { type } = before;
    const left = { leftAtMs: atMs, result: 'cut_short', branch: 'migrated' } as const;
    steps.push({ stepId, visit, type, enteredAtMs, ...left });
  }
  if (after !== undefined) {
    steps.push({ ...at, type: after.type, enteredAtMs, result: 'waiting' });
  }
}

/** A decision follows its step's redirect; one that the new name has already is the newer one. */
function movedDecisions(
  to: Definition,
  decisions: State['decisions'],
): Readonly<Record<StepId, DecisionTaken>> {
  const moved: Record<StepId, DecisionTaken> = {};
  for (const [id, taken] of Object.entries(decisions)) {
    const after = redirected(to, id);
    if (after === id || !Object.hasOwn(decisions, after)) moved[after] = taken;
  }
  return moved;
}

function redirected({ onChange }: Definition, id: StepId): StepId {
  if (onChange.kind !== 'migrate' || !Object.hasOwn(onChange.redirects, id)) return id;
  return onChange.redirects[id] ?? id;
}

function stepIn({ steps }: Definition, id: StepId): Step | undefined {
  return Object.hasOwn(steps, id) ? steps[id] : undefined;
}
