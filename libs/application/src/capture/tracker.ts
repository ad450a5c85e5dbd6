import type { Clock, EpochMs, JsonObject } from '#libs/kernel';
import { hashId } from '#libs/kernel';
import type { DeliveryEventFact, Fact } from '#libs/contracts';
import type { MessageChannel } from '../channels/ports.js';
import type { EventLog } from '../log/event-log.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import { appendEngineEvents, type EngineEvent } from './engine-events.js';
import type {
  ContactPreferences,
  DeliveryEventRow,
  LinkVisit,
  TrackedDelivery,
  TrackingStore,
} from './tracking-ports.js';

/** A visit as it is judged: a person, or a machine with the signs of one. */
export interface VisitFacts {
  readonly method: string;
  readonly userAgent: string;
  readonly clickedAtMs: EpochMs;
  readonly acceptedAtMs: EpochMs;
  readonly linkIndex: number;
  readonly linkCount: number;
  readonly otherClicks: readonly LinkVisit[];
}

/** What tracking works with. */
export interface TrackerPorts {
  readonly work: UnitOfWork;
  readonly store: TrackingStore;
  readonly preferences: ContactPreferences;
  readonly log: EventLog;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly classify: (facts: VisitFacts) => {
    readonly human: boolean;
    readonly evidence: readonly string[];
  };
  readonly clock: Clock;
  readonly newId: () => string;
}

/** A click on a genuine link. */
export interface Click {
  readonly deliveryId: string;
  readonly linkIndex: number;
  readonly method: string;
  readonly userAgent: string;
}

/** A person leaves by a link of a message. */
export interface Leaving {
  readonly deliveryId: string;
  readonly channel: MessageChannel;
  readonly purpose: string;
  /** By the mail client's button rather than by our page. */
  readonly isOneClick: boolean;
}

/** What became of a link. */
export type ClickAnswer =
  { readonly kind: 'go'; readonly target: string } | { readonly kind: 'unknown' };

/** What a message is about, as engine events tell it. */
export function aboutDelivery(delivery: TrackedDelivery): JsonObject {
  return {
    delivery_id: delivery.id,
    decision_id: delivery.decisionId,
    enrolment_id: delivery.enrolmentId,
    scenario: delivery.scenario,
    account_id: delivery.accountId,
    channel: delivery.channel,
    ...(delivery.isSample ? { sample: true } : {}),
  };
}

/** The fact of something that happened to a message. */
export function deliveryEventFact(
  row: DeliveryEventRow,
  delivery: TrackedDelivery,
): DeliveryEventFact {
  return {
    id: row.id,
    kind: 'delivery_event',
    version: 1,
    atMs: row.atMs,
    profileId: delivery.profileId,
    body: {
      deliveryId: row.deliveryId,
      deliveryEventKind: row.kind,
      atMs: row.atMs,
      link: row.link,
      code: row.code,
      detail: row.detail,
      evidence: [...row.evidence],
      enrolmentId: delivery.enrolmentId,
      decisionId: delivery.decisionId,
      scenario: delivery.scenario,
      channel: delivery.channel,
      sample: delivery.isSample,
    },
  };
}

/** A target as a header may carry it, letters beyond ASCII encoded; null where it is no web page. */
function webAddress(target: string | undefined): string | null {
  const url = target === undefined ? null : URL.parse(target);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}

/** Follows what recipients do with the links of their messages. */
export class Tracker {
  constructor(private readonly ports: TrackerPorts) {}

  /**
   * Where a link leads. The visit is recorded with the signs of a machine, if any; only a person's
   * counts. A message or link nobody knows leads nowhere: there is no open redirect.
   */
  async click(click: Click): Promise<ClickAnswer> {
    const delivery = await this.ports.store.delivery(click.deliveryId);
    const target = webAddress(delivery?.links[click.linkIndex]);
    if (delivery === null || target === null) return { kind: 'unknown' };
    await this.ports.work.transaction((tx) => this.record(tx, click, delivery));
    return { kind: 'go', target };
  }

  private async record(tx: Tx, click: Click, delivery: TrackedDelivery): Promise<void> {
    const { clock, classify, log, newId, store, writeFacts } = this.ports;
    const atMs = clock.nowMs();
    const { human, evidence } = classify({
      method: click.method,
      userAgent: click.userAgent,
      clickedAtMs: atMs,
      acceptedAtMs: delivery.acceptedAtMs,
      linkIndex: click.linkIndex,
      linkCount: delivery.links.length,
      otherClicks: await store.visitsOf(tx, delivery.id),
    });
    const link = String(click.linkIndex);
    const row: DeliveryEventRow = {
      id: hashId('click', delivery.id, newId()),
      deliveryId: delivery.id,
      kind: human ? 'clicked' : 'bot_clicked',
      atMs,
      link,
      code: null,
      detail: null,
      evidence,
    };
    await store.addEvent(tx, row);
    await writeFacts(tx, [deliveryEventFact(row, delivery)]);
    const event: EngineEvent = {
      messageId: `clicked/${row.id}`,
      name: 'relance_message_clicked',
      about: { profileId: delivery.profileId },
      atMs,
      properties: { ...aboutDelivery(delivery), link, bot: !human },
      isBot: !human,
      isSample: delivery.isSample,
    };
    await appendEngineEvents(log, tx, [event]);
  }

  /** The message a leaving page is about; null where nobody knows it. */
  async deliveryOf(deliveryId: string): Promise<TrackedDelivery | null> {
    return await this.ports.store.delivery(deliveryId);
  }

  /**
   * Takes a person out of a purpose on a channel, at once and in one transaction. Idempotent; false
   * where nobody knows the message.
   */
  async unsubscribe(leaving: Leaving): Promise<boolean> {
    const delivery = await this.ports.store.delivery(leaving.deliveryId);
    if (delivery === null) return false;
    await this.ports.work.transaction((tx) => this.leave(tx, leaving, delivery));
    return true;
  }

  private async leave(tx: Tx, leaving: Leaving, delivery: TrackedDelivery): Promise<void> {
    const { clock, log, preferences, store, writeFacts } = this.ports;
    const { channel, purpose } = leaving;
    const { profileId, isSample } = delivery;
    const atMs = clock.nowMs();
    const row: DeliveryEventRow = {
      id: hashId('unsubscribed', delivery.id, channel, purpose),
      deliveryId: delivery.id,
      kind: 'unsubscribed',
      atMs,
      link: null,
      code: leaving.isOneClick ? 'one_click' : 'page',
      detail: purpose,
      evidence: [],
    };
    const isFirst = await store.addEvent(tx, row);
    const addresses = await preferences.addressesOf(tx, profileId, channel);
    const change = { channel, purpose, addresses, profileId, atMs, isSample };
    const suppressed = await preferences.refuse(tx, change);
    await writeFacts(tx, [...(isFirst ? [deliveryEventFact(row, delivery)] : []), ...suppressed]);
    const about = { profileId };
    const events: EngineEvent[] = [
      {
        messageId: `refused/${row.id}/${atMs}`,
        name: 'consent_changed',
        about,
        atMs,
        properties: {
          channel,
          purpose,
          status: 'denied',
          proof: `${row.code} unsubscribe, delivery ${delivery.id}`,
        },
        isSample,
      },
    ];
    if (isFirst) {
      events.push({
        messageId: `unsubscribed/${row.id}`,
        name: 'relance_message_unsubscribed',
        about,
        atMs,
        properties: { ...aboutDelivery(delivery), purpose },
        isSample,
      });
    }
    await appendEngineEvents(log, tx, events);
  }
}
