import { evaluateJson } from '../condition.js';
import type { PointsStep } from '../definition.js';
import { bindingsFor, type Outcome, type Run, type Spot } from '../run.js';

/** Most points that one step moves: a slip in an expression must not make anybody rich. */
export const MOST_POINTS = 1_000_000;

/** Adds or takes points, whole ones; an expression that gives no number moves none. */
export function enterPoints(run: Run, step: PointsStep, spot: Spot): Outcome {
  const { commandId } = spot;
  const points = pointsOf(run, step);
  const { next, reason } = step;
  if (points === 0) return { kind: 'go', next, result: 'nothing' };
  run.commands.push({ type: 'points', commandId, points: step.isTaken ? -points : points, reason });
  return { kind: 'go', next, result: 'done' };
}

function pointsOf(run: Run, { points }: PointsStep): number {
  const given = 'value' in points ? points.value : computed(run, points.cel);
  if (typeof given !== 'number' || !Number.isFinite(given)) return 0;
  return Math.min(MOST_POINTS, Math.max(0, Math.floor(given)));
}

function computed(run: Run, cel: string): unknown {
  const answer = evaluateJson(run.definition, cel, bindingsFor(run));
  return answer.ok ? answer.value : null;
}
