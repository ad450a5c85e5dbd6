import type { CrmConfig, Fact } from '#libs/contracts';
import type { ZonedCalendar } from '#libs/policy';
import type { LogReader } from '../log/event-log.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import { CommandMaker, contactKey, knownOf, type LookedUp } from './command-maker.js';
import type { CrmFactReader, CrmOutbox, CrmTouch } from './outbox-ports.js';
import { WISHED, wishesOf, type Wish } from './wishes.js';
import { isPushed, keyNamespaces, type CrmWorkspace } from './workspace.js';

/** What the consumer works with. */
export interface CrmOutboxPorts {
  readonly work: UnitOfWork;
  /** Of the group `crm` on the topic `facts`. */
  readonly reader: LogReader;
  readonly facts: CrmFactReader;
  readonly outbox: CrmOutbox;
  readonly calendar: Pick<ZonedCalendar, 'localDate'>;
  /** Null until a workspace is published: facts then wait. */
  readonly workspace: () => CrmWorkspace | null;
}

const MOST_RECORDS = 2_000;

/**
 * Turns facts into commands for CRMs, in batches, with its offsets in the transaction of what it
 * wrote. Commands are derived from facts alone, so a repeat writes nothing twice.
 */
export class CrmOutboxConsumer {
  constructor(private readonly ports: CrmOutboxPorts) {}

  /** One batch of facts; answers how many records it read. */
  async runOnce(waitMs: number, signal?: AbortSignal): Promise<number> {
    const { reader, work } = this.ports;
    const workspace = this.ports.workspace();
    if (workspace === null) return 0;
    const batch = await reader.poll({
      maxRecords: MOST_RECORDS,
      waitMs,
      ...(signal === undefined ? {} : { signal }),
    });
    if (batch.records.length === 0) return 0;
    try {
      const wishes = workspace.connectors.some(({ push }) => push.length > 0)
        ? batch.records.flatMap(({ value }) => wishesOf(value as unknown as Fact))
        : [];
      await work.transaction(async (tx) => {
        for (const config of workspace.connectors) await this.tell(tx, config, workspace, wishes);
        await reader.commit(tx, batch);
      });
    } catch (error) {
      await reader.seekToStored().catch(() => undefined);
      throw error;
    }
    return batch.records.length;
  }

  private async tell(
    tx: Tx,
    config: CrmConfig,
    workspace: CrmWorkspace,
    all: readonly Wish[],
  ): Promise<void> {
    const wishes = all.filter((wish) => WISHED[wish.kind].some((type) => isPushed(config, type)));
    if (wishes.length === 0) return;
    const { outbox, calendar } = this.ports;
    const found = await this.lookUp(tx, config, wishes);
    const maker = new CommandMaker(config, workspace, calendar, found);
    for (const wish of wishes) maker.add(wish);
    await outbox.saveKnown(tx, config.connector, maker.learned);
    await outbox.enqueue(tx, config.connector, maker.drafts);
    await outbox.countSkipped(tx, config.connector, maker.skipped);
  }

  private async lookUp(tx: Tx, config: CrmConfig, wishes: readonly Wish[]): Promise<LookedUp> {
    const { facts, outbox } = this.ports;
    const people = [...new Set(wishes.map(({ profileId }) => profileId))];
    const contacts = await facts.contacts(tx, people, keyNamespaces(config));
    const reached = wishes.filter(({ profileId }) => contacts.has(profileId));
    const orders = reached.filter((wish) => wish.kind === 'order');
    const touches = await facts.touches(
      tx,
      orders.map(({ touchKey, profileId }) => ({ key: touchKey, profileId })),
    );
    const consented = reached.filter(({ kind }) => kind === 'consent');
    const addresses = new Map<string, string[]>();
    const dead = reached.filter((wish) => wish.kind === 'address');
    for (const { profileId, channel, address } of await facts.addresses(tx, dead)) {
      const key = `${profileId}/${channel}`;
      addresses.set(key, [...(addresses.get(key) ?? []), address]);
    }
    const known = reached.flatMap((wish) => {
      const what = knownOf(wish);
      const contact = contacts.get(wish.profileId);
      if (what === null || contact === undefined) return [];
      return [{ contact: contactKey(contact), what }];
    });
    return {
      contacts,
      touches,
      addresses,
      orderRefs: await facts.orderRefs(tx, orders),
      credits: await outbox.credit(tx, creditsOf(orders, touches)),
      taskTexts: await facts.taskTexts(
        tx,
        reached.flatMap((wish) => (wish.kind === 'taskOpen' ? [wish.id] : [])),
      ),
      consents: await facts.consents(
        tx,
        consented.map(({ profileId }) => profileId),
      ),
      known: await outbox.known(tx, config.connector, known),
    };
  }
}

type OrderWish = Extract<Wish, { kind: 'order' }>;

/** One campaign an order: the one whose message came last before it. */
function creditsOf(
  orders: readonly OrderWish[],
  touches: ReadonlyMap<string, CrmTouch>,
): readonly { readonly eventKey: string; readonly scenario: string }[] {
  const best = new Map<string, OrderWish>();
  const lastMs = ({ touchKey }: OrderWish): number => touches.get(touchKey)?.acceptedAtMs ?? 0;
  for (const order of orders) {
    if (!touches.has(order.touchKey)) continue;
    const other = best.get(order.eventKey);
    if (other === undefined || lastMs(order) > lastMs(other)) best.set(order.eventKey, order);
  }
  return [...best.values()];
}
