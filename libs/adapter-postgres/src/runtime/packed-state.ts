import type { CommandId, EpochMs } from '#libs/kernel';
import { commandIdOf, type Cursor, type Frame, type Mark, type State } from '#libs/scenario';

/** What columns of the row say already. */
export type StateColumns = Pick<
  State,
  'enrolmentId' | 'profileId' | 'definition' | 'entryKey' | 'status'
> & {
  /** Instants are kept as distances from it. */
  readonly enteredAtMs: EpochMs;
  /** Step of the first cursor; empty without one. */
  readonly stepId: string;
};

type Delta = number;
type PackedMark = readonly [Delta, string?];
type PackedFrame = readonly [string, number, Delta, number];
type PackedWait =
  | readonly ['t', Delta, CommandId?]
  | readonly ['e', Delta | null, PackedMark, CommandId?]
  | readonly ['r', CommandId?]
  | readonly ['h', string | null, CommandId?];

/** `0` is the step of the column. */
type PackedCursor = readonly [
  string | 0,
  number,
  Delta,
  PackedWait,
  (readonly PackedFrame[])?,
  PackedMark?,
];

/** A state as it is stored: one letter a field, nothing that is empty, usual or a column. */
interface Packed {
  /** Entered, where it is not the row's instant; null before. */
  readonly e?: Delta | null;
  readonly l?: Delta;
  readonly x?: string;
  readonly n?: State['entry'];
  readonly s?: PackedMark;
  /** Absent: that of the entry. */
  readonly m?: PackedMark;
  readonly d?: State['decisions'];
  readonly v?: State['vars'];
  readonly c?: readonly PackedCursor[];
  /** Steps visited once, then those visited more often. */
  readonly i?: readonly string[];
  readonly j?: State['visits'];
  /** The profile at entry, after a merge. */
  readonly p?: State['profileId'];
}

/**
 * The state as text for its row: a parked enrolment costs its disk, and a timer that fires the
 * reading and writing of it. `unpackState` gives the same state back.
 */
export function packState(state: State, columns: StateColumns): string {
  const base = columns.enteredAtMs;
  const { enteredAtMs, entryMark, mark, visits } = state;
  const once = Object.keys(visits).filter((id) => visits[id] === 1);
  const often = Object.entries(visits).filter(([, count]) => count !== 1);
  const packed: Packed = {
    ...(enteredAtMs === base ? {} : { e: enteredAtMs === null ? null : enteredAtMs - base }),
    ...(state.lastAtMs === base ? {} : { l: state.lastAtMs - base }),
    ...(state.endedAs === null ? {} : { x: state.endedAs }),
    ...(isEmpty(state.entry) ? {} : { n: state.entry }),
    s: packMark(entryMark, base),
    ...(isSameMark(mark, entryMark) ? {} : { m: packMark(mark, base) }),
    ...(isEmpty(state.decisions) ? {} : { d: state.decisions }),
    ...(isEmpty(state.vars) ? {} : { v: state.vars }),
    ...(state.cursors.length === 0
      ? {}
      : { c: state.cursors.map((cursor) => packCursor(cursor, columns)) }),
    ...(once.length === 0 ? {} : { i: once }),
    ...(often.length === 0 ? {} : { j: Object.fromEntries(often) }),
    ...(state.profileId === columns.profileId ? {} : { p: state.profileId }),
  };
  return JSON.stringify(packed);
}

