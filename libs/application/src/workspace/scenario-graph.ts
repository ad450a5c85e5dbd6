import { parseDuration, durationMs, present, type Duration } from '#libs/kernel';
import {
  timeoutMsOf,
  type DocumentPath,
  type MeasuredSource,
  type ScenarioSource,
  type StepList,
  type StepSource,
  type TriggerSource,
} from '#libs/contracts';
import type {
  Goal,
  OnResume,
  Reward,
  Step,
  StepId,
  TaskTarget,
  Trigger,
  ValueSource,
  ZonedQuestion,
  ZoneOf,
} from '#libs/scenario';
import { inLocales } from './locales.js';

/** A step and where it was written: the path of its object in the file. */
export interface PlacedStep {
  readonly id: StepId;
  readonly path: DocumentPath;
  /** Path of what the step's type holds: `steps.3.decide`. */
  readonly body: DocumentPath;
}

/** The graph of a scenario and where each of its steps stands. */
export interface ScenarioGraph {
  readonly start: StepId | null;
  readonly steps: Readonly<Record<StepId, Step>>;
  readonly questions: readonly ZonedQuestion[];
  /** In the order of the file. */
  readonly placed: readonly PlacedStep[];
  /** Ids given twice, with the path of the second. */
  readonly doubled: readonly PlacedStep[];
}

interface Build {
  readonly locales: readonly string[];
  readonly steps: Record<StepId, Step>;
  readonly questions: Map<string, ZonedQuestion>;
  readonly placed: PlacedStep[];
  readonly doubled: PlacedStep[];
}

interface Block {
  /** Ids of its unnamed steps begin with this; empty for the main list. */
  readonly prefix: string;
  readonly path: DocumentPath;
  /** Where the block leads. */
  readonly next: StepId | null;
}

/** Turns nested blocks into a graph whose step ids survive edits elsewhere in the file. */
export function graphOf(source: ScenarioSource, locales: readonly string[]): ScenarioGraph {
  const build: Build = { locales, steps: {}, questions: new Map(), placed: [], doubled: [] };
  const start = block(build, source.steps, { prefix: '', path: ['steps'], next: null });
  const { steps, placed, doubled } = build;
  return { start, steps, placed, doubled, questions: [...build.questions.values()] };
}

/** A trigger as the interpreter reads it. */
export function triggerOf(source: TriggerSource): Trigger {
  const when = source.when === undefined ? {} : { when: source.when };
  // With both, which is refused, the event is the one that expressions speak of.
  if (source.segment === undefined || source.on !== undefined)
    return { on: source.on === undefined ? [] : [source.on], ...when };
  return 'enters' in source.segment
    ? { on: ['relance_segment_entered'], segment: source.segment.enters, ...when }
    : { on: ['relance_segment_left'], segment: source.segment.leaves, ...when };
}

/** A goal or reward as the interpreter reads it. */
export function measuredOf(source: MeasuredSource): Goal & Reward {
  const value = source.value === undefined ? {} : { value: String(source.value) };
  return { ...triggerOf(source), withinMs: msOfText(source.within), ...value };
}

/** Elapsed milliseconds of a checked duration. */
export function msOfText(text: string): number {
  return durationMs(durationOf(text));
}

function durationOf(text: string): Duration {
  const parsed = parseDuration(text);
  return present(parsed.ok ? parsed.value : null, `duration ${text}`);
}

function block(build: Build, list: StepList | undefined, at: Block): StepId | null {
  const steps = list ?? [];
  const ids = idsOf(steps, at.prefix);
  for (const [index, source] of steps.entries()) {
    const id = present(ids[index], 'an id a step');
    const path = [...at.path, index];
    const type = present(Object.keys(source)[0], 'a step has a type');
    const placed = { id, path, body: [...path, type] };
    build.placed.push(placed);
    if (Object.hasOwn(build.steps, id)) build.doubled.push(placed);
    // Entered before its branches, so that a branch that repeats the id is the second.
    build.steps[id] = { type: 'exit', as: 'placeholder', next: null };
    const next = ids[index + 1] ?? at.next;
    build.steps[id] = stepOf(build, source, { id, path: placed.body, next });
  }
  return ids[0] ?? at.next;
}

