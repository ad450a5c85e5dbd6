import { hashId, type Clock, type JsonObject } from '#libs/kernel';
import { logKeyOf, msgKeyOf, type CrmConfig, type Fact, type RawEvent } from '#libs/contracts';
import { DateReader, type ImportCalendar } from '../import/date.js';
import type { EventLog } from '../log/event-log.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import { AccountBench } from '../profile/accounts.js';
import type { Placed } from '../profile/bench.js';
import { accountFact } from '../profile/describe.js';
import type { AccountStore } from '../profile/ports.js';
import type { ProfileSettings, ProfileSettingsSource, Pseudonyms } from '../profile/settings.js';
import { ChangeMapper, type Statement } from './changes.js';
import type { CrmLinks, CrmTask, LinkRow } from './outbox-ports.js';
import type { CrmRefusal, PullPage, Stream } from './ports.js';
import type { CrmWorkspace } from './workspace.js';

/** What taking over changes works with. */
export interface CrmIntakePorts {
  readonly work: UnitOfWork;
  readonly log: EventLog;
  readonly links: CrmLinks;
  readonly accounts: AccountStore;
  readonly pseudonyms: Pseudonyms;
  readonly settings: ProfileSettingsSource;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly calendar: ImportCalendar;
  readonly clock: Clock;
}

/** What became of a page. */
export interface PageTaken {
  /** Statements that said something new. */
  readonly fresh: number;
  readonly refusals: readonly CrmRefusal[];
}

/**
 * Takes over what a CRM says, through the same door as everybody's events. What it said last is
 * kept by subject: the same again changes nothing, and A, B, A is three statements. The events and
 * what is kept commit together.
 */
export class CrmIntake {
  constructor(private readonly ports: CrmIntakePorts) {}

  async take(
    given: { readonly config: CrmConfig; readonly workspace: CrmWorkspace },
    stream: Stream,
    page: PullPage,
  ): Promise<PageTaken> {
    const { calendar, clock, work } = this.ports;
    const dates = new DateReader(calendar, given.workspace.timezone);
    const mapper = new ChangeMapper(given.config, dates, clock.nowMs());
    return await work.transaction(async (tx) => {
      const tasks = await this.tasksOf(tx, given.config, { stream, page, mapper });
      const refusals: CrmRefusal[] = [];
      const statements: Statement[] = [];
      for (const change of page.changes) {
        if (change.op === 'delete') continue;
        const made = mapper.map(stream, change, (key) => tasks.get(key));
        if (made.ok) statements.push(...made.value);
        else refusals.push({ line: change.line ?? 0, ...made.error });
      }
      const fresh = await this.say(tx, given.config, statements);
      return { fresh, refusals };
    });
  }

  private async tasksOf(
    tx: Tx,
    config: CrmConfig,
    given: { readonly stream: Stream; readonly page: PullPage; readonly mapper: ChangeMapper },
  ): Promise<ReadonlyMap<string, CrmTask>> {
    if (given.stream !== 'task') return new Map();
    const keys = given.page.changes.map((change) => given.mapper.taskKey(change));
    return await this.ports.links.tasks(tx, config.connector, keys);
  }

  private async say(tx: Tx, config: CrmConfig, statements: readonly Statement[]): Promise<number> {
    const { links } = this.ports;
    const { connector } = config;
    const keys = [...new Set(statements.map(({ key }) => key))];
    const known = new Map(
      (await links.links(tx, connector, keys)).map((row) => [row.key, row] as const),
    );
    const changed = new Map<string, LinkRow>();
    const events: RawEvent[] = [];
    const accounts: RawEvent[] = [];
    for (const { key, hash, kind, event } of statements) {
      const before = known.get(key);
      if (before?.hash === hash) continue;
      const row = { key, hash, seq: (before?.seq ?? 0) + 1 };
      known.set(key, row);
      changed.set(key, row);
      const messageId = `crm:${hashId('crm-message', connector, key, String(row.seq), hash)}`;
      (kind === 'account' ? accounts : events).push({ messageId, ...event });
    }
    await this.append(tx, events);
    await this.tellAccounts(tx, accounts);
    await links.saveLinks(tx, connector, [...changed.values()]);
    return events.length + accounts.length;
  }

  private async append(tx: Tx, events: readonly RawEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.ports.log.appendWith(
      tx,
      'events.raw',
      events.map((event) => ({
        key: logKeyOf(event),
        value: event as unknown as JsonObject,
      })),
    );
  }

  /** An account's row names nobody, so it is no event of a profile: it is told to the account. */
  private async tellAccounts(tx: Tx, events: readonly RawEvent[]): Promise<void> {
    if (events.length === 0) return;
    const { accounts: store, clock, pseudonyms, settings, writeFacts } = this.ports;
    const current = settings.current();
    const nowMs = clock.nowMs();
    const bench = new AccountBench(store, pseudonyms, current.rules);
    await bench.open(tx, events.map(placedOf), nowMs);
    const ids = [...bench.changed.keys()].sort();
    if (ids.length === 0) return;
    await bench.save(tx);
    const sums = await store.summaries(tx, ids, revenueName(current));
    const facts = ids.flatMap((id) => {
      const account = bench.changed.get(id);
      const { people, amount } = sums.get(id) ?? { people: 0, amount: '0.00' };
      const { currency } = current.rules;
      return account === undefined
        ? []
        : [accountFact(account, { nowMs, people, amount, currency })];
    });
    await writeFacts(tx, facts);
    await store.wakeMembers(tx, ids, nowMs);
  }
}

/** The aggregate an account's revenue is summed from, as the profile store does. */
function revenueName({ metrics }: ProfileSettings): string {
  return metrics.aggregates.find(({ name }) => name === 'revenue_365d')?.name ?? 'rfm_value';
}

/** The account bench reads an event and its key alone: there is no person to place. */
function placedOf(event: RawEvent): Placed {
  const incoming = { event, eventKey: msgKeyOf(event.messageId) } as Placed['incoming'];
  return { incoming, nodeId: '', refused: [] };
}
