import { contentHash, type DefinitionHash } from '#libs/kernel';
import { shareOf, type CheckedFile, type DocumentPath, type ScenarioSource } from '#libs/contracts';
import type { Compiled, Expectation, ScopeTypes } from '#libs/expression';
import {
  MOST_POINTS,
  type Definition,
  type OnChange,
  type Step,
  type ZonedQuestion,
} from '#libs/scenario';
import { checkExpression } from './check-expression.js';
import { checkGraph, decisionsBefore } from './check-graph.js';
import { checkEntryKind, entryKindOf, entryOf } from './compile-entry.js';
import { checkLocales } from './locales.js';
import { checkName, suggestionFor, type ProblemList } from './problem-list.js';
import { pathsOf, readsOf, type ReadPaths } from './reads.js';
import { profileScope, scenarioScope, type ScenarioNames } from './scope.js';
import { graphOf, measuredOf, msOfText, triggerOf, type ScenarioGraph } from './scenario-graph.js';
import { isUnknown, templateReads, variablesOf } from './template-variables.js';
import type { World } from './world.js';

interface Compiling {
  readonly list: ProblemList;
  readonly file: CheckedFile<'scenario'>;
  readonly world: World;
  readonly names: ScenarioNames;
  readonly compiled: (Compiled | null)[];
}

/** Checks a scenario against its workspace and compiles it. The problems are in the list. */
export function compileScenario(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  world: World,
): Definition {
  const source = file.value;
  const graph = graphOf(source, world.locales);
  const decisions = graph.placed.filter(({ id }) => graph.steps[id]?.type === 'decide');
  const kind = entryKindOf(source.entry);
  const names = {
    entryEvents: triggerOf(source.entry).on,
    isTimed: kind === 'date' || kind === 'schedule',
    decisions: decisions.map(({ id }) => id),
    made: [],
  };
  const compiling: Compiling = { list, file, world, names, compiled: [] };
  checkGraph(list, file, graph);
  checkHead(compiling, graph);
  const texts = graph.placed.flatMap((placed) => {
    const step = graph.steps[placed.id];
    if (step === undefined) return [];
    const made = decisionsBefore(graph, placed.id);
    return checkStep({ ...compiling, names: { ...names, made } }, step, placed.body);
  });
  return definitionOf(compiling, graph, texts);
}

/** Everything outside the steps. */
function checkHead(compiling: Compiling, graph: ScenarioGraph): void {
  const { list, file, world } = compiling;
  const { value: source, document } = file;
  checkLocales(list, source.name, world.locales, document.placeOf(['name']));
  const purpose = { name: source.purpose, place: document.placeOf(['purpose']) };
  checkName(list, 'purpose', purpose, world.purposes.keys());
  checkEntry(compiling);
  for (const [index, exit] of source.exit.entries()) checkTrigger(compiling, ['exit', index], exit);
  if (source.goal !== undefined) checkMeasured(compiling, ['goal'], source.goal);
  if (source.redirects === undefined) return;
  if (source.on_change !== 'migrate') list.add('RLN-1215', document.placeOfKey(['redirects']));
  for (const [from, to] of Object.entries(source.redirects)) {
    const place = document.placeOf(['redirects', from]);
    checkName(list, 'step', { name: to, place }, Object.keys(graph.steps));
  }
}

function checkEntry(compiling: Compiling): void {
  const { list, file, world, names } = compiling;
  const { entry } = file.value;
  const kind = checkEntryKind(list, file, world);
  // No event brings anybody by date or by schedule: `event` is no name there.
  const scope = names.isTimed === true ? { scope: profileScope(world.scope) } : {};
  if (kind === 'trigger') checkTrigger(compiling, ['entry'], entry);
  else expression(compiling, ['entry', 'when'], entry.when, { expects: 'bool', ...scope });
  expression(compiling, ['entry', 'key'], entry.key, { expects: 'any', on: entry.on, ...scope });
}

/** One step; answers the paths its texts read. */
function checkStep(compiling: Compiling, step: Step, path: DocumentPath): ReadPaths {
  const { file } = compiling;
  switch (step.type) {
    case 'wait_for':
      checkWaitFor(compiling, path);
      return [];
    case 'split':
      checkBranches(compiling, step, path);
      return [];
    case 'decide':
      return checkDecide(compiling, step, path);
    case 'deliver':
      return checkDeliver(compiling, step, path);
    case 'task': {
      const texts = [...Object.values(step.title), ...Object.values(step.note ?? {})];
      checkTexts(compiling, texts, [...path, 'title']);
      return texts.flatMap(templateReads);
    }
    case 'update':
      checkValues(compiling, [...path, 'set'], step.traits);
      for (const name of Object.keys(step.traits)) {
        const place = file.document.placeOfKey([...path, 'set', name]);
        checkName(compiling.list, 'trait', { name, place }, compiling.world.traits);
      }
      return [];
    case 'webhook':
    case 'points':
    case 'enrol':
    case 'repeat':
      checkOutward(compiling, step, path);
      return [];
    case 'emit':
      checkValues(compiling, [...path, 'properties'], step.properties);
      checkEvent(compiling, step.event, [...path, 'event']);
      return [];
    default:
      return [];
  }
}

