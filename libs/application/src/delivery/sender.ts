import type { Clock, EnrolmentId } from '#libs/kernel';
import type { Fact } from '#libs/contracts';
import { gate } from '#libs/policy';
import type { CatalogueSource } from '../catalogue/catalogue.js';
import type { ChannelSender, OutgoingMessage, SendResult } from '../channels/ports.js';
import type { ContactReservation, ContactStore } from '../contact/contact.js';
import type { GateKnowledge } from '../contact/gate-input.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import type { EnrolmentStore, EventSink, PeopleSource, PersonContext } from '../runtime/ports.js';
import type { Composer } from './composer.js';
import { deliveryFact, withheldFact, withheldOf } from './delivery-fact.js';
import type { Delivery, DeliveryStore } from './ports.js';
import {
  acceptedFact,
  isWorthAFact,
  noEffects,
  retrying,
  withTaken,
  type Effects,
} from './sender-effects.js';
import { capsGate, placeOf, sendRequest, type Judged } from './sender-gate.js';

/** At most this many messages are in hand at once: what a crash can leave uncertain. */
export const MOST_IN_HAND = 20;
/** Tries of a message that was certainly not accepted. */
const MOST_ATTEMPTS = 8;
const WINDOW_DAYS = 366;
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 600_000;

/** What the sender works with. */
export interface SenderPorts {
  readonly work: UnitOfWork;
  readonly deliveries: DeliveryStore;
  readonly contacts: ContactStore;
  readonly people: PeopleSource;
  readonly inbox: Pick<EnrolmentStore, 'post'>;
  readonly events: EventSink;
  readonly catalogue: CatalogueSource;
  readonly known: Omit<GateKnowledge, 'catalogue'>;
  readonly composers: ReadonlyMap<string, Composer>;
  readonly channels: ReadonlyMap<string, ChannelSender>;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly clock: Clock;
  readonly wallMs: () => number;
  /** Names this run of this worker; its lease tells whether it is still there. */
  readonly runId: string;
}

interface Claim {
  readonly delivery: Delivery;
  readonly message: OutgoingMessage;
}

interface Judging extends Omit<Judged, 'person'> {
  readonly person: PersonContext | null;
  readonly nowMs: number;
  readonly effects: Effects;
  /** What this batch did to the person's places under the caps. */
  readonly places: ContactReservation[];
}

/**
 * Claim, send, record. The gate judges in the transaction that claims; a message is handed over at
 * most once; what was in hand of a worker that died is uncertain, and never sent again.
 */
export class DeliverySender {
  /** Ids that rounds of this process have taken up; anything else claimed in its name was lost. */
  private readonly hands = new Set<Set<string>>();

  constructor(private readonly ports: SenderPorts) {}

  /** One round; answers how many deliveries it took up, sent or not. */
  async round(limit: number, signal: AbortSignal): Promise<number> {
    const hand = new Set<string>();
    this.hands.add(hand);
    try {
      const { claims, looked } = await this.claim(Math.min(limit, MOST_IN_HAND), hand);
      if (claims.length === 0) return looked;
      const results = await Promise.all(
        claims.map(async (claim) => ({ claim, result: await this.send(claim.message, signal) })),
      );
      await this.record(results);
      return looked;
    } finally {
      this.hands.delete(hand);
    }
  }

