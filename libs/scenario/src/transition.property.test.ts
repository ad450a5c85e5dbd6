import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#libs/kernel';
import type { Command } from './command.js';
import type { Definition, StepType } from './definition.js';
import { heldOutState, initialState } from './initial-state.js';
import type { Input } from './input.js';
import { MAX_STATE_BYTES, type State } from './state.js';
import { diceOf } from './testing/dice.js';
import { generatedDefinition, STEP_TYPES } from './testing/generate.js';
import { generatedEnrolling, generatedInput } from './testing/generate-inputs.js';
import { transition } from './transition.js';

const INPUT_TYPES: readonly Input['type'][] = ['entered', 'event', 'timer', 'result', 'control'];
const RUNS = 3_000;

interface Life {
  readonly definition: Definition;
  readonly states: readonly State[];
  readonly inputs: readonly Input[];
  readonly commands: readonly Command[];
  readonly text: string;
}

/** An enrolment through up to 40 generated inputs. */
function live(seed: string, onPair?: (type: StepType, input: Input['type']) => void): Life {
  const dice = diceOf(seed);
  const definition = generatedDefinition(dice);
  const enrolling = generatedEnrolling(dice);
  let state = dice.chance(0.1)
    ? heldOutState(definition, enrolling)
    : initialState(definition, enrolling);
  const states = [state];
  const inputs: Input[] = [];
  const commands: Command[] = [];
  const log: unknown[] = [];
  for (let count = 0; count < 40; count += 1) {
    const input = generatedInput(dice, definition, state);
    for (const cursor of state.cursors) {
      const step = definition.steps[cursor.stepId];
      if (step !== undefined) onPair?.(step.type, input.type);
    }
    const result = transition(definition, state, input);
    for (const taken of result.steps) onPair?.(taken.type, input.type);
    state = result.state;
    states.push(state);
    inputs.push(input);
    commands.push(...result.commands);
    log.push(result);
  }
  return { definition, states, inputs, commands, text: canonicalJson(log) };
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map(String);
const check = (property: (life: Life, seed: string) => void): void => {
  fc.assert(
    fc.property(seeds, (seed) => {
      property(live(seed), seed);
    }),
    { numRuns: RUNS / 5 },
  );
};

describe('transition, over generated scenarios and inputs', () => {
  it('never throws, and takes every step type under every input type', () => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < RUNS; seed += 1) {
      live(`${seed}`, (type, input) => {
        const pair = `${type} x ${input}`;
        seen.set(pair, (seen.get(pair) ?? 0) + 1);
      });
    }
    const missing = STEP_TYPES.flatMap((type) =>
      INPUT_TYPES.map((input) => `${type} x ${input}`).filter((pair) => !seen.has(pair)),
    );
    const least = [...seen].sort((a, b) => a[1] - b[1]).slice(0, 5);
    console.info(`${seen.size} pairs of step and input covered; rarest:`, least);
    expect(missing).toEqual([]);
  });

  it('gives the same answer for the same definition, state and input', () => {
    check((life, seed) => expect(live(seed).text).toBe(life.text));
  });

  it('keeps states plain, bounded, and never back in time', () => {
    check(({ states }) => {
      for (const [index, state] of states.entries()) {
        const text = JSON.stringify(state);
        expect(JSON.parse(text)).toEqual(state);
        expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(MAX_STATE_BYTES);
        expect(state.lastAtMs).toBeGreaterThanOrEqual(states[index - 1]?.lastAtMs ?? 0);
      }
    });
  });

  it('gives each effect one id for ever', () => {
    check(({ commands }) => {
      const repeatable = ['arm', 'disarm', 'unlisten'];
      const keys = commands
        .filter((command) => !repeatable.includes(command.type))
        .map((command) => `${command.type} ${command.commandId}`);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('stands somewhere, or has ended once with one end command', () => {
    check(({ states, commands }) => {
      const last = states.at(-1) as State;
      const ends = commands.filter((command) => command.type === 'end');
      expect(ends.length).toBe(last.status === 'ended' ? 1 : 0);
      const entered = last.enteredAtMs !== null;
      if (entered && (last.status === 'running' || last.status === 'paused')) {
        expect(last.cursors.length).toBeGreaterThan(0);
      } else expect(last.cursors).toEqual([]);
    });
  });

  it('runs no step of the held-out', () => {
    check(({ states, commands }) => {
      if (states[0]?.status !== 'held_out') return;
      expect(commands.every(({ type }) => type === 'arm' || type === 'end')).toBe(true);
    });
  });

  it('ejects nobody by a pause, and does nothing while paused', () => {
    check(({ definition, states, inputs }) => {
      for (const [index, input] of inputs.entries()) {
        const before = states[index];
        if (before?.status !== 'paused' || input.type !== 'timer') continue;
        const result = transition(definition, before, input);
        expect(result).toMatchObject({ state: before, commands: [], ignored: 'paused' });
      }
    });
  });
});