/** The author's ids, and `<branch path>/<type>-<n>` with n counted per type within the branch. */
function idsOf(steps: StepList, prefix: string): readonly StepId[] {
  const counts = new Map<string, number>();
  return steps.map((source) => {
    const [type = '', body] = Object.entries(source)[0] ?? [];
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const given =
      typeof body === 'object' && body !== null ? (body as { id?: string }).id : undefined;
    return given ?? `${prefix}${type}-${count}`;
  });
}

interface StepPlace {
  readonly id: StepId;
  readonly path: DocumentPath;
  readonly next: StepId | null;
}

function stepOf(build: Build, source: StepSource, at: StepPlace): Step {
  const { next } = at;
  if ('wait' in source) return waitOf(build, source.wait, next);
  if ('wait_until' in source) return waitUntilOf(build, source.wait_until, next);
  if ('wait_for' in source) return waitForOf(build, source.wait_for, at);
  if ('split' in source) return splitOf(build, source.split, at);
  if ('experiment' in source) return experimentOf(build, source.experiment, at);
  if ('decide' in source) return decideOf(source.decide, next);
  if ('deliver' in source) {
    const { deliver } = source;
    const of = 'decision' in deliver ? { decision: deliver.decision } : { action: deliver.action };
    return { type: 'deliver', of, onWithheld: deliver.on_withheld, next };
  }
  if ('task' in source) return taskOf(build, source.task, next);
  if ('update' in source) {
    return { type: 'update', traits: valuesOf(source.update.set), next };
  }
  if ('emit' in source) {
    const { event, properties } = source.emit;
    return { type: 'emit', event, properties: valuesOf(properties), next };
  }
  if ('exit' in source) return { type: 'exit', as: source.exit, next: null };
  return blockOf(build, source, at) ?? effectOf(source, next);
}

/** Steps that hold others which lead back to them. */
function blockOf(build: Build, source: StepSource, at: StepPlace): Step | null {
  const { id, next, path } = at;
  if ('parallel' in source) {
    const { join, branches } = source.parallel;
    return {
      type: 'parallel',
      join,
      branches: branches.map(({ name: given, then }, index) => {
        const name = given ?? `branch-${index + 1}`;
        const inner = [...path, 'branches', index, 'then'];
        return {
          name,
          then: back(build, then, { prefix: `${id}/${name}/`, path: inner, next: id }),
        };
      }),
      next,
    };
  }
  if (!('repeat' in source)) return null;
  const { times, until, then } = source.repeat;
  const inner = { prefix: `${id}/`, path: [...path, 'then'], next: id };
  return { type: 'repeat', times, until: until ?? null, then: back(build, then, inner), next };
}

function back(build: Build, list: StepList, at: Block): StepId {
  return present(block(build, list, at), 'a block that leads somewhere');
}

type EffectSource = Extract<
  StepSource,
  Record<'webhook', unknown> | Record<'points', unknown> | Record<'enrol', unknown>
>;

/** Steps that do something outside and have no branches. */
function effectOf(source: StepSource, next: StepId | null): Step {
  const effect = source as EffectSource;
  if ('webhook' in effect) {
    const { to, body, timeout, on_failed: onFailed } = effect.webhook;
    const timeoutMs = timeoutMsOf(timeout);
    return { type: 'webhook', to, body: valuesOf(body), timeoutMs, onFailed, next };
  }
  if ('points' in effect) return pointsOf(effect.points, next);
  const { scenario, properties } = effect.enrol;
  return { type: 'enrol', scenario, properties: valuesOf(properties), next };
}

function pointsOf(source: SourceOf<'points'>, next: StepId | null): Step {
  const given = 'add' in source ? source.add : source.take;
  const points: ValueSource = typeof given === 'number' ? { value: given } : { cel: given };
  return { type: 'points', points, isTaken: 'take' in source, reason: source.reason, next };
}

type SourceOf<Key extends string> = Extract<StepSource, Record<Key, unknown>>[Key];

function waitOf(build: Build, source: SourceOf<'wait'>, next: StepId | null): Step {
  const duration = durationOf(typeof source === 'string' ? source : source.for);
  const onResume = resume(typeof source === 'string' ? undefined : source.on_resume);
  if (duration.unit !== 'd' && duration.unit !== 'w') {
    return { type: 'wait', duration, onResume, next };
  }
  const days = duration.amount * (duration.unit === 'w' ? 7 : 1);
  const question = `addCalendarDays(${days})`;
  build.questions.set(question, { id: question, kind: 'add_calendar_days', days });
  return { type: 'wait', duration, question, onResume, next };
}

