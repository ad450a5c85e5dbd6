import { formatDuration, type Duration, type Place } from '#libs/kernel';
import type { CheckedFile } from '#libs/contracts';
import { successorsOf, type Step, type StepId } from '#libs/scenario';
import type { ProblemList } from './problem-list.js';
import { msOfText, type PlacedStep, type ScenarioGraph } from './scenario-graph.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Waits against the scenario's greatest age: one that is longer, steps that no path reaches in time,
 * and waits for an event that nothing ends.
 */
export function checkWaits(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  graph: ScenarioGraph,
): void {
  // With two steps of one name the graph is not the author's.
  if (graph.doubled.length > 0) return;
  const maxAge = file.value.limits.max_age;
  const maxAgeMs = msOfText(maxAge);
  const tooLong = new Set<StepId>();
  for (const placed of graph.placed) {
    const step = graph.steps[placed.id];
    if (step?.type === 'wait_for') checkOpenEnd(list, file, { placed, step });
    const waitMs = ownWaitMs(step);
    if (waitMs === null || waitMs <= maxAgeMs) continue;
    tooLong.add(placed.id);
    const params = { wait: inWords(waitMs), maxAge, enough: inDays(waitMs) };
    list.add('RLN-1240', placeOfWait(file, placed), params);
  }
  checkArrivals(list, graph, { file, maxAge, tooLong });
}

/** What the step waits at most by itself, as written; null for steps without such a time. */
function ownWaitMs(step: Step | undefined): number | null {
  if (step?.type === 'wait') return msOf(step.duration);
  return step?.type === 'wait_for' ? step.upToMs : null;
}

function placeOfWait(file: CheckedFile<'scenario'>, { body }: PlacedStep): Place {
  const key = body.at(-1) === 'wait_for' ? 'up_to' : 'for';
  return file.document.placeOf([...body, key]);
}

function checkOpenEnd(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  { placed, step }: { placed: PlacedStep; step: Extract<Step, { type: 'wait_for' }> },
): void {
  if (step.upToMs !== null) return;
  // An `else` without steps leads on, as none does.
  if (step.else !== step.next) {
    list.add('RLN-1243', file.document.placeOfKey([...placed.body, 'else']));
    return;
  }
  list.add('RLN-1242', file.document.placeOf(placed.path), { maxAge: file.value.limits.max_age });
}

interface Arrivals {
  readonly file: CheckedFile<'scenario'>;
  readonly maxAge: string;
  /** Waits already told. */
  readonly tooLong: ReadonlySet<StepId>;
}

/** Tells the first steps that even the quickest path reaches too late; not those behind them. */
function checkArrivals(list: ProblemList, graph: ScenarioGraph, at: Arrivals): void {
  const maxAgeMs = msOfText(at.maxAge);
  const { arrivalMs, before } = earliestArrivals(graph);
  for (const { id, path } of graph.placed) {
    const ms = arrivalMs.get(id);
    const from = before.get(id);
    if (ms === undefined || ms <= maxAgeMs || from === undefined || at.tooLong.has(from)) continue;
    if ((arrivalMs.get(from) ?? 0) > maxAgeMs) continue;
    const params = { waits: inWords(ms), maxAge: at.maxAge, enough: inDays(ms) };
    list.add('RLN-1241', at.file.document.placeOf(path), params);
  }
}

/** The least time from entry to each step, and the step that the quickest path comes from. */
function earliestArrivals(graph: ScenarioGraph): {
  readonly arrivalMs: ReadonlyMap<StepId, number>;
  readonly before: ReadonlyMap<StepId, StepId>;
} {
  const arrivalMs = new Map<StepId, number>();
  const before = new Map<StepId, StepId>();
  const open = new Set<StepId>();
  if (graph.start !== null) {
    arrivalMs.set(graph.start, 0);
    open.add(graph.start);
  }
  for (;;) {
    const id = nearest(open, arrivalMs);
    if (id === undefined) return { arrivalMs, before };
    open.delete(id);
    const step = graph.steps[id];
    if (step === undefined) continue;
    for (const next of successorsOf(step)) {
      if (next === null) continue;
      const ms = (arrivalMs.get(id) ?? 0) + leastMs(step, next);
      if (ms >= (arrivalMs.get(next) ?? Infinity)) continue;
      arrivalMs.set(next, ms);
      before.set(next, id);
      open.add(next);
    }
  }
}

function nearest(
  open: ReadonlySet<StepId>,
  arrivalMs: ReadonlyMap<StepId, number>,
): StepId | undefined {
  let best: StepId | undefined;
  for (const id of open) {
    if ((arrivalMs.get(id) ?? 0) < (best === undefined ? Infinity : (arrivalMs.get(best) ?? 0))) {
      best = id;
    }
  }
  return best;
}

/** The least time a step takes on its way to the next; an event may come at once. */
function leastMs(step: Step, next: StepId): number {
  if (step.type === 'wait') return msOf(step.duration);
  if (step.type !== 'wait_for' || next === step.then) return 0;
  // What an open wait's `else` leads to is told by itself.
  return step.upToMs ?? 0;
}

function msOf(duration: Duration): number {
  return msOfText(formatDuration(duration));
}

/** A time as a file writes it, in the greatest unit that fits. */
function inWords(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS}d`;
  const hours = Math.round(ms / HOUR_MS);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

function inDays(ms: number): string {
  return `${Math.ceil(ms / DAY_MS) + 1}d`;
}
