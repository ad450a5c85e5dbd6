import { msOf, type EpochMs } from '#libs/kernel';
import type { Group } from '#libs/decision';

/** One delivery to a person that may have brought an outcome about. */
export interface Touch {
  readonly deliveryId: string;
  readonly decisionId: string | null;
  readonly enrolmentId: string | null;
  readonly scenario: string;
  /** Group of the enrolment; touches of the held-out never get credit. */
  readonly group: Group;
  readonly channel: string;
  /** Last state of the delivery; only `accepted` and `delivered` can get credit. */
  readonly state: string;
  readonly acceptedAtMs: EpochMs;
  /** Times of what the person did with it: clicks (not of bots), replies, codes, calls taken. */
  readonly humanAtMs: readonly EpochMs[];
}

/** An outcome to credit, by the event's own time. */
export interface OutcomeEvent {
  readonly eventId: string;
  readonly atMs: EpochMs;
  /** Order id: one credit an order. Without one the event id stands in. */
  readonly orderId?: string;
}

/** A named way to credit. */
export interface AttributionModel {
  /** Longest time from touch to outcome. */
  readonly windowMs: number;
  /** Whether a delivery without any response may get credit, labelled so. */
  readonly isViewThroughAllowed: boolean;
}

/** Last human touch within 14 days, else the last accepted delivery, labelled view-through. */
export const LAST_TOUCH: AttributionModel = { windowMs: msOf('14d'), isViewThroughAllowed: true };

/** How a credit came about. */
export type AttributedBy = 'last_touch' | 'view_through';

/** The credit of one outcome to one delivery. */
export interface Credit {
  readonly eventId: string;
  readonly deliveryId: string;
  readonly decisionId: string | null;
  readonly enrolmentId: string | null;
  readonly scenario: string;
  readonly attributedBy: AttributedBy;
  /** The click or reply that counts, or for view-through the acceptance. */
  readonly touchAtMs: EpochMs;
  /** From the touch to the outcome. */
  readonly delayMs: number;
}

interface Dated {
  readonly touch: Touch;
  readonly atMs: EpochMs;
}

/** The latest; of the same instant the greater delivery id, so that input order does not matter. */
function latest(candidates: readonly Dated[]): Dated | undefined {
  let best: Dated | undefined;
  for (const candidate of candidates) {
    if (
      best === undefined ||
      candidate.atMs > best.atMs ||
      (candidate.atMs === best.atMs && candidate.touch.deliveryId > best.touch.deliveryId)
    ) {
      best = candidate;
    }
  }
  return best;
}

function isCreditable(touch: Touch): boolean {
  return touch.group !== 'holdout' && (touch.state === 'accepted' || touch.state === 'delivered');
}

/**
 * Credits an outcome to at most one delivery: that of the last human response before it within the
 * window, else the last accepted delivery, labelled view-through. Null when none qualifies. Does
 * not depend on the order of touches.
 */
export function attribute(
  outcome: OutcomeEvent,
  touches: readonly Touch[],
  model: AttributionModel = LAST_TOUCH,
): Credit | null {
  const isIn = ({ atMs }: Dated): boolean =>
    atMs <= outcome.atMs && outcome.atMs - atMs <= model.windowMs;
  const creditable = touches.filter(isCreditable);
  const human = creditable.flatMap((touch) =>
    touch.humanAtMs.map((atMs) => ({ touch, atMs })).filter(isIn),
  );
  const seen = model.isViewThroughAllowed
    ? creditable.map((touch) => ({ touch, atMs: touch.acceptedAtMs })).filter(isIn)
    : [];
  const byHuman = latest(human);
  const winner = byHuman ?? latest(seen);
  if (winner === undefined) return null;
  const { touch, atMs } = winner;
  return {
    eventId: outcome.eventId,
    deliveryId: touch.deliveryId,
    decisionId: touch.decisionId,
    enrolmentId: touch.enrolmentId,
    scenario: touch.scenario,
    attributedBy: byHuman === undefined ? 'view_through' : 'last_touch',
    touchAtMs: atMs,
    delayMs: outcome.atMs - atMs,
  };
}

/** Credits a person's outcomes, one credit an order: the earliest event of an order stands. */
export function attributeAll(
  outcomes: readonly OutcomeEvent[],
  touches: readonly Touch[],
  model: AttributionModel = LAST_TOUCH,
): readonly Credit[] {
  const inOrder = outcomes.toSorted(
    (a, b) => a.atMs - b.atMs || (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0),
  );
  const orders = new Set<string>();
  const credits: Credit[] = [];
  for (const outcome of inOrder) {
    const order = outcome.orderId === undefined ? `e:${outcome.eventId}` : `o:${outcome.orderId}`;
    if (orders.has(order)) continue;
    orders.add(order);
    const credit = attribute(outcome, touches, model);
    if (credit !== null) credits.push(credit);
  }
  return credits;
}