function waitUntilOf(build: Build, source: SourceOf<'wait_until'>, next: StepId | null): Step {
  const { time, days = [], on_gap: onGap, on_overlap: onOverlap } = source;
  const named = !['profile', 'account', 'workspace'].includes(source.zone);
  const zone: ZoneOf = named ? { name: source.zone } : (source.zone as 'profile');
  const id = `nextLocalTime(${[time, days.join(' '), source.zone, onGap, onOverlap].join(', ')})`;
  build.questions.set(id, { id, kind: 'next_local_time', time, days, zone, onGap, onOverlap });
  return { type: 'wait_until', question: id, onResume: resume(source.on_resume), next };
}

function waitForOf(build: Build, source: SourceOf<'wait_for'>, at: StepPlace): Step {
  const branch = (name: 'then' | 'else'): StepId | null =>
    block(build, source[name], {
      prefix: `${at.id}/${name}/`,
      path: [...at.path, name],
      next: at.next,
    });
  return {
    type: 'wait_for',
    triggers: (source.any ?? [source]).map(triggerOf),
    upToMs: source.up_to === undefined ? null : msOfText(source.up_to),
    lookback: source.lookback ?? 'previous',
    then: branch('then'),
    else: branch('else'),
    onResume: resume(source.on_resume),
    next: at.next,
  };
}

function splitOf(build: Build, source: SourceOf<'split'>, at: StepPlace): Step {
  const isList = Array.isArray(source);
  const branches = isList
    ? source
    : (source as Exclude<typeof source, readonly unknown[]>).branches;
  const path = isList ? at.path : [...at.path, 'branches'];
  return {
    type: 'split',
    branches: (branches as readonly SplitBranchAsWritten[]).map((branch, index) => {
      const name = branch.name ?? (branch.when === undefined ? 'otherwise' : `when-${index + 1}`);
      const inner = { prefix: `${at.id}/${name}/`, path: [...path, index, 'then'], next: at.next };
      return { name, when: branch.when ?? null, then: block(build, branch.then, inner) };
    }),
    next: at.next,
  };
}

interface SplitBranchAsWritten {
  readonly name?: string;
  readonly when?: string;
  readonly then?: StepList;
}

function experimentOf(build: Build, source: SourceOf<'experiment'>, at: StepPlace): Step {
  const total = source.arms.reduce((sum, arm) => sum + arm.weight, 0);
  return {
    type: 'experiment',
    arms: source.arms.map((arm, index) => {
      const path = [...at.path, 'arms', index, 'then'];
      const inner = { prefix: `${at.id}/${arm.name}/`, path, next: at.next };
      return { name: arm.name, share: arm.weight / total, then: block(build, arm.then, inner) };
    }),
    next: at.next,
  };
}

function decideOf(source: SourceOf<'decide'>, next: StepId | null): Step {
  return {
    type: 'decide',
    actions: source.actions,
    model: source.model,
    reward: source.reward === undefined ? null : measuredOf(source.reward),
    timeoutMs: timeoutMsOf(source.timeout),
    fallback: source.fallback,
    businessAsUsual: source.business_as_usual ?? null,
    next,
  };
}

function taskOf(build: Build, source: SourceOf<'task'>, next: StepId | null): Step {
  return {
    type: 'task',
    for: taskTarget(source),
    title: inLocales(source.title, build.locales),
    note: source.note === undefined ? null : inLocales(source.note, build.locales),
    dueInMs: msOfText(source.due),
    next,
  };
}

/** Who a task is for: the owner or, without one, the queue of `else`; or a queue. */
export function taskTarget(source: {
  readonly for: 'owner' | { readonly queue: string };
  readonly else?: { readonly queue: string } | undefined;
}): TaskTarget {
  if (source.for !== 'owner') return { kind: 'queue', queue: source.for.queue };
  return { kind: 'owner', else: source.else?.queue ?? null };
}

function valuesOf(values: SourceOf<'update'>['set']): Readonly<Record<string, ValueSource>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, ValueSource] => [
      name,
      value !== null && typeof value === 'object' && 'cel' in value
        ? { cel: value.cel }
        : { value },
    ]),
  );
}

function resume(given: OnResume | undefined): OnResume {
  return given ?? 'continue';
}
