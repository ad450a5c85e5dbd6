import { fail, ok, type EpochMs, type Json, type JsonObject, type Result } from '#libs/kernel';
import {
  compileExpression,
  DYNAMIC_SCOPE,
  type Bindings,
  type Compiled,
  type EvaluationCode,
} from '#libs/expression';
import type { Cel, Definition, StepId, Trigger } from './definition.js';
import type { Context, InputEvent } from './input.js';
import type { DecisionTaken } from './state.js';

export type { Bindings };

/** Why an expression gave nothing usable. */
export type ConditionFailure = EvaluationCode | 'not_compiled';

/** What the names in expressions stand for. */
export interface Meaning {
  readonly atMs: EpochMs;
  readonly context: Context;
  readonly event: InputEvent | null;
  readonly entry: JsonObject;
  readonly decisions: Readonly<Record<StepId, DecisionTaken>>;
  readonly vars: JsonObject;
}

// Compiled once per definition object; the definition itself stays plain JSON.
const compiledBy = new WeakMap<Definition, Map<Cel, Compiled | null>>();

/** The names of expressions bound to their values. */
export function bindingsOf(meaning: Meaning): Bindings {
  const { context, event } = meaning;
  const profile = Object.hasOwn(context.profile, 'segments')
    ? context.profile
    : { ...context.profile, segments: context.segments };
  return {
    now: meaning.atMs,
    event: event?.properties,
    entry: meaning.entry,
    profile,
    account: context.account,
    decision: decisionsByName(meaning.decisions),
    vars: meaning.vars,
    context: { answers: context.answers },
  };
}

/** Whether the condition holds; one that has no value does not. */
export function holds(definition: Definition, cel: Cel, bindings: Bindings): boolean {
  const answer = evaluateJson(definition, cel, bindings);
  return answer.ok && answer.value === true;
}

/** The value of an expression of the definition. */
export function evaluateJson(
  definition: Definition,
  cel: Cel,
  bindings: Bindings,
): Result<Json, ConditionFailure> {
  const compiled = compiledOf(definition, cel);
  if (compiled === null) return fail('not_compiled');
  const answer = compiled.evaluate(bindings);
  return answer.ok ? ok(answer.value) : fail(answer.error.code);
}

/** Whether the event is one of those meant, is about the segment meant, and meets the condition. */
export function triggerMatches(
  definition: Definition,
  trigger: Trigger,
  event: InputEvent,
  bindings: () => Bindings,
): boolean {
  if (!concerns(trigger, event)) return false;
  return trigger.when === undefined || holds(definition, trigger.when, bindings());
}

/** The part of a trigger that needs no evaluation: names and segment. */
export function concerns(trigger: Trigger, event: InputEvent): boolean {
  if (!trigger.on.includes(event.name)) return false;
  return trigger.segment === undefined || event.properties['segment'] === trigger.segment;
}

function compiledOf(definition: Definition, cel: Cel): Compiled | null {
  let bySource = compiledBy.get(definition);
  if (bySource === undefined) {
    bySource = new Map();
    compiledBy.set(definition, bySource);
  }
  let compiled = bySource.get(cel);
  if (compiled === undefined) {
    const result = compileExpression(cel, { scope: DYNAMIC_SCOPE, expects: 'any' });
    compiled = result.ok ? result.value : null;
    bySource.set(cel, compiled);
  }
  return compiled;
}

function decisionsByName(decisions: Readonly<Record<StepId, DecisionTaken>>): JsonObject {
  const named: Record<string, Json> = {};
  for (const [stepId, taken] of Object.entries(decisions)) {
    const { decisionId, action, treatment, fields } = taken;
    named[stepId] = { ...fields, decisionId, action, treatment };
  }
  return named;
}
