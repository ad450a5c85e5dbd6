import type { EnrolmentId } from '#libs/kernel';
import type { DeliveryEventFact, Fact } from '#libs/contracts';
import type { ContactReservation, ContactState } from '../contact/contact.js';
import type { InboxInput } from '../runtime/ports.js';
import type { Tx } from '../ports/transaction.js';
import { deliveryFact, withheldFact } from './delivery-fact.js';
import type { Delivery, WithheldRow } from './ports.js';
import type { SenderPorts } from './sender-ports.js';

/** What was written of one delivery in a batch: collected, then stored together. */
export interface Effects {
  readonly updated: Delivery[];
  readonly withheld: WithheldRow[];
  readonly reserved: (ContactReservation & { profileId: Delivery['profileId'] })[];
  readonly moved: { commandId: string; state: ContactReservation['state']; day: number }[];
  readonly results: { enrolmentId: EnrolmentId; input: InboxInput }[];
  readonly facts: Fact[];
}

/** Nothing done yet. */
export const noEffects = (): Effects => ({
  updated: [],
  withheld: [],
  reserved: [],
  moved: [],
  results: [],
  facts: [],
});

/** A message in hand or put off is told by the next state it comes to. */
function isWorthAFact(row: Delivery): boolean {
  return row.state !== 'intended' && row.state !== 'sending';
}

/** Reservations of the same batch count as well: two mails to one person in one claim. */
export function withTaken(
  state: ContactState | null,
  taken: readonly ContactReservation[] | undefined,
): ContactState | null {
  if (state === null || taken === undefined) return state;
  const own = new Set(taken.map((one) => one.commandId));
  const others = state.reservations.filter((one) => !own.has(one.commandId));
  return { ...state, reservations: [...others, ...taken] };
}

/** The fact that a provider took the message. */
export function acceptedFact(row: Delivery, nowMs: number): DeliveryEventFact {
  return {
    id: `${row.id}/accepted`,
    kind: 'delivery_event',
    version: 1,
    atMs: nowMs,
    profileId: row.profileId,
    body: {
      deliveryId: row.id,
      deliveryEventKind: 'accepted',
      atMs: nowMs,
      link: null,
      code: null,
      detail: null,
      evidence: [],
      enrolmentId: row.enrolmentId,
      decisionId: row.decisionId,
      scenario: row.scenario,
      channel: row.channel,
      sample: row.isSample,
    },
  };
}

/** Answers the enrolment that asked for the message. */
export function answer(
  delivery: Delivery,
  outcome: 'accepted' | 'uncertain' | 'failed' | 'withheld',
  at: { readonly nowMs: number; readonly effects: Effects; readonly reason?: string },
): void {
  if (delivery.enrolmentId === null) return;
  at.effects.results.push({
    enrolmentId: delivery.enrolmentId as EnrolmentId,
    input: {
      type: 'result',
      commandId: delivery.commandId,
      effectAtMs: at.nowMs,
      result: {
        kind: 'delivered',
        outcome,
        deliveryId: delivery.id,
        ...(at.reason === undefined ? {} : { reason: at.reason }),
      },
    },
  });
}

/** Stores what a batch did, in one round trip. */
export async function storeEffects(ports: SenderPorts, tx: Tx, effects: Effects): Promise<void> {
  await Promise.all([
    ports.deliveries.update(tx, effects.updated),
    ports.deliveries.withhold(tx, effects.withheld),
    ports.contacts.reserve(tx, effects.reserved),
    ports.contacts.move(tx, effects.moved),
    ports.inbox.post(tx, effects.results),
    ports.writeFacts(tx, [
      ...effects.updated.filter(isWorthAFact).map(deliveryFact),
      ...effects.withheld.map(withheldFact),
      ...effects.facts,
    ]),
  ]);
}

const RETRY_PAUSE_MS = 500;
const RETRIES = 20;

/** Tries again while the store is away for a moment; a fault of ours is thrown at once. */
export async function retrying(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const isRetryable = (error as { retryable?: boolean }).retryable === true;
      if (!isRetryable || attempt >= RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}
