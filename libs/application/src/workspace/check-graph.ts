import { formatDuration, type Place } from '#libs/kernel';
import type { CheckedFile } from '#libs/contracts';
import { successorsOf, type StepId } from '#libs/scenario';
import { msOfText, type PlacedStep, type ScenarioGraph } from './scenario-graph.js';
import type { ProblemList } from './problem-list.js';

/** Steps a scenario may have. */
const MAX_STEPS = 300;

/** Shape of the graph: every step reached, every path ended, every decision made before its use. */
export function checkGraph(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  graph: ScenarioGraph,
): void {
  const placeOf = ({ path }: PlacedStep): Place => file.document.placeOf(path);
  for (const placed of graph.doubled) list.add('RLN-1204', placeOf(placed), { id: placed.id });
  if (graph.placed.length > MAX_STEPS) {
    const params = { count: graph.placed.length, limit: MAX_STEPS };
    list.add('RLN-1212', file.document.placeOfKey(['steps']), params);
  }
  // With two steps of one name the graph is not the author's: what it says would mislead.
  if (graph.doubled.length > 0) return;
  const reached = reachable(graph, null);
  checkReached(list, graph, { reached, placeOf });
  if (endsInTheOpen(graph, reached)) {
    const last = graph.placed.findLast(({ path }) => path.length === 2);
    const place = last === undefined ? file.document.placeOfKey(['steps']) : placeOf(last);
    list.add('RLN-1203', place);
  }
  checkDecisionsBefore(list, graph, { reached, placeOf });
  checkSplits(list, file, graph);
  checkWindows(list, file, graph);
  checkBreadth(list, graph, { reached, placeOf });
}

interface Seen {
  readonly reached: ReadonlySet<StepId>;
  readonly placeOf: (placed: PlacedStep) => Place;
}

function checkReached(list: ProblemList, graph: ScenarioGraph, seen: Seen): void {
  for (const placed of graph.placed) {
    if (seen.reached.has(placed.id)) continue;
    const parent = graph.placed.find(({ path }) => isWithin(placed.path, path));
    // The first lost step of a block is told; those inside it and after it are lost with it.
    const isInside = parent !== undefined && !seen.reached.has(parent.id);
    const before = graph.placed.find(({ path }) => isJustBefore(path, placed.path));
    if (isInside || (before !== undefined && !seen.reached.has(before.id))) continue;
    list.add('RLN-1202', seen.placeOf(placed));
  }
}

/** Steps reached from the start, without going through one of them where one is left out. */
function reachable(graph: ScenarioGraph, without: StepId | null): ReadonlySet<StepId> {
  const reached = new Set<StepId>();
  const open = [graph.start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === null || id === without || reached.has(id)) continue;
    const step = graph.steps[id];
    if (step === undefined) continue;
    reached.add(id);
    open.push(
      ...successorsOf(step).filter((next) => next !== step.next || goesOn(graph, id, without)),
    );
  }
  return reached;
}

/** Whether a step can be left: a block whose steps all end elsewhere never is. */
function goesOn(graph: ScenarioGraph, id: StepId, without: StepId | null): boolean {
  const step = graph.steps[id];
  if (step?.type === 'repeat') {
    return step.until !== null || leadsBack(graph, { from: step.then, to: id, without });
  }
  if (step?.type !== 'parallel') return true;
  const isBack = ({ then }: { then: StepId }): boolean =>
    leadsBack(graph, { from: then, to: id, without });
  return step.join === 'all' ? step.branches.every(isBack) : step.branches.some(isBack);
}

function leadsBack(
  graph: ScenarioGraph,
  way: { readonly from: StepId; readonly to: StepId; readonly without: StepId | null },
): boolean {
  const seen = new Set<StepId>();
  const open: (StepId | null)[] = [way.from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === way.to) return true;
    if (id === null || id === way.without || seen.has(id)) continue;
    const step = graph.steps[id];
    if (step === undefined) continue;
    seen.add(id);
    const isOpen = goesOn(graph, id, way.without);
    open.push(...successorsOf(step).filter((next) => next !== step.next || isOpen));
  }
  return false;
}