/** The state again. */
export function unpackState(text: string, columns: StateColumns): State {
  const packed = JSON.parse(text) as Packed | Partial<State>;
  const { enteredAtMs: base, enrolmentId, definition, entryKey, status } = columns;
  if (isWhole(packed)) {
    const { profileId } = columns;
    return { profileId, ...packed, enrolmentId, definition, entryKey, status } as State;
  }
  const entryMark = unpackMark(packed.s ?? [0], base);
  return {
    enrolmentId,
    profileId: packed.p ?? columns.profileId,
    definition,
    entryKey,
    status,
    endedAs: packed.x ?? null,
    enteredAtMs: packed.e === null ? null : base + (packed.e ?? 0),
    lastAtMs: base + (packed.l ?? 0),
    entry: packed.n ?? {},
    entryMark,
    mark: packed.m === undefined ? entryMark : unpackMark(packed.m, base),
    decisions: packed.d ?? {},
    vars: packed.v ?? {},
    cursors: (packed.c ?? []).map((cursor) => unpackCursor(cursor, columns)),
    visits: { ...Object.fromEntries((packed.i ?? []).map((id) => [id, 1])), ...packed.j },
  };
}

/** Written before states were packed: every field under its own name. */
function isWhole(packed: Packed | Partial<State>): packed is Partial<State> {
  return 'cursors' in packed;
}

function packCursor(cursor: Cursor, columns: StateColumns): PackedCursor {
  const { stepId, visit, wait, within, mark } = cursor;
  const base = columns.enteredAtMs;
  const usual = commandIdOf(columns.enrolmentId, stepId, visit);
  const id: [] | [CommandId] = wait.commandId === usual ? [] : [wait.commandId];
  const named = stepId === columns.stepId ? 0 : stepId;
  const head = [named, visit, cursor.enteredAtMs - base, packWait(wait, base, id)] as const;
  if (within === undefined) return head;
  const frames = within.map((frame): PackedFrame => [
    frame.stepId,
    frame.visit,
    frame.enteredAtMs - base,
    frame.round,
  ]);
  return mark === undefined ? [...head, frames] : [...head, frames, packMark(mark, base)];
}

function unpackCursor(packed: PackedCursor, columns: StateColumns): Cursor {
  const base = columns.enteredAtMs;
  const [named, visit, entered, packedWait, frames, mark] = packed;
  const stepId = named === 0 ? columns.stepId : named;
  const usual = commandIdOf(columns.enrolmentId, stepId, visit);
  const wait = unpackWait(packedWait, base, usual);
  const cursor = { stepId, visit, enteredAtMs: base + entered, wait };
  if (frames === undefined) return cursor;
  const within = frames.map(([id, count, at, round]): Frame => ({
    stepId: id,
    visit: count,
    enteredAtMs: base + at,
    round,
  }));
  return { ...cursor, within, ...(mark === undefined ? {} : { mark: unpackMark(mark, base) }) };
}

function packWait(wait: Cursor['wait'], base: EpochMs, id: [] | [CommandId]): PackedWait {
  switch (wait.kind) {
    case 'timer':
      return ['t', wait.dueMs - base, ...id];
    case 'event':
      return [
        'e',
        wait.dueMs === null ? null : wait.dueMs - base,
        packMark(wait.mark, base),
        ...id,
      ];
    case 'result':
      return ['r', ...id];
    case 'held':
      return ['h', wait.next, ...id];
  }
}

function unpackWait(packed: PackedWait, base: EpochMs, usual: CommandId): Cursor['wait'] {
  switch (packed[0]) {
    case 't':
      return { kind: 'timer', commandId: packed[2] ?? usual, dueMs: base + packed[1] };
    case 'e': {
      const [, due, mark, commandId = usual] = packed;
      const dueMs = due === null ? null : base + due;
      return { kind: 'event', commandId, dueMs, mark: unpackMark(mark, base) };
    }
    case 'r':
      return { kind: 'result', commandId: packed[1] ?? usual };
    case 'h':
      return { kind: 'held', commandId: packed[2] ?? usual, next: packed[1] };
  }
}

function packMark({ atMs, eventKey }: Mark, base: EpochMs): PackedMark {
  return eventKey === '' ? [atMs - base] : [atMs - base, eventKey];
}

function unpackMark([delta, eventKey = '']: PackedMark, base: EpochMs): Mark {
  return { atMs: base + delta, eventKey };
}

function isSameMark(one: Mark, other: Mark): boolean {
  return one.atMs === other.atMs && one.eventKey === other.eventKey;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
