import { triggerMatches, bindingsOf, type Bindings } from './condition.js';
import type { Definition } from './definition.js';
import type { EventInput, InputEvent } from './input.js';
import { isAfter } from './mark.js';
import type { State } from './state.js';
import { waitMatch } from './steps/wait-for.js';

/** The name of the first exit the event meets, or null. */
export function exitOf(
  definition: Definition,
  state: State,
  event: InputEvent,
  bindings: () => Bindings,
): string | null {
  if (event.historical || !isAfter(event, state.entryMark)) return null;
  const rule = definition.exits.find((each) => triggerMatches(definition, each, event, bindings));
  return rule?.as ?? null;
}

/** Whether the event would end the enrolment, and as what. For prefilters; `transition` decides. */
export function exitMatches(
  definition: Definition,
  state: State,
  input: EventInput,
): string | null {
  if (!takesEvents(definition, state)) return null;
  return exitOf(definition, state, input.event, () => bindingsIn(state, input));
}

/** Whether the event would end an open wait. For prefilters; `transition` decides. */
export function matchesWait(definition: Definition, state: State, input: EventInput): boolean {
  if (!takesEvents(definition, state)) return false;
  return state.cursors.some((cursor) => {
    const step = definition.steps[cursor.stepId];
    if (cursor.wait.kind !== 'event' || step?.type !== 'wait_for') return false;
    const match = waitMatch(definition, { step, wait: cursor.wait }, input.event, () =>
      bindingsIn(state, input),
    );
    return typeof match === 'number';
  });
}

function takesEvents(definition: Definition, state: State): boolean {
  const alive = state.status === 'running' || state.status === 'paused';
  return alive && state.enteredAtMs !== null && state.definition === definition.hash;
}

function bindingsIn(state: State, input: EventInput): Bindings {
  const { entry, decisions, vars } = state;
  const atMs = Math.max(input.atMs, state.lastAtMs);
  return bindingsOf({ atMs, context: input.context, event: input.event, entry, decisions, vars });
}