/** Decisions without which the step cannot be reached. */
export function decisionsBefore(graph: ScenarioGraph, stepId: StepId): readonly StepId[] {
  const decisions = graph.placed.filter(({ id }) => graph.steps[id]?.type === 'decide');
  return decisions
    .map(({ id }) => id)
    .filter((id) => id !== stepId && !reachable(graph, id).has(stepId));
}

function endsInTheOpen(graph: ScenarioGraph, reached: ReadonlySet<StepId>): boolean {
  if (graph.start === null) return true;
  return [...reached].some((id) => {
    const step = graph.steps[id];
    return step !== undefined && successorsOf(step).includes(null);
  });
}

function checkDecisionsBefore(list: ProblemList, graph: ScenarioGraph, seen: Seen): void {
  for (const placed of graph.placed) {
    const step = graph.steps[placed.id];
    if (step?.type !== 'deliver' || !('decision' in step.of)) continue;
    const { decision } = step.of;
    if (graph.steps[decision]?.type !== 'decide' || !seen.reached.has(placed.id)) continue;
    if (!decisionsBefore(graph, placed.id).includes(decision)) {
      list.add('RLN-1208', seen.placeOf(placed), { decision });
    }
  }
}

function checkSplits(list: ProblemList, file: CheckedFile<'scenario'>, graph: ScenarioGraph): void {
  for (const placed of graph.placed) {
    const step = graph.steps[placed.id];
    if (step?.type !== 'split') continue;
    const otherwise = step.branches.findIndex(({ when }) => when === null);
    if (otherwise !== step.branches.length - 1) {
      list.add('RLN-1209', file.document.placeOf(placed.body));
    }
  }
}

function checkWindows(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  graph: ScenarioGraph,
): void {
  const maxAge = file.value.limits.max_age;
  for (const placed of graph.placed) {
    const step = graph.steps[placed.id];
    if (step?.type !== 'decide' || step.reward === null) continue;
    if (step.reward.withinMs <= msOfText(maxAge)) continue;
    const window = formatDuration({ amount: step.reward.withinMs / 3_600_000, unit: 'h' });
    const place = file.document.placeOf([...placed.body, 'reward', 'within']);
    list.add('RLN-1206', place, { window, maxAge });
  }
}

/** Places that a person may stand on at once, at most: each is kept in the state. */
const MOST_SIDE_BY_SIDE = 16;

function checkBreadth(list: ProblemList, graph: ScenarioGraph, { placeOf }: Seen): void {
  for (const placed of graph.placed) {
    if (graph.steps[placed.id]?.type !== 'parallel') continue;
    const count = breadthOf(graph, placed);
    const outer = graph.placed.some(
      (other) => graph.steps[other.id]?.type === 'parallel' && isWithin(placed.path, other.path),
    );
    if (outer || count <= MOST_SIDE_BY_SIDE) continue;
    list.add('RLN-1270', placeOf(placed), { count, limit: MOST_SIDE_BY_SIDE });
  }
}

/** The widest row of branches inside: of each branch its own widest, since one follows the other. */
function breadthOf(graph: ScenarioGraph, { id, path }: PlacedStep): number {
  const step = graph.steps[id];
  if (step?.type !== 'parallel') return 1;
  const inner = graph.placed.filter(
    (other) => graph.steps[other.id]?.type === 'parallel' && isWithin(other.path, path),
  );
  return step.branches.reduce((sum, _, index) => {
    const branch = inner.filter((other) => other.path[path.length + 2] === index);
    return sum + Math.max(1, ...branch.map((other) => breadthOf(graph, other)));
  }, 0);
}

function isWithin(path: PlacedStep['path'], outer: PlacedStep['path']): boolean {
  return path.length > outer.length && outer.every((part, index) => path[index] === part);
}

function isJustBefore(path: PlacedStep['path'], next: PlacedStep['path']): boolean {
  const last = next.at(-1);
  if (path.length !== next.length || typeof last !== 'number') return false;
  return path.every((part, index) =>
    index === path.length - 1 ? part === last - 1 : part === next[index],
  );
}
