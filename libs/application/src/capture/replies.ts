import { hashId, type Clock, type EpochMs, type ProfileId } from '#libs/kernel';
import type { Fact } from '#libs/contracts';
import type { EventLog } from '../log/event-log.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import { appendEngineEvents, type EngineEvent } from './engine-events.js';
import { aboutDelivery, deliveryEventFact } from './tracker.js';
import type {
  ContactPreferences,
  DeliveryEventRow,
  InboundStore,
  TrackedDelivery,
  TrackingStore,
} from './tracking-ports.js';

/** A reply by SMS, its signature checked. */
export interface Reply {
  /** The provider's id; a reply told again changes nothing. */
  readonly id: string;
  /** E.164. */
  readonly from: string;
  readonly intent: 'stop' | 'start' | 'help' | 'other';
}

/** What to answer: nothing, a help text, or that they are back. */
export type ReplyAnswer = 'none' | 'help' | 'stopped' | 'resumed' | 'no_consent';

/** What replies work with. */
export interface RepliesPorts {
  readonly work: UnitOfWork;
  readonly store: TrackingStore;
  readonly preferences: ContactPreferences;
  readonly inbound: InboundStore;
  readonly log: EventLog;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly clock: Clock;
}

/** Who replied, and to what. */
interface Replier {
  readonly reply: Reply;
  readonly people: readonly ProfileId[];
  /** The latest message to them, which they most likely answer. */
  readonly delivery: TrackedDelivery | null;
  readonly atMs: EpochMs;
}

const CHANNEL = 'sms';
/** In the consent ledger: a source of its own, so that a later word by SMS replaces it. */
const SOURCE = 'sms_reply';

/** Honours what people answer to text messages, each reply once, in one transaction. */
export class Replies {
  constructor(private readonly ports: RepliesPorts) {}

  async hear(reply: Reply): Promise<ReplyAnswer> {
    return await this.ports.work.transaction(async (tx) => {
      const known = await this.ports.inbound.answerTo(tx, reply.id);
      if (known !== null) return known as ReplyAnswer;
      const atMs = this.ports.clock.nowMs();
      const people = await this.ports.preferences.peopleAt(tx, CHANNEL, reply.from);
      const delivery = await this.ports.store.latestTo(tx, people, CHANNEL);
      const answer = await this.act(tx, { reply, people, delivery, atMs });
      await this.ports.inbound.keep(tx, {
        id: reply.id,
        channel: CHANNEL,
        intent: reply.intent,
        answer,
        atMs,
      });
      return answer;
    });
  }

  private async act(tx: Tx, replier: Replier): Promise<ReplyAnswer> {
    switch (replier.reply.intent) {
      case 'stop':
        await this.stop(tx, replier);
        return 'stopped';
      case 'start':
        return await this.start(tx, replier);
      case 'help':
        return 'help';
      case 'other':
        await this.tell(tx, replier, 'relance_message_replied');
        return 'none';
    }
  }

  private async stop(tx: Tx, replier: Replier): Promise<void> {
    const { preferences, log, writeFacts } = this.ports;
    const { reply, people, delivery, atMs } = replier;
    const change = { channel: CHANNEL, purpose: null, addresses: [reply.from], atMs } as const;
    const isSample = delivery?.isSample ?? false;
    const facts: Fact[] = [
      ...(await preferences.refuse(tx, { ...change, profileId: null, isSample })),
    ];
    const proof = `reply ${reply.id}`;
    const refusal = { channel: CHANNEL, purpose: 'any', status: 'denied', proof };
    await appendEngineEvents(log, tx, this.statements(replier, refusal));
    if (delivery !== null && people.length > 0) {
      const row: DeliveryEventRow = {
        id: hashId('unsubscribed', delivery.id, reply.id),
        deliveryId: delivery.id,
        kind: 'unsubscribed',
        atMs,
        link: null,
        code: 'reply',
        detail: null,
        evidence: [],
      };
      await this.ports.store.addEvent(tx, row);
      facts.push(deliveryEventFact(row, delivery));
    }
    await writeFacts(tx, facts);
    await this.tell(tx, replier, 'relance_message_unsubscribed');
  }

  /** A keyword alone is no consent: it renews one that was given before, and no other. */
  private async start(tx: Tx, replier: Replier): Promise<ReplyAnswer> {
    const { preferences, log, writeFacts } = this.ports;
    const { reply, people, atMs } = replier;
    const purposes = await preferences.grantedPurposes(tx, people, CHANNEL);
    if (purposes.length === 0) return 'no_consent';
    const isSample = replier.delivery?.isSample ?? false;
    const change = { channel: CHANNEL, purpose: null, addresses: [reply.from], atMs } as const;
    await writeFacts(tx, await preferences.restore(tx, { ...change, profileId: null, isSample }));
    const proof = `reply ${reply.id}`;
    const events = purposes.flatMap((purpose) =>
      this.statements(replier, {
        channel: CHANNEL,
        purpose,
        status: 'granted',
        basis: 'opt_in',
        proof,
      }),
    );
    await appendEngineEvents(log, tx, events);
    return 'resumed';
  }

  /** A statement for each person of the number; of nobody known, one by the number itself. */
  private statements(replier: Replier, properties: Record<string, string>): EngineEvent[] {
    const { reply, people, atMs, delivery } = replier;
    const isSample = delivery?.isSample ?? false;
    const base = { name: 'consent_changed', atMs, properties, isSample, source: SOURCE };
    const key = `${reply.id}/${properties['purpose'] ?? ''}`;
    if (people.length === 0) {
      return [{ ...base, messageId: `reply/${key}`, about: { ids: { phone: reply.from } } }];
    }
    return people.map((profileId) => ({
      ...base,
      messageId: `reply/${key}/${profileId}`,
      about: { profileId },
    }));
  }

  private async tell(tx: Tx, replier: Replier, name: string): Promise<void> {
    const { delivery, reply, atMs } = replier;
    if (delivery === null) return;
    const event: EngineEvent = {
      messageId: `${name}/${reply.id}`,
      name,
      about: { profileId: delivery.profileId },
      atMs,
      properties: aboutDelivery(delivery),
      isSample: delivery.isSample,
    };
    await appendEngineEvents(this.ports.log, tx, [event]);
  }
}
