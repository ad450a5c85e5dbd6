import { hashId, type EpochMs, type JsonObject, type ProfileId } from '#libs/kernel';
import type { DeliveryEventFact, Fact } from '#libs/contracts';
import { deliveryFact } from '../delivery/delivery-fact.js';
import type { Delivery, DeliveryState, DeliveryStore } from '../delivery/ports.js';
import type { Tx } from '../ports/transaction.js';
import { taskFact, type TaskRow } from '../task/task-maker.js';

/** An address that must not be written to any more, and why. */
export interface AddressSuppression {
  readonly profileId: ProfileId;
  readonly channel: string;
  readonly reason: 'complaint' | 'hard_bounce';
  readonly atMs: EpochMs;
  readonly isSample: boolean;
}

/** What feedback changes in the store. */
export interface FeedbackStore {
  /** Locks open tasks. */
  openTasks(tx: Tx, ids: readonly string[]): Promise<readonly TaskRow[]>;
  closeTasks(tx: Tx, rows: readonly TaskRow[]): Promise<void>;
  /** Every address the people have on the channel, by keyed hash; answers the facts. */
  suppress(tx: Tx, rows: readonly AddressSuppression[]): Promise<readonly Fact[]>;
  /** False where the event is there already. */
  addDeliveryEvent(
    tx: Tx,
    row: {
      readonly id: string;
      readonly deliveryId: string;
      readonly kind: string;
      readonly atMs: EpochMs;
      readonly code: string | null;
    },
  ): Promise<boolean>;
}

/** An engine event about a message or a task. */
export interface FeedbackEvent {
  readonly key: string;
  readonly name: string;
  readonly atMs: EpochMs;
  readonly profileId: ProfileId;
  readonly properties: JsonObject;
}

const MESSAGE_STATES: Readonly<Record<string, Extract<DeliveryState, 'bounced' | 'complained'>>> = {
  relance_message_bounced: 'bounced',
  relance_message_complained: 'complained',
};

/** Names of the events that change what is stored of messages and tasks. */
export const FEEDBACK_EVENTS: readonly string[] = [
  ...Object.keys(MESSAGE_STATES),
  'relance_task_closed',
];

/**
 * Lets what comes back take effect: a closed task is closed, a complaint or a hard bounce suppresses
 * the address. It comes as events, whoever tells: console, provider or CRM. Idempotent.
 */
export class Feedback {
  constructor(
    private readonly store: FeedbackStore,
    private readonly deliveries: DeliveryStore,
  ) {}

  async apply(tx: Tx, events: readonly FeedbackEvent[], nowMs: EpochMs): Promise<readonly Fact[]> {
    return [
      ...(await this.closeTasks(tx, events, nowMs)),
      ...(await this.turnMessages(tx, events, nowMs)),
    ];
  }

  private async closeTasks(
    tx: Tx,
    events: readonly FeedbackEvent[],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]> {
    const closings = new Map<string, FeedbackEvent>();
    for (const event of events) {
      const id = event.properties['task_id'];
      if (event.name === 'relance_task_closed' && typeof id === 'string') closings.set(id, event);
    }
    if (closings.size === 0) return [];
    const open = await this.store.openTasks(tx, [...closings.keys()]);
    const closed = open.map((task): TaskRow => {
      const outcome = closings.get(task.id)?.properties['outcome'];
      const text = typeof outcome === 'string' && outcome !== '' ? outcome : 'done';
      return {
        ...task,
        state: text.startsWith('declined') || text === 'not_relevant' ? 'declined' : 'done',
        outcome: text,
        version: task.version + 1,
        closedAtMs: nowMs,
      };
    });
    await this.store.closeTasks(tx, closed);
    return closed.map(taskFact);
  }

  private async turnMessages(
    tx: Tx,
    events: readonly FeedbackEvent[],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]> {
    const told = events.flatMap((event) => {
      const state = MESSAGE_STATES[event.name];
      const id = event.properties['delivery_id'];
      return state === undefined || typeof id !== 'string' ? [] : [{ event, state, id }];
    });
    if (told.length === 0) return [];
    const found = new Map(
      (
        await this.deliveries.byIds(
          tx,
          told.map((one) => one.id),
        )
      ).map((row) => [row.id, row] as const),
    );
    const facts: Fact[] = [];
    const updated = new Map<string, Delivery>();
    const suppressed: AddressSuppression[] = [];
    for (const { event, state, id } of told) {
      const row = found.get(id);
      if (row === undefined) continue;
      const code = typeof event.properties['code'] === 'string' ? event.properties['code'] : null;
      const eventId = hashId('feedback', event.name, id);
      const happening = { id: eventId, deliveryId: id, kind: state, atMs: event.atMs, code };
      if (!(await this.store.addDeliveryEvent(tx, happening))) continue;
      const turned = { ...row, state, version: row.version + 1, updatedAtMs: nowMs };
      // A batch may tell of one message twice: each change has a version of its own.
      found.set(id, turned);
      updated.set(id, turned);
      facts.push(deliveryFact(turned), happenedFact(row, happening));
      suppressed.push({
        profileId: row.profileId,
        channel: row.channel,
        reason: state === 'complained' ? 'complaint' : 'hard_bounce',
        atMs: nowMs,
        isSample: row.isSample,
      });
    }
    await this.deliveries.update(tx, [...updated.values()]);
    facts.push(...(await this.store.suppress(tx, suppressed)));
    return facts;
  }
}

function happenedFact(
  row: Delivery,
  at: {
    readonly id: string;
    readonly kind: 'bounced' | 'complained';
    readonly atMs: EpochMs;
    readonly code: string | null;
  },
): DeliveryEventFact {
  return {
    id: at.id,
    kind: 'delivery_event',
    version: 1,
    atMs: at.atMs,
    profileId: row.profileId,
    body: {
      deliveryId: row.id,
      deliveryEventKind: at.kind,
      atMs: at.atMs,
      link: null,
      code: at.code,
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