  private async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const channel = this.ports.channels.get(message.channel);
    if (channel === undefined) {
      return { kind: 'failed', code: 'rejected', detail: 'no such channel', retryable: false };
    }
    try {
      return await channel.send(message, signal);
    } catch {
      // A channel that throws is our bug; whether the message left is then not known.
      return { kind: 'uncertain', detail: 'the channel failed' };
    }
  }

  private async claim(
    limit: number,
    hand: Set<string>,
  ): Promise<{ claims: readonly Claim[]; looked: number }> {
    const { ports } = this;
    return await ports.work.transaction(async (tx) => {
      const nowMs = ports.clock.nowMs();
      const due = await ports.deliveries.due(tx, { nowMs, wallMs: ports.wallMs(), limit });
      if (due.length === 0) return { claims: [], looked: 0 };
      const catalogue = ports.catalogue.current();
      const known: GateKnowledge = { ...ports.known, catalogue };
      const today = known.calendar.localDay(nowMs, catalogue.timezone);
      const ids = [...new Set(due.map((row) => row.profileId))].sort();
      // One after the other on the connection, so what is read is what the locks protect.
      const [, people, states] = await Promise.all([
        ports.contacts.lockCaps(tx, ids),
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
        const claim = this.judge(delivery, {
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
      await this.store(tx, effects);
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
  private judge(delivery: Delivery, at: Judging): Claim | null {
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
      state: 'sending',
      claimedBy: this.ports.runId,
      links: written.composed.links,
      attempts: delivery.attempts + 1,
      updatedAtMs: nowMs,
      version: delivery.version + 1,
    };
    effects.updated.push(claimed);
    return { delivery: claimed, message: written.composed.message };
  }

  /**
   * Moves a send to the next opening and its place under the caps to that day. Where that day has no
   * room it is withheld now: two sends that both held a last place would each refuse the other.
   */
  private putOff(delivery: Delivery, at: Judging & Judged, untilMs: number): void {
    const { calendar, catalogue } = at.known;
    const later = capsGate(sendRequest(delivery, at, untilMs));
    if (later.kind === 'withhold') {
      this.refuse(delivery, later, at);
      return;
    }
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
    this.answer(delivery, 'withheld', { nowMs, effects, reason: refusal.reason });
  }

  private answer(
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

  private async record(
    results: readonly { readonly claim: Claim; readonly result: SendResult }[],
  ): Promise<void> {
    const { ports } = this;
    // The answer of a provider must not be lost to a store that is away for a moment.
    await retrying(async () => {
      await ports.work.transaction(async (tx) => {
        const nowMs = ports.clock.nowMs();
        const effects = noEffects();
        const told: { readonly row: Delivery; readonly name: string; readonly code?: string }[] =
          [];
        for (const { delivery, result } of await this.stillInHand(tx, results)) {
          const row = this.outcomeOf(delivery, result, nowMs, effects);
          effects.updated.push(row);
          if (result.kind === 'accepted') told.push({ row, name: 'relance_message_accepted' });
          if (result.kind === 'failed' && result.code === 'invalid_address') {
            told.push({ row, name: 'relance_message_bounced', code: result.code });
          }
        }
        await this.store(tx, effects);
        await ports.events.emit(
          tx,
          told.map(({ row, name, code }) => ({
            messageId: `${name}/${row.id}`,
            profileId: row.profileId,
            name,
            atMs: nowMs,
            properties: {
              delivery_id: row.id,
              decision_id: row.decisionId,
              channel: row.channel,
              ...(code === undefined ? {} : { code }),
            },
            isSample: row.isSample,
          })),
        );
      });
    });
  }

  /**
   * The deliveries as they stand now, without those that were taken for lost meanwhile: what a
   * worker that was away too long learns late must not make an uncertain message ready to go again.
   */
  private async stillInHand(
    tx: Tx,
    results: readonly { readonly claim: Claim; readonly result: SendResult }[],
  ): Promise<readonly { readonly delivery: Delivery; readonly result: SendResult }[]> {
    const { deliveries, runId } = this.ports;
    const rows = await deliveries.byIds(
      tx,
      results.map(({ claim }) => claim.delivery.id),
    );
    const mine = new Map(
      rows.flatMap((row) => (row.claimedBy === runId ? [[row.id, row] as const] : [])),
    );
    return results.flatMap(({ claim, result }) => {
      const delivery = mine.get(claim.delivery.id);
      return delivery === undefined ? [] : [{ delivery, result }];
    });
  }

  private outcomeOf(
    delivery: Delivery,
    result: SendResult,
    nowMs: number,
    effects: Effects,
  ): Delivery {
    const base = {
      ...delivery,
      claimedBy: null,
      updatedAtMs: nowMs,
      version: delivery.version + 1,
    };
    // A bounce or a complaint may be told before the answer of the provider is recorded.
    const turned = delivery.state === 'sending' ? null : delivery.state;
    switch (result.kind) {
      case 'accepted':
        this.answer(delivery, 'accepted', { nowMs, effects });
        effects.facts.push(acceptedFact(delivery, nowMs));
        return {
          ...base,
          state: turned ?? 'accepted',
          acceptedAtMs: nowMs,
          provider: result.provider,
          providerId: result.providerId,
          smsSegments: result.segments ?? null,
        };
      case 'uncertain':
        this.answer(delivery, 'uncertain', { nowMs, effects });
        return { ...base, state: turned ?? 'uncertain', detail: result.detail };
      case 'failed':
        if (turned === null && result.retryable && delivery.attempts < MOST_ATTEMPTS) {
          const backOffMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** delivery.attempts);
          const retryWallMs = this.ports.wallMs() + backOffMs;
          return { ...base, state: 'intended', retryWallMs, detail: result.detail };
        }
        this.answer(delivery, 'failed', { nowMs, effects, reason: result.code });
        effects.moved.push({ commandId: delivery.reservationId, state: 'released', day: 0 });
        return { ...base, state: turned ?? 'failed', detail: `${result.code}: ${result.detail}` };
    }
  }

  /**
   * What a worker that is gone had in hand, and what this one claimed or sent when the store's answer
   * was lost: nobody knows whether it left, so it is said.
   */
  async recover(limit = 200): Promise<number> {
    const { ports } = this;
    return await ports.work.transaction(async (tx) => {
      const nowMs = ports.clock.nowMs();
      const { runId } = ports;
      const found = await ports.deliveries.orphaned(tx, { wallMs: ports.wallMs(), limit, runId });
      // Looked at after the rows: a claim is in a hand before its commit can be seen.
      const hands = [...this.hands];
      const orphans = found.filter((row) => !hands.some((hand) => hand.has(row.id)));
      const effects = noEffects();
      for (const row of orphans) {
        const detail = 'the worker ended while the message was in hand';
        effects.updated.push(this.outcomeOf(row, { kind: 'uncertain', detail }, nowMs, effects));
      }
      await this.store(tx, effects);
      return orphans.length;
    });
  }

  private async store(tx: Tx, effects: Effects): Promise<void> {
    const { ports } = this;
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
}
