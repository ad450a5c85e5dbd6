import type { ContactReservation } from '../contact/contact.js';
import type { GateKnowledge } from '../contact/gate-input.js';
import { gate } from '#libs/policy';
import type { OutgoingMessage } from '../channels/ports.js';
import type { PersonContext } from '../runtime/ports.js';
import { withheldOf } from './delivery-fact.js';
import type { Delivery } from './ports.js';
import { answer, noEffects, storeEffects, withTaken, type Effects } from './sender-effects.js';
import { placeOf, sendRequest, type Judged } from './sender-gate.js';
import type { SenderPorts } from './sender-ports.js';

const WINDOW_DAYS = 366;
const CAPS_WAIT_MS = 150;

/** A message that may go: judged, written, its place under the caps taken. */
export interface Claim {
  readonly delivery: Delivery;
  readonly message: OutgoingMessage;
}

/** What one claim came to. */
export interface Claims {
  readonly claims: readonly Claim[];
  /** Deliveries looked at, those withheld or put off included. */
  readonly looked: number;
}

interface Judging extends Omit<Judged, 'person'> {
  readonly person: PersonContext | null;
  readonly nowMs: number;
  readonly effects: Effects;
  /** What this batch did to the person's places under the caps. */
  readonly places: ContactReservation[];
}

/** Takes due deliveries up: the gate judges them and their messages are written. */
export class DeliveryClaimer {
  constructor(private readonly ports: SenderPorts) {}

  /** Takes up at most `limit`, the first `begun` of them as in hand; ids are noted before commit. */
  async claim(limit: number, begun: number, hand: Set<string>): Promise<Claims> {
    const { ports } = this;
    return await ports.work.transaction(async (tx) => {
      const nowMs = ports.clock.nowMs();
      const found = await ports.deliveries.due(tx, { nowMs, wallMs: ports.wallMs(), limit });
      const ids = [...new Set(found.map((row) => row.profileId))].sort();
      // Whose caps another transaction keeps is left for the next round; the others go.
      const locked = await ports.contacts.lockCapsWithin(tx, ids, CAPS_WAIT_MS);
      const due = found.filter((row) => locked.has(row.profileId));
      if (due.length === 0) return { claims: [], looked: 0 };
      const catalogue = ports.catalogue.current();
      const known: GateKnowledge = { ...ports.known, catalogue };
      const today = known.calendar.localDay(nowMs, catalogue.timezone);
      const [people, states] = await Promise.all([
        ports.people.load(tx, ids),
        ports.contacts.load(tx, ids, today - WINDOW_DAYS),
      ]);
      const effects = noEffects();
      const claims: Claim[] = [];
      const places = new Map<string, ContactReservation[]>();
      for (const delivery of due) {
        const { profileId } = delivery;
        const own = places.get(profileId) ?? [];
        places.set(profileId, own);
        const claim = this.judge(delivery, claims.length < begun, {
          person: people.get(profileId) ?? null,
          state: withTaken(states.get(profileId) ?? null, own),
          known,
          nowMs,
          effects,
          places: own,
        });
        if (claim === null) continue;
        claims.push(claim);
        hand.add(delivery.id);
        this.take(placeOf(delivery, today, { state: 'consumed' }), { effects, places: own }, claim);
      }
      await storeEffects(ports, tx, effects);
      return { claims, looked: due.length };
    });
  }

  private take(
    place: ContactReservation,
    at: Pick<Judging, 'effects' | 'places'>,
    { delivery }: Pick<Claim, 'delivery'>,
  ): void {
    at.effects.reserved.push({ ...place, profileId: delivery.profileId });
    at.places.push(place);
  }

  /** Asks the gate and writes the message; null when it does not go now. */
  private judge(delivery: Delivery, begins: boolean, at: Judging): Claim | null {
    const { person, nowMs, effects } = at;
    if (person === null) {
      this.refuse(delivery, { stage: 'address', reason: 'no_address' }, at);
      return null;
    }
    const verdict = gate(sendRequest(delivery, { ...at, person }, nowMs));
    if (verdict.kind === 'putOff') {
      this.putOff(delivery, { ...at, person }, verdict.untilMs);
      return null;
    }
    if (verdict.kind === 'withhold') {
      this.refuse(delivery, verdict, at);
      return null;
    }
    const address = at.state?.addresses[delivery.channel]?.value ?? '';
    const written = this.ports.composers.get(delivery.channel)?.compose(delivery, person, address);
    if (written === undefined || 'refusal' in written) {
      const reason = written?.refusal.reason ?? 'template_unknown';
      this.refuse(delivery, { stage: 'content', reason }, at, written?.refusal.detail);
      return null;
    }
    const claimed: Delivery = {
      ...delivery,
      state: begins ? 'sending' : 'intended',
      claimedBy: this.ports.runId,
      links: written.composed.links,
      attempts: delivery.attempts + (begins ? 1 : 0),
      updatedAtMs: nowMs,
      version: delivery.version + 1,
    };
    effects.updated.push(claimed);
    return { delivery: claimed, message: written.composed.message };
  }

  /**
   * Moves a send to the next opening and its place under the caps to that day, on which the gate has
   * found room: two sends that both held a last place would each refuse the other.
   */
  private putOff(delivery: Delivery, at: Judging & Judged, untilMs: number): void {
    const { calendar, catalogue } = at.known;
    at.effects.updated.push({
      ...delivery,
      sendAtMs: untilMs,
      firstPutOffAtMs: delivery.firstPutOffAtMs ?? at.nowMs,
    });
    const day = calendar.localDay(untilMs, catalogue.timezone);
    this.take(placeOf(delivery, day, { state: 'reserved', untilMs }), at, { delivery });
  }

  private refuse(
    delivery: Delivery,
    refusal: { readonly stage: string; readonly reason: string },
    at: Pick<Judging, 'nowMs' | 'effects' | 'places'>,
    detail?: string,
  ): void {
    const { nowMs, effects } = at;
    effects.updated.push({
      ...delivery,
      state: 'withheld',
      updatedAtMs: nowMs,
      version: delivery.version + 1,
      detail: detail ?? null,
    });
    effects.withheld.push(withheldOf(delivery, { ...refusal, atMs: nowMs }));
    effects.moved.push({ commandId: delivery.reservationId, state: 'released', day: 0 });
    at.places.push(placeOf(delivery, 0, { state: 'released' }));
    answer(delivery, 'withheld', { nowMs, effects, reason: refusal.reason });
  }
}
