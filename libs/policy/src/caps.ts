import { fail, ok, type EpochMs, type Result } from '#libs/kernel';
import type { CapRule, Channel } from './rules.js';
import { mostInWindow, windowDaysOf, type DayNumber, type DayUse } from './windows.js';

/** How long a reservation holds a place when nothing consumes it. */
export const RESERVATION_MS = 86_400_000;

/** A place under the caps, taken by one command; the row the store keeps. */
export interface CapReservation {
  readonly commandId: string;
  readonly channel: Channel;
  readonly purpose: string;
  /** Local day of the contact in the workspace's zone; a put-off send moves it. */
  readonly day: DayNumber;
  readonly state: 'reserved' | 'consumed' | 'released';
  /** Counts for `reserved` only: from this instant on the place is free again. */
  readonly expiresAtMs: EpochMs;
}

/** Contacts already counted on one local day. */
export interface DayCount extends DayUse {
  readonly channel: Channel;
  readonly purpose: string;
}

/** A cap that applies to a contact, its window in local days. */
export interface CapWindow {
  readonly channel: Channel;
  readonly purpose: string;
  readonly windowDays: number;
  readonly max: number;
}

/** The cap that blocks and how much of it is used. */
export interface CapBlock extends CapWindow {
  readonly used: number;
}

/** Whether a reservation takes a place now. What cannot be read counts: caps fail closed. */
export function isLive(reservation: CapReservation, atMs: EpochMs): boolean {
  if (reservation.state === 'released') return false;
  return !(reservation.state === 'reserved' && reservation.expiresAtMs <= atMs);
}

/** Live reservations but those of the command itself (its own id and its decide command's). */
export function liveUsage(
  reservations: readonly CapReservation[],
  atMs: EpochMs,
  ownCommandIds: readonly string[],
): DayCount[] {
  return reservations
    .filter((one) => isLive(one, atMs) && !ownCommandIds.includes(one.commandId))
    .map(({ channel, purpose, day }) => ({ channel, purpose, day, count: 1 }));
}

const matches = (rule: string, value: string): boolean => rule === 'any' || rule === value;

/** The caps that apply to a contact. Refuses `cap_invalid` where one of them cannot be read. */
export function capWindows(
  caps: readonly CapRule[],
  channel: Channel,
  purpose: string,
): Result<CapWindow[], 'cap_invalid'> {
  const windows: CapWindow[] = [];
  for (const cap of caps) {
    if (!matches(cap.channel, channel) || !matches(cap.purpose, purpose)) continue;
    const windowDays = windowDaysOf(cap.per);
    if (windowDays === null || !Number.isInteger(cap.max) || cap.max < 0)
      return fail('cap_invalid');
    windows.push({ channel: cap.channel, purpose: cap.purpose, windowDays, max: cap.max });
  }
  return ok(windows);
}

function usedOf(window: CapWindow, usage: readonly DayCount[], day: DayNumber): number {
  const own = usage.filter(
    (one) => matches(window.channel, one.channel) && matches(window.purpose, one.purpose),
  );
  return mostInWindow(own, day, window.windowDays);
}

/** The first cap, in listed order, without room for one more contact on a day; null if none. */
export function capVerdict(
  windows: readonly CapWindow[],
  usage: readonly DayCount[],
  day: DayNumber,
): CapBlock | null {
  for (const window of windows) {
    const used = usedOf(window, usage, day);
    if (!(used < window.max)) return { ...window, used };
  }
  return null;
}

/** What a delivery's end does to its reservation: an uncertain or put-off send keeps its place. */
export function reservationStateAfter(
  result: 'accepted' | 'uncertain' | 'failed' | 'withheld' | 'put_off',
): CapReservation['state'] {
  if (result === 'put_off') return 'reserved';
  return result === 'accepted' || result === 'uncertain' ? 'consumed' : 'released';
}

/** A put-off send keeps its place and moves its instant. */
export function movedReservation(
  reservation: CapReservation,
  to: { readonly untilMs: EpochMs; readonly day: DayNumber },
): CapReservation {
  return { ...reservation, day: to.day, expiresAtMs: to.untilMs + RESERVATION_MS };
}
