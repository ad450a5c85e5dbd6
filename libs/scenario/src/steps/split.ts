import { holds } from '../condition.js';
import type { SplitStep } from '../definition.js';
import { bindingsFor, type Outcome, type Run } from '../run.js';

/** First branch whose condition holds; one that cannot be evaluated does not hold. */
export function enterSplit(run: Run, step: SplitStep): Outcome {
  for (const branch of step.branches) {
    if (branch.when === null || holds(run.definition, branch.when, bindingsFor(run))) {
      return { kind: 'go', next: branch.then, result: 'done', branch: branch.name };
    }
  }
  return { kind: 'go', next: step.next, result: 'done' };
}
