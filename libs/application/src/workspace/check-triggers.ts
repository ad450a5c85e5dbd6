import { durationMs, parseDuration } from '#libs/kernel';
import type { CheckedFile, RelanceConfig } from '#libs/contracts';
import type { Trigger } from '#libs/scenario';
import type { ProblemList } from './problem-list.js';
import { msOfText, triggerOf, type ScenarioGraph } from './scenario-graph.js';

/** Names of events that people cause many times a day. */
const OFTEN =
  /^(page|screen|session)(_|$)|_(viewed|updated|seen|opened|clicked|started|searched)$|^relance_message_/;

/** What a scenario's triggers make of each other: entry, exits, waits and goal. */
export function checkTriggers(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  world: { readonly graph: ScenarioGraph; readonly relance: RelanceConfig },
): void {
  checkExits(list, file);
  checkWaitsAndExits(list, file, world.graph);
  checkReentry(list, file);
  checkExperiments(list, file, world.graph);
  checkBranchNames(list, file, world.graph);
  checkGoal(list, file, world.relance);
}

function checkExits(list: ProblemList, { value, document }: CheckedFile<'scenario'>): void {
  const entry = triggerOf(value.entry);
  for (const [index, exit] of value.exit.entries()) {
    const trigger = triggerOf(exit);
    if (trigger.when !== undefined || !isSame(trigger, entry)) continue;
    const place = document.placeOf(['exit', index]);
    list.add('RLN-1245', place, { event: nameOf(trigger), as: exit.as });
  }
}

/** A wait whose `then` holds steps, for what an exit without a condition takes first. */
function checkWaitsAndExits(
  list: ProblemList,
  { value, document }: CheckedFile<'scenario'>,
  graph: ScenarioGraph,
): void {
  const exits = value.exit.filter(({ when }) => when === undefined);
  for (const { id, body } of graph.placed) {
    const step = graph.steps[id];
    if (step?.type !== 'wait_for' || step.then === step.next) continue;
    for (const [index, trigger] of step.triggers.entries()) {
      const exit = exits.find((each) => isSame(triggerOf(each), trigger));
      if (exit === undefined) continue;
      const path = step.triggers.length > 1 ? [...body, 'any', index] : body;
      list.add('RLN-1246', document.placeOf(path), { event: nameOf(trigger), as: exit.as });
    }
  }
}

function checkReentry(list: ProblemList, { value, document }: CheckedFile<'scenario'>): void {
  const { on, key, reentry } = value.entry;
  if (reentry !== 'always' || key !== undefined || on === undefined || !OFTEN.test(on)) return;
  list.add('RLN-1247', document.placeOf(['entry', 'reentry']), { event: on });
}

function checkExperiments(
  list: ProblemList,
  { value, document }: CheckedFile<'scenario'>,
  graph: ScenarioGraph,
): void {
  if (value.goal !== undefined) return;
  const first = graph.placed.find(({ id }) => graph.steps[id]?.type === 'experiment');
  if (first !== undefined) list.add('RLN-1244', document.placeOf(first.path));
}

/** Arms and branches are told apart by name alone, in exposures and in traces. */
function checkBranchNames(
  list: ProblemList,
  { document }: CheckedFile<'scenario'>,
  graph: ScenarioGraph,
): void {
  for (const { id, path } of graph.placed) {
    const step = graph.steps[id];
    const branches =
      step?.type === 'experiment' ? step.arms : step?.type === 'split' ? step.branches : [];
    const names = branches.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) list.add('RLN-1250', document.placeOf(path), { name: twice });
  }
}

function checkGoal(
  list: ProblemList,
  { value, document }: CheckedFile<'scenario'>,
  { retention }: RelanceConfig,
): void {
  if (value.goal === undefined) return;
  const { within } = value.goal;
  if (msOfText(within) <= longMs(retention.events)) return;
  const params = { within, retention: retention.events };
  list.add('RLN-1248', document.placeOf(['goal', 'within']), params);
}

const DAY_MS = 86_400_000;

/** Milliseconds of a checked `13mo`; a month and a year at their longest. */
function longMs(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(mo|y)$/.exec(text) ?? [];
  if (unit !== '') return Number(amount) * (unit === 'mo' ? 31 : 366) * DAY_MS;
  const parsed = parseDuration(text);
  return parsed.ok ? durationMs(parsed.value) : 0;
}

function isSame(one: Trigger, other: Trigger): boolean {
  const [name] = one.on;
  return name !== undefined && other.on.includes(name) && one.segment === other.segment;
}

function nameOf({ on, segment }: Trigger): string {
  return segment ?? on[0] ?? '';
}
