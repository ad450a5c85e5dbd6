import { canonicalJson, formatDuration, type Duration } from '#libs/kernel';
import type { Definition, Step, StepId } from '#libs/scenario';

/** A value that differs, by its place: `entry.when`, `triggers.0.on`. Null: absent there. */
export interface ChangedValue {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One thing in which two versions of a scenario differ. */
export type Difference =
  | { readonly kind: 'step_added' | 'step_removed'; readonly stepId: StepId }
  /** The same step, unnamed, under another generated id. */
  | { readonly kind: 'step_moved'; readonly stepId: StepId; readonly to: StepId }
  | { readonly kind: 'step_changed'; readonly stepId: StepId; readonly value: ChangedValue }
  | { readonly kind: 'head_changed'; readonly value: ChangedValue };

/** Most changed values told of one step, and of the head. */
const MOST_VALUES = 20;
const LINKS: readonly string[] = ['next', 'then', 'else'];
const HEAD = [
  'name',
  'purpose',
  'priority',
  'entry',
  'exits',
  'goal',
  'holdoutShare',
  'maxAgeMs',
  'onChange',
  'start',
] as const satisfies readonly (keyof Definition)[];

/** What differs between two versions: the head first, then steps in the order of the new file. */
export function differencesOf(from: Definition, to: Definition): readonly Difference[] {
  const moved = movedIds(from, to);
  const arrivals = new Set(moved.values());
  const named = (id: StepId): StepId => moved.get(id) ?? id;
  const isStep = (id: string | null): boolean =>
    id !== null && (Object.hasOwn(to.steps, id) || Object.hasOwn(from.steps, id));
  const isKnown = (id: string | null): boolean =>
    id !== null && Object.hasOwn(to.steps, id) && Object.hasOwn(from.steps, id);
  const differences: Difference[] = [];
  for (const value of changedValues(headOf(from), headOf(to)).slice(0, MOST_VALUES)) {
    if (value.path === 'start' && !(isKnown(value.before) && isKnown(value.after))) continue;
    differences.push({ kind: 'head_changed', value });
  }
  for (const [stepId, target] of moved) {
    differences.push({ kind: 'step_moved', stepId, to: target });
  }
  for (const [stepId, after] of Object.entries(to.steps)) {
    if (arrivals.has(stepId)) continue;
    const before = moved.has(stepId) ? undefined : stepIn(from, stepId);
    if (before === undefined) {
      differences.push({ kind: 'step_added', stepId });
      continue;
    }
    const values = changedValues(relinked(before, named), after).filter(({ path, ...value }) => {
      // The question of a wait in days says its duration once more.
      if (after.type === 'wait' && path === 'question') return false;
      const key = path.split('.').at(-1) ?? '';
      const isLinking = isStep(value.before) && isStep(value.after) && key !== 'decision';
      const isLink = LINKS.includes(key) || isLinking;
      // A link that leads past what came or went is told by that.
      return !isLink || (isKnown(value.before) && isKnown(value.after));
    });
    for (const value of values.slice(0, MOST_VALUES)) {
      differences.push({ kind: 'step_changed', stepId, value });
    }
  }
  for (const stepId of Object.keys(from.steps)) {
    if (!moved.has(stepId) && stepIn(to, stepId) === undefined) {
      differences.push({ kind: 'step_removed', stepId });
    }
  }
  return differences;
}

/**
 * Unnamed steps that an edit elsewhere gave another generated id: one whose id now belongs to
 * another content, or to nobody, while its own content is found under a generated id that was not
 * there or belonged to another.
 */
export function movedIds(from: Definition, to: Definition): ReadonlyMap<StepId, StepId> {
  const keys = (definition: Definition) =>
    new Map(
      Object.entries(definition.steps)
        .filter(([id, step]) => isGenerated(id, step))
        .map(([id, step]) => [id, contentOf(definition, step)] as const),
    );
  const before = keys(from);
  const after = keys(to);
  const free = new Map([...after].filter(([id, content]) => before.get(id) !== content));
  const moved = new Map<StepId, StepId>();
  for (const [id, content] of before) {
    if (after.get(id) === content) continue;
    const [found] = [...free].find(([, other]) => other === content) ?? [];
    if (found === undefined) continue;
    free.delete(found);
    moved.set(id, found);
  }
  return moved;
}

/** Whether a step's id was made from its place: `wait-2`, `came_back/then/deliver-1`. */
export function isGenerated(id: StepId, step: Step): boolean {
  const last = id.split('/').at(-1) ?? '';
  return last.startsWith(`${step.type}-`) && /^\d+$/.test(last.slice(step.type.length + 1));
}

/** A step without what links it to others: the same text, the same step. */
function contentOf(definition: Definition, step: Step): string {
  const text = JSON.stringify(step, (key, value: unknown) => {
    if (LINKS.includes(key)) return undefined;
    const isLink = key !== 'decision' && typeof value === 'string';
    return isLink && Object.hasOwn(definition.steps, value) ? '' : value;
  });
  return canonicalJson(JSON.parse(text));
}

function relinked(step: Step, named: (id: StepId) => StepId): Step {
  const text = JSON.stringify(step, (key, value: unknown) =>
    LINKS.includes(key) && typeof value === 'string' ? named(value) : value,
  );
  return JSON.parse(text) as Step;
}

function stepIn({ steps }: Definition, id: StepId): Step | undefined {
  return Object.hasOwn(steps, id) ? steps[id] : undefined;
}

function headOf(definition: Definition): Record<string, unknown> {
  return Object.fromEntries(HEAD.map((name) => [name, definition[name]]));
}

function changedValues(before: unknown, after: unknown): readonly ChangedValue[] {
  const old = new Map(leavesOf(before, ''));
  const fresh = new Map(leavesOf(after, ''));
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((path) => {
    const value = { path, before: old.get(path) ?? null, after: fresh.get(path) ?? null };
    return value.before === value.after ? [] : [value];
  });
}

/** Every value with its place; what is null counts as absent. */
function leavesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  if (isDuration(value)) return [[path, formatDuration(value)]];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return [[path, value.join(', ')]];
  }
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, path === '' ? key : `${path}.${key}`),
  );
}

function isDuration(value: object): value is Duration {
  return 'amount' in value && 'unit' in value;
}
