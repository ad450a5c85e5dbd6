import type { CheckedFile } from '#libs/contracts';
import { suggestionFor, type ProblemList } from './problem-list.js';
import type { WorkspaceFiles } from './read-files.js';
import type { WorkspaceScope } from './scope.js';

/** Names under `profile` that are no traits: a trait of that name could never be read. */
export const RESERVED_OF_PROFILE = ['aggregates', 'segments', 'consents', 'channels', 'rfm'];

const ENGINE_EVENTS = /^relance_/;

/** Traits and aggregates that nobody supplies, and names that belong to the engine. */
export function checkSupply(
  list: ProblemList,
  read: WorkspaceFiles,
  events: WorkspaceScope['events'],
): void {
  if (read.profile !== undefined) {
    checkTraits(list, read.profile, read);
    checkAggregates(list, read.profile, events);
  }
  for (const { value, document } of read.events) {
    if (!ENGINE_EVENTS.test(value.event)) continue;
    const other = value.event.replace(ENGINE_EVENTS, '') || 'shop_event';
    list.add('RLN-1316', document.placeOf(['event']), { name: value.event, other });
  }
  for (const file of read.scenarios) checkEmitted(list, file);
}

function checkTraits(
  list: ProblemList,
  { value, document }: CheckedFile<'profile'>,
  read: WorkspaceFiles,
): void {
  const sources = Object.keys(value.sources).join(', ');
  const suggestion = { fr: `Sources : ${sources}.`, en: `Sources: ${sources}.` };
  const supplied = suppliedElsewhere(read);
  for (const [trait, { type, master }] of Object.entries(value.traits)) {
    if (RESERVED_OF_PROFILE.includes(trait)) {
      const place = document.placeOfKey(['traits', trait]);
      list.add('RLN-1316', place, { name: trait, other: `own_${trait}` });
    }
    // Texts may come with any event; a date or a number that a rule counts on has a source.
    const counts = type === 'date' || type === 'number';
    if (!counts || master.length > 0 || supplied.has(trait)) continue;
    list.add('RLN-1310', document.placeOfKey(['traits', trait]), { trait, suggestion });
  }
}

/** Properties that aggregates fold, of events whose file does not have them. */
function checkAggregates(
  list: ProblemList,
  { value, document }: CheckedFile<'profile'>,
  events: WorkspaceScope['events'],
): void {
  for (const [aggregate, folded] of Object.entries(value.aggregates)) {
    const [operation = '', path = ''] = Object.entries(folded)[0] ?? [];
    const [event = '', property] = String(path).split('.');
    const type = events.get(event);
    if (property === undefined || type?.owner === undefined) continue;
    const known = Object.keys(type.fields);
    if (known.includes(property)) continue;
    const place = document.placeOf(['aggregates', aggregate, operation]);
    const suggestion = suggestionFor(property, known);
    list.add('RLN-1318', place, { aggregate, path: String(path), suggestion });
  }
}

/** Traits that a mapping, a connector or an `update` step fills. */
function suppliedElsewhere(read: WorkspaceFiles): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (traits: object | undefined): void => {
    for (const name of Object.keys(traits ?? {})) names.add(name);
  };
  for (const { value } of read.mappings) add(value.traits);
  for (const { value } of read.crm) add(value.pull.contacts?.traits);
  for (const { value } of read.scenarios) {
    for (const { body } of stepsNamed(value.steps, 'update')) add((body as { set?: object }).set);
  }
  return names;
}

/** An event of the engine that a scenario emits would be taken for the engine's own. */
function checkEmitted(list: ProblemList, { value, document }: CheckedFile<'scenario'>): void {
  for (const { path, body } of stepsNamed(value.steps, 'emit', ['steps'])) {
    const { event = '' } = body as { event?: string };
    if (!ENGINE_EVENTS.test(event)) continue;
    const other = event.replace(ENGINE_EVENTS, '') || 'shop_event';
    list.add('RLN-1316', document.placeOf([...path, 'event']), { name: event, other });
  }
}

interface StepBody {
  readonly path: readonly (string | number)[];
  readonly body: object;
}

function stepsNamed(
  value: unknown,
  name: string,
  path: readonly (string | number)[] = [],
): readonly StepBody[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    const isStep = key === name && typeof inner === 'object' && inner !== null;
    return isStep ? [{ path: below, body: inner }] : stepsNamed(inner, name, below);
  });
}
