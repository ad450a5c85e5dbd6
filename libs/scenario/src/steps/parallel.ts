import { present } from '#libs/kernel';
import type { ParallelStep } from '../definition.js';
import { laterMark } from '../mark.js';
import { cutShort, framesOf, noteStep, type Outcome, type Run, type Spot } from '../run.js';
import type { Frame } from '../state.js';

/** Begins every branch; the first is followed at once, the others after it, in listed order. */
export function enterParallel(run: Run, step: ParallelStep, spot: Spot): Outcome {
  const { stepId, visit } = spot;
  const open = { stepId, visit, enteredAtMs: run.atMs };
  noteStep(run, open, 'waiting');
  const [first, ...others] = step.branches.map(({ then }, index) => ({
    within: [...run.path.within, { ...open, round: index + 1 }],
    mark: run.path.mark,
    next: then,
  }));
  const { within, mark, next } = present(first, 'a parallel step has branches');
  run.forks = [...others, ...run.forks];
  run.path = { within, mark };
  return { kind: 'inside', next };
}

/** The end of a branch: goes on where it is the last of `all`, or the first of `any`. */
export function joined(run: Run, step: ParallelStep): { readonly next: string | null } | null {
  const { within, mark } = run.path;
  const frame = present(within.at(-1), 'a branch is inside its step');
  const isOther = (path: { readonly within?: readonly Frame[] }): boolean =>
    path.within?.some(({ stepId }) => stepId === frame.stepId) === true;
  const cursors = run.cursors.filter(isOther);
  const forks = run.forks.filter(isOther);
  run.mark = laterMark(run.mark, mark);
  if (step.join === 'all' && cursors.length + forks.length > 0) return null;
  for (const { wait } of cursors) {
    if (wait.kind === 'result') run.commands.push({ type: 'cancel', commandId: wait.commandId });
  }
  const depth = within.length;
  const inner = [...cursors, ...forks].map((path) => ({ within: path.within?.slice(depth) ?? [] }));
  cutShort(run, cursors, framesOf(inner));
  run.forks = run.forks.filter((fork) => !forks.includes(fork));
  run.path = { within: within.slice(0, -1), mark: laterMark(mark, run.mark) };
  const first = step.branches[frame.round - 1]?.name;
  noteStep(run, frame, 'joined', step.join === 'any' ? first : undefined);
  return { next: step.next };
}
