import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, ok, type DefinitionHash } from '#libs/kernel';
import type { Command, StepTaken, Transition } from './command.js';
import type { Definition, Step, StepId } from './definition.js';
import { initialState } from './initial-state.js';
import type { Input } from './input.js';
import { migrate, stepAfter, type Versions } from './migrate.js';
import type { Cursor, State } from './state.js';
import { diceOf, type Dice } from './testing/dice.js';
import { generatedDefinition } from './testing/generate.js';
import { generatedContext, generatedEnrolling, generatedInput } from './testing/generate-inputs.js';
import { transition } from './transition.js';

const NUM_RUNS = 1_500;
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map(String);

/** Steps that people stand on, and those whose answers are kept under their id. */
const RENAMED: readonly Step['type'][] = [
  'wait',
  'wait_until',
  'wait_for',
  'decide',
  'deliver',
  'parallel',
];

/** The same scenario with other names for its steps, and redirects from the old ones. */
function renamedVersion(from: Definition): Versions {
  const names = new Map<StepId, StepId>();
  for (const [id, step] of Object.entries(from.steps)) {
    // An experiment draws by its name: under another one it would be another draw.
    if (RENAMED.includes(step.type)) names.set(id, `new-${id}`);
  }
  const named = (id: StepId): StepId => names.get(id) ?? id;
  const to = {
    ...from,
    hash: `${from.hash}-renamed` as DefinitionHash,
    onChange: { kind: 'migrate', redirects: Object.fromEntries(names) } as const,
    start: from.start === null ? null : named(from.start),
    steps: Object.fromEntries(
      Object.entries(from.steps).map(([id, step]) => [named(id), relinked(step, names)]),
    ),
    reads: {
      ...from.reads,
      decision: Object.fromEntries(
        Object.entries(from.reads.decision).map(([id, fields]) => [named(id), fields]),
      ),
    },
  };
  return { from, to };
}

