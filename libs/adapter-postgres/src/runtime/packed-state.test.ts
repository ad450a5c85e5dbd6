import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CommandId, DefinitionHash, EnrolmentId, Json, ProfileId } from '#libs/kernel';
import { commandIdOf, type Cursor, type Frame, type Mark, type State } from '#libs/scenario';
import { packState, unpackState } from './packed-state.js';

const NOW = 1_774_857_600_000;
const enrolmentId = 'rdp26y2gzzjgme42ukelekaffi' as EnrolmentId;

const instant = fc.integer({ min: 0, max: NOW * 2 });
const name = fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('wait-1', '0'));
const json = fc.jsonValue() as fc.Arbitrary<Json>;
const fields = fc.dictionary(name, json, { maxKeys: 3, noNullPrototype: true });
const mark: fc.Arbitrary<Mark> = fc.record({
  atMs: instant,
  eventKey: fc.constantFrom('', 'c3634a62'),
});
const frame: fc.Arbitrary<Frame> = fc.record({
  stepId: name,
  visit: fc.nat(99),
  enteredAtMs: instant,
  round: fc.nat(99),
});
const nullable = <Value>(some: fc.Arbitrary<Value>) => fc.option(some, { nil: null });

const place = fc.record({ stepId: name, visit: fc.nat(99), enteredAtMs: instant });
const inside = fc.oneof(
  fc.constant({}),
  fc.record({ within: fc.array(frame, { maxLength: 3 }) }),
  fc.record({ within: fc.array(frame, { maxLength: 3 }), mark }),
);
const waits = fc.oneof(
  fc.record({ kind: fc.constant('timer' as const), dueMs: instant }),
  fc.record({ kind: fc.constant('event' as const), dueMs: nullable(instant), mark }),
  fc.record({ kind: fc.constant('result' as const) }),
  fc.record({ kind: fc.constant('held' as const), next: nullable(name) }),
);
const cursor: fc.Arbitrary<Cursor> = fc
  .tuple(place, inside, waits, fc.boolean())
  .map(([at, around, wait, isUsual]) => {
    const usual = commandIdOf(enrolmentId, at.stepId, at.visit);
    const commandId = isUsual ? usual : (`${enrolmentId}/other#1` as CommandId);
    return { ...at, ...around, wait: { ...wait, commandId } } as Cursor;
  });

const state: fc.Arbitrary<State> = fc
  .record({
    profileId: fc.constantFrom('p1', 'p2') as unknown as fc.Arbitrary<ProfileId>,
    status: fc.constantFrom('running', 'paused', 'held_out', 'ended'),
    endedAs: nullable(name),
    enteredAtMs: nullable(instant),
    lastAtMs: instant,
    entry: fields,
    entryMark: mark,
    mark,
    isSameMark: fc.boolean(),
    vars: fields,
    cursors: fc.array(cursor, { maxLength: 4 }),
    visits: fc.dictionary(name, fc.nat(3), { maxKeys: 5, noNullPrototype: true }),
    decisionId: nullable(name),
  })
  .map(({ isSameMark, decisionId, ...rest }) => ({
    ...rest,
    enrolmentId,
    definition: 'd1' as DefinitionHash,
    entryKey: '',
    mark: isSameMark ? rest.entryMark : rest.mark,
    decisions:
      decisionId === null ? {} : { rescue: { decisionId, action: 'offer', treatment: null } },
  }));

it('gives back every state as it was', () => {
  fc.assert(
    fc.property(state, instant, (given, enteredAtMs) => {
      const columns = {
        ...given,
        profileId: 'p1' as ProfileId,
        enteredAtMs,
        stepId: given.cursors[0]?.stepId ?? '',
      };
      // What goes through JSON loses the sign of a zero.
      const plain = JSON.parse(JSON.stringify(given)) as State;
      expect(unpackState(packState(plain, columns), columns)).toEqual(plain);
    }),
    { numRuns: 2_000 },
  );
});

it('reads what was written before states were packed', () => {
  fc.assert(
    fc.property(state, (given) => {
      const plain = JSON.parse(JSON.stringify(given)) as State;
      const columns = { ...plain, enteredAtMs: NOW, stepId: '' };
      const whole = { ...plain, enrolmentId: undefined, status: undefined };
      expect(unpackState(JSON.stringify(whole), columns)).toEqual(plain);
    }),
  );
});

it('keeps what is parked on a wait small', () => {
  const entered = { atMs: NOW, eventKey: 'c3634a62-f09d-027c-43b5-06cf5a50aa8b' };
  const commandId = commandIdOf(enrolmentId, 'wait-1', 1);
  const parked: State = {
    enrolmentId,
    profileId: 'p1' as ProfileId,
    definition: 'd1' as DefinitionHash,
    entryKey: '',
    status: 'running',
    endedAs: null,
    enteredAtMs: NOW,
    lastAtMs: NOW,
    entry: {},
    entryMark: entered,
    mark: entered,
    decisions: {},
    vars: {},
    cursors: [
      {
        stepId: 'wait-1',
        visit: 1,
        enteredAtMs: NOW,
        wait: { kind: 'timer', commandId, dueMs: NOW + 3_600_000 },
      },
    ],
    visits: { 'wait-1': 1 },
  };
  const text = packState(parked, { ...parked, enteredAtMs: NOW, stepId: 'wait-1' });
  expect(text).toBe(
    '{"s":[0,"c3634a62-f09d-027c-43b5-06cf5a50aa8b"],"c":[[0,1,0,["t",3600000]]],"i":["wait-1"]}',
  );
  expect(text.length * 5).toBeLessThan(JSON.stringify(parked).length);
});
