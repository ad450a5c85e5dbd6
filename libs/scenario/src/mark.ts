import type { InputEvent } from './input.js';
import type { Mark } from './state.js';

/** Whether the event comes after the mark: by its own time, then by key. */
export function isAfter(event: InputEvent, mark: Mark): boolean {
  return event.atMs > mark.atMs || (event.atMs === mark.atMs && event.key > mark.eventKey);
}

/** The later of two marks, so that a late event never moves a mark back. */
export function laterMark(one: Mark, other: Mark): Mark {
  if (one.atMs !== other.atMs) return one.atMs > other.atMs ? one : other;
  return one.eventKey >= other.eventKey ? one : other;
}

/** The mark just after an event. */
export function markOf(event: InputEvent): Mark {
  return { atMs: event.atMs, eventKey: event.key };
}
