import type { EpochMs } from '#libs/kernel';
import type { Channel, SuppressRule } from './rules.js';
import { inWindow, windowDaysOf, type DayNumber } from './windows.js';

/** Why a profile, an address or an action is withheld; a closed list. */
export const SUPPRESSION_REASONS = [
  'hard_bounce',
  'soft_bounces',
  'complaint',
  'unsubscribed',
  'erased',
  'manual',
  'rest',
] as const;

/** One reason of the closed list. */
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** A profile, address or action withheld, with reason and end. */
export interface Suppression {
  readonly kind: 'address' | 'profile' | 'action';
  /** Keyed hash of the address (it outlives erasure), profile id, or action id. */
  readonly key: string;
  readonly reason: SuppressionReason;
  /** Null: every channel. */
  readonly channel: Channel | null;
  /** Null: every purpose; an unsubscription names the purpose it refuses. */
  readonly purpose: string | null;
  readonly sinceMs: EpochMs;
  /** Null: until lifted by hand. */
  readonly untilMs: EpochMs | null;
}

/** What a suppression is asked about. */
export interface SuppressionScope {
  readonly channel: Channel;
  readonly purpose: string;
  /** Null for a message that is no action's. */
  readonly action: string | null;
}

/** Whether a suppression bears on the contact at that instant. An unreadable end never ends. */
export function isSuppressing(
  suppression: Suppression,
  scope: SuppressionScope,
  atMs: EpochMs,
): boolean {
  const { kind, key, channel, purpose, untilMs } = suppression;
  if (kind === 'action' && key !== scope.action) return false;
  if (channel != null && channel !== scope.channel) return false;
  if (purpose != null && purpose !== scope.purpose) return false;
  return !(untilMs !== null && untilMs <= atMs);
}

/** One failure of an address as its channel classified it. Blame of ours is not one of them. */
export interface AddressFailure {
  readonly kind: 'hard_bounce' | 'soft_bounce' | 'complaint';
  readonly atMs: EpochMs;
  /** Local day in the workspace's zone. */
  readonly day: DayNumber;
}

/** What an address's history amounts to; `sinceMs` is the failure that tipped it. */
export interface AddressVerdict {
  readonly reason: 'hard_bounce' | 'soft_bounces' | 'complaint';
  readonly sinceMs: EpochMs;
}

function nth(failures: readonly AddressFailure[], kind: string, count: number): EpochMs | null {
  const times = failures.filter((one) => one.kind === kind).map((one) => one.atMs);
  times.sort((left, right) => left - right);
  return times[Math.max(1, count) - 1] ?? null;
}

function tippedBySoft(failures: readonly AddressFailure[], rule: SuppressRule): EpochMs | null {
  if (rule.soft_bounces === undefined) return null;
  const { count, per } = rule.soft_bounces;
  // A window that cannot be read is taken as endless: it suppresses sooner, never later.
  const windowDays = windowDaysOf(per) ?? Number.MAX_SAFE_INTEGER;
  const soft = failures.filter((one) => one.kind === 'soft_bounce');
  soft.sort((left, right) => left.atMs - right.atMs);
  for (const [index, last] of soft.entries()) {
    const before = soft
      .slice(0, index + 1)
      .filter((one) => inWindow(one.day, last.day, windowDays));
    if (before.length >= Math.max(1, count)) return last.atMs;
  }
  return null;
}

/**
 * Whether an address's failures suppress it, by the workspace's `suppress` rule: a complaint first,
 * then hard bounces, then soft bounces within a window of local days. Absent numbers mean 1, 1 and
 * never. Once tipped it stays until lifted. The order of the history does not matter.
 */
export function suppressionFor(
  history: readonly AddressFailure[],
  rule: SuppressRule,
): AddressVerdict | null {
  const complaint = nth(history, 'complaint', rule.complaints ?? 1);
  if (complaint !== null) return { reason: 'complaint', sinceMs: complaint };
  const hard = nth(history, 'hard_bounce', rule.hard_bounces ?? 1);
  if (hard !== null) return { reason: 'hard_bounce', sinceMs: hard };
  const soft = tippedBySoft(history, rule);
  return soft === null ? null : { reason: 'soft_bounces', sinceMs: soft };
}
