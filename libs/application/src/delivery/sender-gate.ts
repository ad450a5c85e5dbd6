import { RESERVATION_MS, type GateRequest } from '#libs/policy';
import type { ContactReservation, ContactState } from '../contact/contact.js';
import { gateRequest, type GateKnowledge } from '../contact/gate-input.js';
import type { Group, PersonContext } from '../runtime/ports.js';
import type { Delivery } from './ports.js';

/** Whom a delivery is judged for, and what of their contacts counts by now. */
export interface Judged {
  readonly person: PersonContext;
  readonly state: ContactState | null;
  readonly known: GateKnowledge;
}

/** The gate's request for a delivery that would go at an instant. */
export function sendRequest(delivery: Delivery, at: Judged, atMs: number): GateRequest {
  const { catalogue } = at.known;
  const hasSender = [...catalogue.senders.values()].some(
    (each) =>
      each.channel === delivery.channel && (delivery.sender === '' || each.id === delivery.sender),
  );
  return gateRequest(
    {
      atMs,
      person: at.person,
      state: at.state,
      channel: delivery.channel,
      purpose: delivery.purpose,
      action: delivery.action,
      group: delivery.group as Group,
      hasSender,
      isB2bRelevant: catalogue.actions.get(delivery.action)?.b2bRelevant ?? false,
      ownCommandIds: [delivery.reservationId, delivery.commandId],
      firstPutOffAtMs: delivery.firstPutOffAtMs,
      isEnrolmentEnded: false,
    },
    at.known,
  );
}

/** The place of a delivery under the caps: taken for good, kept for later, or given back. */
export function placeOf(
  delivery: Delivery,
  day: number,
  held: { readonly state: ContactReservation['state']; readonly untilMs?: number },
): ContactReservation {
  return {
    commandId: delivery.reservationId,
    channel: delivery.channel,
    purpose: delivery.purpose,
    action: delivery.action,
    day,
    state: held.state,
    expiresAtMs: held.untilMs === undefined ? 0 : held.untilMs + RESERVATION_MS,
  };
}