/** Steps with little to check: a name, values, a condition. */
function checkOutward(
  compiling: Compiling,
  step: Extract<Step, { type: 'webhook' | 'points' | 'enrol' | 'repeat' }>,
  path: DocumentPath,
): void {
  const { list, file, world } = compiling;
  switch (step.type) {
    case 'webhook': {
      const place = file.document.placeOf([...path, 'to']);
      checkName(list, 'endpoint', { name: step.to, place }, world.endpoints);
      checkValues(compiling, [...path, 'body'], step.body);
      return;
    }
    case 'points': {
      const field = [...path, step.isTaken ? 'take' : 'add'];
      const source = 'cel' in step.points ? step.points.cel : undefined;
      expression(compiling, field, source, { expects: 'number' });
      if (source === undefined) checkPoints(compiling, field);
      return;
    }
    case 'enrol':
      checkEnrol(compiling, step.scenario, [...path, 'scenario']);
      checkValues(compiling, [...path, 'properties'], step.properties);
      return;
    case 'repeat':
      expression(compiling, [...path, 'until'], step.until ?? undefined, { expects: 'bool' });
  }
}

function checkPoints({ list, file }: Compiling, path: DocumentPath): void {
  const points = at({ file }, path);
  const isFit = Number.isInteger(points) && Number(points) >= 1 && Number(points) <= MOST_POINTS;
  if (!isFit) list.add('RLN-1271', file.document.placeOf(path), { most: MOST_POINTS });
}

/** Only a scenario that says so may be entered by another: else its own trigger would be passed by. */
function checkEnrol({ list, file, world }: Compiling, scenario: string, path: DocumentPath): void {
  const place = file.document.placeOf(path);
  if (world.broken.has(scenario)) return;
  if (!checkName(list, 'scenario', { name: scenario, place }, world.entryKinds.keys())) return;
  if (world.entryKinds.get(scenario) !== 'api') list.add('RLN-1272', place, { scenario });
}

type TriggerAsWritten = Pick<ScenarioSource['entry'], 'on' | 'segment' | 'when'>;

function checkTrigger(compiling: Compiling, path: DocumentPath, trigger: TriggerAsWritten): void {
  const { list, file, world } = compiling;
  if ((trigger.on === undefined) === (trigger.segment === undefined)) {
    list.add('RLN-1210', file.document.placeOf(path));
  }
  if (trigger.on !== undefined) checkEvent(compiling, trigger.on, [...path, 'on']);
  if (trigger.segment !== undefined) {
    const [key, name] = Object.entries(trigger.segment)[0] ?? ['enters', ''];
    const place = file.document.placeOf([...path, 'segment', key]);
    if (!world.broken.has(name)) checkName(list, 'segment', { name, place }, world.segments);
  }
  const on = triggerOf(trigger).on[0];
  expression(compiling, [...path, 'when'], trigger.when, { expects: 'bool', on });
}

function checkMeasured(
  compiling: Compiling,
  path: DocumentPath,
  measured: NonNullable<ScenarioSource['goal']>,
): void {
  checkTrigger(compiling, path, measured);
  const on = triggerOf(measured).on[0];
  expression(compiling, [...path, 'value'], measured.value, { expects: 'number', on });
}

function checkWaitFor(compiling: Compiling, path: DocumentPath): void {
  const source = at(compiling, path) as TriggerAsWritten & { any?: readonly TriggerAsWritten[] };
  if (source.any === undefined) {
    checkTrigger(compiling, path, source);
    return;
  }
  if (source.on !== undefined || source.segment !== undefined || source.when !== undefined) {
    compiling.list.add('RLN-1210', compiling.file.document.placeOf(path));
  }
  for (const [index, trigger] of source.any.entries()) {
    checkTrigger(compiling, [...path, 'any', index], trigger);
  }
}

function checkBranches(
  compiling: Compiling,
  step: Extract<Step, { type: 'split' }>,
  path: DocumentPath,
): void {
  const base = Array.isArray(at(compiling, path)) ? path : [...path, 'branches'];
  for (const [index, { when }] of step.branches.entries()) {
    expression(compiling, [...base, index, 'when'], when ?? undefined, { expects: 'bool' });
  }
}

function checkDecide(
  compiling: Compiling,
  step: Extract<Step, { type: 'decide' }>,
  path: DocumentPath,
): ReadPaths {
  const { list, file } = compiling;
  const known = step.actions.join(', ');
  for (const [field, action] of [
    ['fallback', step.fallback],
    ['business_as_usual', step.businessAsUsual],
  ] as const) {
    if (action === null || step.actions.includes(action)) continue;
    list.add('RLN-1207', file.document.placeOf([...path, field]), { field, action, known });
  }
  const reward = (at(compiling, path) as { reward?: NonNullable<ScenarioSource['goal']> }).reward;
  if (reward !== undefined) checkMeasured(compiling, [...path, 'reward'], reward);
  return step.actions.flatMap((action, index) =>
    checkAction(compiling, action, [...path, 'actions', index]),
  );
}

