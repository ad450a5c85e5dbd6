import type { Definition, Step, StepId } from './definition.js';

/** A block that a step stands inside of. */
export interface Around {
  readonly stepId: StepId;
  /** Of a `parallel` step, its branch, from 1; of a `repeat`, 1. */
  readonly branch: number;
}

const knownBy = new WeakMap<Definition, Map<StepId, readonly Around[]>>();

/** The blocks around a step, the outermost first: what a cursor that stands there is inside of. */
export function blocksAround(definition: Definition, stepId: StepId): readonly Around[] {
  let known = knownBy.get(definition);
  if (known === undefined) {
    known = allAround(definition);
    knownBy.set(definition, known);
  }
  return known.get(stepId) ?? [];
}

function allAround({ steps }: Definition): Map<StepId, readonly Around[]> {
  const around = new Map<StepId, { block: Around; size: number }[]>();
  for (const [stepId, step] of Object.entries(steps)) {
    for (const [index, body] of bodiesOf(step).entries()) {
      const members = within(steps, stepId, body);
      const block = { stepId, branch: index + 1 };
      for (const member of members) {
        around.set(member, [...(around.get(member) ?? []), { block, size: members.size }]);
      }
    }
  }
  // What is outside of another block holds more steps than it.
  return new Map(
    [...around].map(([member, blocks]) => [
      member,
      blocks.sort((one, other) => other.size - one.size).map(({ block }) => block),
    ]),
  );
}

function bodiesOf(step: Step): readonly StepId[] {
  if (step.type === 'parallel') return step.branches.map(({ then }) => then);
  return step.type === 'repeat' ? [step.then] : [];
}

/** Steps that lead from the start of a body back to its block, or to an end. */
function within(steps: Definition['steps'], block: StepId, start: StepId): ReadonlySet<StepId> {
  const members = new Set<StepId>();
  const open: (StepId | null)[] = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === null || id === block || members.has(id)) continue;
    const step = steps[id];
    if (step === undefined) continue;
    members.add(id);
    open.push(...successorsOf(step));
  }
  return members;
}

/** Every step a step may lead to; null among them where it may lead to no step at all. */
export function successorsOf(step: Step): readonly (StepId | null)[] {
  switch (step.type) {
    case 'exit':
      return [];
    case 'wait_for':
      return [step.then, step.else];
    case 'split':
      return step.branches.map(({ then }) => then);
    case 'experiment':
      return step.arms.map(({ then }) => then);
    default:
      return [...bodiesOf(step), step.next];
  }
}
