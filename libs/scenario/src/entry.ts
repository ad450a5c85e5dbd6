import { fail, ok, type EpochMs, type JsonObject, type Result } from '#libs/kernel';
import { bindingsOf, concerns, evaluateJson, type Meaning } from './condition.js';
import type { Definition } from './definition.js';
import type { Context, InputEvent } from './input.js';

/** The entry key of a scenario that admits one enrolment a profile. */
export const SINGLE_ENTRY_KEY = '';

/** Longest entry key kept. */
const MAX_KEY_LENGTH = 256;

/** Why an event enrols nobody in the scenario. */
export type EntryRefusal =
  'other_event' | 'historical' | 'condition_false' | 'condition_failed' | 'no_key';

/** A profile to admit under a key; the ledger then says whether `reentry` allows it. */
export interface Entrance {
  readonly entryKey: string;
}

/**
 * Asks to take the person in, whatever they did: `{scenario, key, properties}`. Written by the engine
 * alone, for a program or for a step of another scenario.
 */
export const ENROL_REQUESTED = 'relance_enrol_requested';

/** Whether the event enters, and under which key. Pure; `reentry` is the ledger's to enforce. */
export function entryMatches(
  definition: Definition,
  event: InputEvent,
  context: Context,
  atMs: EpochMs,
): Result<Entrance, EntryRefusal> {
  if (!concerns(definition.entry, event)) return fail('other_event');
  if (event.historical) return fail('historical');
  const { requested } = definition.entry;
  if (requested === true && event.properties['scenario'] !== definition.scenario) {
    return fail('other_event');
  }
  const asked = entryEventOf(definition, event);
  return admitted(definition, { ...nothingYet, atMs, context, event: asked });
}

/**
 * The event as the scenario is entered with it, and as its `when` and `key` see it: of a request,
 * the properties are those that the asker gave.
 */
export function entryEventOf(definition: Definition, event: InputEvent): InputEvent {
  if (definition.entry.requested !== true) return event;
  const { properties } = event.properties;
  const isGiven = typeof properties === 'object' && properties !== null;
  return { ...event, properties: isGiven ? (properties as JsonObject) : {} };
}

/** Whether a person whom a date or a schedule brings may enter; the host names whom it brings. */
export function occurrenceMatches(
  definition: Definition,
  context: Context,
  atMs: EpochMs,
): Result<Entrance, EntryRefusal> {
  const { date, schedule } = definition.entry;
  if (date === undefined && schedule === undefined) return fail('other_event');
  return admitted(definition, { ...nothingYet, atMs, context, event: null });
}

/**
 * Whether a profile that is in the entry's segment already enters when the scenario is published
 * with `existing: enter`; the host names only members.
 */
export function existingEntryMatches(
  definition: Definition,
  context: Context,
  atMs: EpochMs,
): Result<Entrance, EntryRefusal> {
  const { existing, segment } = definition.entry;
  if (existing !== 'enter' || segment === undefined) return fail('other_event');
  return admitted(definition, { ...nothingYet, atMs, context, event: null });
}

/** Whether the last entry under the same key lies far enough back. */
export function reentryAllowed(
  definition: Definition,
  lastEnteredAtMs: EpochMs | null,
  atMs: EpochMs,
): boolean {
  const { reentry } = definition.entry;
  if (lastEnteredAtMs === null || reentry === 'always') return true;
  return reentry !== 'never' && atMs - lastEnteredAtMs >= reentry.afterMs;
}

const nothingYet = { entry: {}, decisions: {}, vars: {} } as const;

function admitted(definition: Definition, meaning: Meaning): Result<Entrance, EntryRefusal> {
  const { when, key } = definition.entry;
  if (when === undefined && key === undefined) return ok({ entryKey: SINGLE_ENTRY_KEY });
  const bindings = bindingsOf(meaning);
  if (when !== undefined) {
    const answer = evaluateJson(definition, when, bindings);
    if (!answer.ok) return fail('condition_failed');
    if (answer.value !== true) return fail('condition_false');
  }
  if (key === undefined) return ok({ entryKey: SINGLE_ENTRY_KEY });
  const answer = evaluateJson(definition, key, bindings);
  const entryKey = answer.ok ? keyText(answer.value) : '';
  return entryKey === '' ? fail('no_key') : ok({ entryKey });
}

function keyText(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return text.length <= MAX_KEY_LENGTH ? text : '';
}
