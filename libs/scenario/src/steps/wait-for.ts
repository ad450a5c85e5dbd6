import { triggerMatches } from '../condition.js';
import type { Command, IgnoredReason } from '../command.js';
import type { Trigger, WaitForStep } from '../definition.js';
import type { InputEvent } from '../input.js';
import { isAfter } from '../mark.js';
import type { Bindings } from '../condition.js';
import type { Definition } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';
import type { Wait } from '../state.js';

/** Listens from the mark on, and arms its own end where it has one. */
export function enterWaitFor(run: Run, step: WaitForStep, spot: Spot): Outcome {
  const { commandId } = spot;
  const mark = step.lookback === 'entry' ? run.entryMark : run.path.mark;
  const dueMs = step.upToMs === null ? null : run.atMs + step.upToMs;
  const wait = { kind: 'event', commandId, dueMs, mark } as const;
  run.commands.push(...listenCommands(step, wait));
  return { kind: 'wait', wait };
}

/** What a host must do for an open wait: listen, and arm its end where it has one. */
export function listenCommands(
  step: WaitForStep,
  wait: Extract<Wait, { kind: 'event' }>,
): readonly Command[] {
  const { commandId, dueMs, mark } = wait;
  const on = namesOf(step.triggers);
  const segments = segmentsOf(step.triggers);
  const listen = { type: 'listen', commandId, on, segments, mark, untilMs: dueMs } as const;
  return dueMs === null ? [listen] : [listen, { type: 'arm', commandId, dueMs }];
}

/** Which trigger the event meets, or why none: one test for delivery and for looking back. */
export function waitMatch(
  definition: Definition,
  open: { readonly step: WaitForStep; readonly wait: Extract<Wait, { kind: 'event' }> },
  event: InputEvent,
  bindings: () => Bindings,
): number | IgnoredReason {
  const { step, wait } = open;
  if (event.historical) return 'historical';
  if (!isAfter(event, wait.mark)) return 'before_mark';
  if (wait.dueMs !== null && event.atMs >= wait.dueMs) return 'after_due';
  const index = step.triggers.findIndex((trigger) =>
    triggerMatches(definition, trigger, event, bindings),
  );
  return index === -1 ? 'no_match' : index;
}

function namesOf(triggers: readonly Trigger[]): string[] {
  return [...new Set(triggers.flatMap((trigger) => trigger.on))];
}

function segmentsOf(triggers: readonly Trigger[]): string[] {
  return [...new Set(triggers.flatMap((trigger) => trigger.segment ?? []))];
}