/** A step with every mention of another step called by its new name: ids are like no other text. */
function relinked(step: Step, names: ReadonlyMap<StepId, StepId>): Step {
  const text = JSON.stringify(step, (_, value: unknown) =>
    typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
  return JSON.parse(text) as Step;
}

/** Lives through generated inputs, up to the first at which somebody stands and the dice say so. */
function standing(dice: Dice, definition: Definition): { state: State; inputs: readonly Input[] } {
  let state = initialState(definition, generatedEnrolling(dice));
  const inputs: Input[] = [];
  for (let count = 0; count < 25; count += 1) {
    const input = generatedInput(dice, definition, state);
    inputs.push(input);
    state = transition(definition, state, input).state;
    if (state.status === 'ended' || (state.cursors.length > 0 && dice.chance(0.3))) break;
  }
  return { state, inputs };
}

/** What a transition did, without the numbers by which a host tells its effects apart. */
function seen({ state, commands, steps, ignored }: Transition): unknown {
  const bare = (command: Command) => ({ ...command, commandId: '' });
  const told = (step: StepTaken) => ({ ...step, visit: 0 });
  return {
    commands: commands.map(bare),
    steps: steps.map(told),
    ignored,
    status: state.status,
    endedAs: state.endedAs,
    lastAtMs: state.lastAtMs,
    entry: state.entry,
    mark: state.mark,
    decisions: state.decisions,
    cursors: state.cursors.map((cursor) => ({
      ...cursor,
      visit: 0,
      within: cursor.within?.map((frame) => ({ ...frame, visit: 0 })),
      wait: { ...cursor.wait, commandId: '' },
    })),
  };
}

/** The input as the other of two twins would get it: about its own wait. */
function forTwin(input: Input, own: State, twin: State): Input {
  if (input.type !== 'timer' && input.type !== 'result') return input;
  const at = own.cursors.findIndex(({ wait }) => wait.commandId === input.commandId);
  const commandId = twin.cursors[at]?.wait.commandId;
  return commandId === undefined ? input : { ...input, commandId };
}

describe('migrating, over generated scenarios', () => {
  it('whoever was moved goes on like somebody who came there under the new version', () => {
    let moved = 0;
    fc.assert(
      fc.property(seeds, (seed) => {
        const dice = diceOf('moved', seed);
        const versions = renamedVersion(generatedDefinition(dice));
        const { state, inputs } = standing(dice, versions.from);
        if (state.status === 'ended' || state.cursors.length === 0) return;
        // The twin has been under the new version all along.
        let twin = initialState(versions.to, state);
        let old = initialState(versions.from, state);
        for (const input of inputs) {
          const own = forTwin(input, old, twin);
          twin = transition(versions.to, twin, own).state;
          old = transition(versions.from, old, input).state;
        }
        const result = migrate(versions, state, state.lastAtMs);
        if (!result.ok) throw new Error(result.error);
        moved += 1;
        let mine = result.value.state;
        const none = { commands: [], steps: [] };
        expect(seen({ state: mine, ...none })).toEqual(seen({ state: twin, ...none }));
        for (let count = 0; count < 20; count += 1) {
          const input = generatedInput(dice, versions.to, mine);
          const own = transition(versions.to, mine, input);
          const other = transition(versions.to, twin, forTwin(input, mine, twin));
          expect(seen(own)).toEqual(seen(other));
          mine = own.state;
          twin = other.state;
        }
      }),
      { numRuns: NUM_RUNS },
    );
    console.info(`${moved} of ${NUM_RUNS} stood somewhere and were moved`);
    expect(moved).toBeGreaterThan(NUM_RUNS / 3);
  });

  it('between any two scenarios: moved to where the plan says, or refused and unchanged', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(seeds, (seed) => {
        const dice = diceOf('any', seed);
        const from = generatedDefinition(dice);
        const other = generatedDefinition(dice);
        const ids = Object.keys(other.steps);
        const redirects = Object.fromEntries(
          Object.keys(from.steps).flatMap((id) => (dice.chance(0.2) ? [[id, dice.pick(ids)]] : [])),
        );
        const to: Definition = { ...other, onChange: { kind: 'migrate', redirects } };
        const { state } = standing(dice, from);
        const before = canonicalJson(state);
        const result = migrate({ from, to }, state, state.lastAtMs + 1);
        expect(canonicalJson(state)).toBe(before);
        const outcome = result.ok ? 'moved' : result.error;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        const { cursors } = state;
        if (cursors.length === 0 || cursors.some(({ wait }) => wait.kind === 'held')) return;
        const planned = cursors.map(({ stepId }) => stepAfter({ from, to }, stepId));
        const refused = planned.find((one) => !one.ok);
        expect(outcome).toBe(refused?.ok === false ? refused.error : 'moved');
        if (!result.ok) return;
        let next = result.value.state;
        expect(next.cursors.map(({ stepId }) => ok(stepId))).toEqual(planned);
        expect(next).toMatchObject({ definition: to.hash, mark: state.mark });
        const bare = (cursor: Cursor) => ({ ...cursor.wait, commandId: '' });
        expect(next.cursors.map(bare)).toEqual(cursors.map(bare));
        expect(next.cursors.map(({ mark }) => mark)).toEqual(cursors.map(({ mark }) => mark));
        for (let count = 0; count < 10; count += 1) {
          const input = generatedInput(dice, to, next);
          const context = generatedContext(dice, to, input.atMs);
          next = transition(to, next, { ...input, context }).state;
        }
      }),
      { numRuns: NUM_RUNS },
    );
    console.info('outcomes:', Object.fromEntries(outcomes));
    for (const outcome of ['moved', 'ended', 'unmapped_step', 'unfit_step']) {
      expect([outcome, outcomes.has(outcome)]).toEqual([outcome, true]);
    }
  });
});
