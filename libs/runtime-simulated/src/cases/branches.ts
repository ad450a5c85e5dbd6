import type { Definition, Step } from '#libs/scenario';
import type { Happening } from '../happening.js';

/** Ways through a scenario, as `step: branch`; `exit: name` for the rules that end it anywhere. */
export function branchesOf(definition: Definition): readonly string[] {
  const steps = Object.entries(definition.steps).flatMap(([id, step]) =>
    waysOf(step).map((way) => (way === null ? id : `${id}: ${way}`)),
  );
  const exits = definition.exits.map(({ as }) => exitBranch(as));
  return [...new Set([...exits, ...steps])];
}

const exitBranch = (as: string): string => `exit: ${as}`;

/** Ways out of a step; null for a step with a single one. */
function waysOf(step: Step): readonly (string | null)[] {
  switch (step.type) {
    case 'split':
      return step.branches.map(({ name }) => name);
    case 'experiment':
      return step.arms.map(({ name }) => name);
    case 'wait_for':
      return step.upToMs === null ? ['matched'] : ['matched', 'timed_out'];
    case 'deliver':
      return step.onWithheld === 'continue' ? [null] : ['sent', 'withheld'];
    default:
      return [null];
  }
}

/** The ways that a trace of one scenario took. */
export function branchesTaken(
  definition: Definition,
  trace: readonly Happening[],
): ReadonlySet<string> {
  const taken = new Set<string>();
  const exited = new Set<string>();
  for (const happening of trace) {
    if (happening.scenario !== definition.scenario) continue;
    if (happening.kind === 'step') {
      const step = definition.steps[happening.stepId];
      if (step === undefined || UNDECIDED.has(happening.result)) continue;
      if (step.type === 'exit') exited.add(happening.enrolmentId);
      const way = wayTaken(step, happening);
      taken.add(way === null ? happening.stepId : `${happening.stepId}: ${way}`);
    }
    const isByRule = happening.kind === 'ended' && !exited.has(happening.enrolmentId);
    if (isByRule) taken.add(exitBranch(happening.as));
  }
  return taken;
}

const UNDECIDED = new Set(['waiting', 'cut_short']);

function wayTaken(
  step: Step,
  { result, branch }: { readonly result: string; readonly branch: string | null },
): string | null {
  switch (step.type) {
    case 'split':
    case 'experiment':
      return branch;
    case 'wait_for':
      return result;
    case 'deliver':
      if (step.onWithheld === 'continue') return null;
      return result === 'withheld' ? 'withheld' : 'sent';
    default:
      return null;
  }
}
