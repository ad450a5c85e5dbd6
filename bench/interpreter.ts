// Steps a second of the pure interpreter, against a loop that does next to nothing and against the
// JSON round trip that a store needs anyway.
import { parseArgs } from 'node:util';
import { runAbandonedCarts } from '../libs/scenario/src/testing/index.js';
import { countOf, measure, rounded } from './harness/measure.js';

const { values } = parseArgs({
  options: { enrolments: { type: 'string' }, rounds: { type: 'string' } },
});
const enrolments = countOf(values.enrolments, 50_000);
const rounds = countOf(values.rounds, 5);
const WARM_UP = 5_000;

/** A state of usual shape, copied with one field changed: the least any interpreter does. */
function bareLoop(steps: number): number {
  let state = {
    enrolmentId: 'e',
    status: 'running',
    lastAtMs: 0,
    visits: {},
    cursors: [] as object[],
  };
  for (let step = 0; step < steps; step += 1) {
    state = { ...state, lastAtMs: step, cursors: [{ stepId: 'wait-1', visit: step }] };
  }
  return state.lastAtMs;
}

function jsonLoop(steps: number): number {
  let state: { lastAtMs: number } & Record<string, unknown> = {
    enrolmentId: 'mfrggzdfmztwq2lkmfrggzdfmz',
    definition: 'a'.repeat(32),
    entry: { cart_id: 'c1', total: 80.5 },
    cursors: [{ stepId: 'wait-1', visit: 1, enteredAtMs: 1, wait: { kind: 'timer', dueMs: 2 } }],
    lastAtMs: 0,
  };
  for (let step = 0; step < steps; step += 1) {
    state = JSON.parse(JSON.stringify({ ...state, lastAtMs: step })) as typeof state;
  }
  return state.lastAtMs;
}

function perSecond(work: () => number): number {
  const startedMs = performance.now();
  const done = work();
  return (done / (performance.now() - startedMs)) * 1_000;
}

await measure('interpreter', () => {
  runAbandonedCarts(WARM_UP);
  bareLoop(WARM_UP);
  jsonLoop(WARM_UP);
  const best = (work: () => number): number =>
    Math.max(...Array.from({ length: rounds }, () => perSecond(work)));
  const { steps, transitions } = runAbandonedCarts(1);
  const stepsPerS = best(() => runAbandonedCarts(enrolments).steps);
  const bareSteps = enrolments * steps;
  const barePerS = best(() => bareLoop(bareSteps) + 1);
  const jsonPerS = best(() => jsonLoop(Math.ceil(bareSteps / 4)) + 1);
  return Promise.resolve({
    steps_per_s: Math.round(stepsPerS),
    transitions_per_s: Math.round((stepsPerS * transitions) / steps),
    enrolments,
    bare_loop_per_s: Math.round(barePerS),
    json_round_trips_per_s: Math.round(jsonPerS),
    share_of_bare: rounded(stepsPerS / barePerS, 3),
  });
});
