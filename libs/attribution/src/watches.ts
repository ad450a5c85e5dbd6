import type { EpochMs } from '#libs/kernel';

/** What a watch waits for: the goal of an enrolment, or the reward of a decision. */
export type WatchKind = 'goal' | 'reward';

/** An open window on one event name. It lives until `untilMs`, whatever became of the enrolment. */
export interface WatchWindow {
  readonly eventName: string;
  readonly kind: WatchKind;
  /** The enrolment or decision it belongs to. */
  readonly ref: string;
  /** Start, exclusive: an event at the very instant of the decision was not caused by it. */
  readonly fromMs: EpochMs;
  /** End, inclusive. */
  readonly untilMs: EpochMs;
}

/** A window of so many milliseconds from an instant. */
export function watchWindow(
  kind: WatchKind,
  ref: string,
  eventName: string,
  span: { readonly fromMs: EpochMs; readonly withinMs: number },
): WatchWindow {
  return { eventName, kind, ref, fromMs: span.fromMs, untilMs: span.fromMs + span.withinMs };
}

/** Whether an event falls in the window, by its own time, not that of its receipt. */
export function fallsInWindow(
  window: WatchWindow,
  event: { readonly name: string; readonly atMs: EpochMs },
): boolean {
  return (
    event.name === window.eventName && event.atMs > window.fromMs && event.atMs <= window.untilMs
  );
}

/** Whether the window is over, so that what has not come counts as not having happened. */
export function isWindowClosed(window: WatchWindow, nowMs: EpochMs): boolean {
  return nowMs > window.untilMs;
}