function checkDeliver(
  compiling: Compiling,
  step: Extract<Step, { type: 'deliver' }>,
  path: DocumentPath,
): ReadPaths {
  if ('action' in step.of) return checkAction(compiling, step.of.action, [...path, 'action']);
  const { decision } = step.of;
  const { decisions } = compiling.names;
  if (!decisions.includes(decision)) {
    const place = compiling.file.document.placeOf([...path, 'decision']);
    compiling.list.add('RLN-1303', place, { decision, known: decisions.join(', ') || '—' });
  }
  return [];
}

function checkAction(compiling: Compiling, action: string, path: DocumentPath): ReadPaths {
  const { list, file, world } = compiling;
  if (action === 'nothing' || world.broken.has(action)) return [];
  const place = file.document.placeOf(path);
  checkName(list, 'action', { name: action, place }, world.actions.keys());
  const reads = world.actionReads.get(action);
  compiling.compiled.push(...(reads?.compiled ?? []));
  return reads?.texts ?? [];
}

function checkEvent(compiling: Compiling, name: string, path: DocumentPath): void {
  const { list, file, world } = compiling;
  if (world.scope.events.has(name) || world.broken.has(name)) return;
  const suggestion = suggestionFor(name, world.scope.events.keys());
  list.add('RLN-1302', file.document.placeOf(path), { name, suggestion });
}

function checkTexts(compiling: Compiling, texts: readonly string[], path: DocumentPath): void {
  const { list, file, world } = compiling;
  const written = at(compiling, path);
  checkLocales(list, written as string, world.locales, file.document.placeOf(path));
  for (const variable of new Set(texts.flatMap(variablesOf))) {
    if (!isUnknown(variable, world.traits)) continue;
    list.add('RLN-1405', file.document.placeOf(path), { variable: variable.path.join('.') });
  }
}

function checkValues(
  compiling: Compiling,
  path: DocumentPath,
  values: Readonly<Record<string, { value: unknown } | { cel: string } | object>>,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (!('cel' in value)) continue;
    expression(compiling, [...path, name, 'cel'], value.cel, { expects: 'any' });
  }
}

function expression(
  compiling: Compiling,
  path: DocumentPath,
  source: string | number | undefined,
  held: {
    readonly expects: Expectation;
    readonly on?: string | undefined;
    /** Another than what a scenario's expressions may name. */
    readonly scope?: ScopeTypes;
  },
): void {
  if (source === undefined) return;
  const { list, file, world, names } = compiling;
  const scope = held.scope ?? scenarioScope(world.scope, names, held.on ?? null);
  const where = { document: file.document, path, source: String(source), scope };
  compiling.compiled.push(
    checkExpression(list, { ...where, expects: held.expects }, world.segments),
  );
}

/** The value at a path, as the schema left it. */
function at(compiling: Pick<Compiling, 'file'>, path: DocumentPath): unknown {
  let value: unknown = compiling.file.value;
  for (const part of path) value = (value as Record<string | number, unknown>)[part];
  return value;
}

function definitionOf(compiling: Compiling, graph: ScenarioGraph, texts: ReadPaths): Definition {
  const { file, world, names, compiled } = compiling;
  const source = file.value;
  const entryProperties = names.entryEvents.flatMap((name) =>
    Object.keys(world.scope.events.get(name)?.fields ?? {}),
  );
  const body: Omit<Definition, 'hash'> = {
    scenario: source.scenario,
    name: source.name,
    purpose: source.purpose,
    priority: source.priority,
    entry: entryOf(source.entry),
    exits: source.exit.map((exit) => ({ ...triggerOf(exit), as: exit.as })),
    goal: source.goal === undefined ? null : measuredOf(source.goal),
    holdoutShare: shareOf(source.holdout),
    maxAgeMs: msOfText(source.limits.max_age),
    onChange: onChangeOf(source),
    start: graph.start,
    steps: graph.steps,
    reads: readsOf([...pathsOf(compiled), ...texts], entryProperties),
    questions: [...graph.questions, ...questionsOf(compiled)],
  };
  return { ...body, hash: contentHash(body) as DefinitionHash };
}

function onChangeOf(source: ScenarioSource): OnChange {
  if (source.on_change === 'pin') return { kind: 'pin' };
  return { kind: 'migrate', redirects: source.redirects ?? {} };
}

/** Questions of `hourLocal()` and `isHoliday("FR")`, by the keys expressions look them up with. */
function questionsOf(compiled: readonly (Compiled | null)[]): readonly ZonedQuestion[] {
  const questions = new Map<string, ZonedQuestion>();
  for (const { name, args, key } of compiled.flatMap((each) => each?.references.questions ?? [])) {
    questions.set(
      key,
      name === 'hourLocal'
        ? { id: key, kind: 'local_hour' }
        : { id: key, kind: 'holiday', country: args[0] ?? '' },
    );
  }
  return [...questions.keys()].sort().flatMap((key) => questions.get(key) ?? []);
}
