import {
  applyControl,
  eventOf,
  release,
  routeEvent,
  Stepper,
  timersOf,
  WorkingSet,
  type EnrolmentRow,
  type EnrolmentStore,
  type Holds,
  type InboxRow,
  type Lease,
  type LogBatch,
  type LogReader,
  type MigrationJobs,
  type PeopleSource,
  type ResultRecorder,
  type Routing,
  type StepperPorts,
  type Tx,
  type UnitOfWork,
  type WatchMatch,
} from '#libs/application';
import type { ProfileChange } from '#libs/contracts';
import type { Clock, CommandId, EnrolmentId, EpochMs, ProfileId } from '#libs/kernel';
import { takeInDue, takeInMembers, type EntryPorts } from './entrances.js';
import { migratePage, openMigration } from './migrate-page.js';

/** Everything the host works with. */
export interface HostPorts extends StepperPorts, EntryPorts {
  readonly work: UnitOfWork;
  readonly store: EnrolmentStore;
  readonly people: PeopleSource;
  readonly results: ResultRecorder;
  readonly migrations: MigrationJobs;
  readonly clock: Clock;
}

/** How much one transaction takes in hand. */
export interface HostLimits {
  readonly changes: number;
  readonly inbox: number;
  readonly timers: number;
  /** Timers are fired a page after the other: the store works on one while the next is computed. */
  readonly timersPage: number;
  readonly entrances: number;
  /** People moved to a newer version. */
  readonly migrations: number;
}

/** Enough to hide the sync of a commit, little enough to keep a batch well under a second. */
export const HOST_LIMITS: HostLimits = {
  changes: 500,
  inbox: 500,
  timers: 4_000,
  timersPage: 500,
  entrances: 200,
  migrations: 200,
};

/** What one turn did. */
export interface Turn {
  readonly changes: number;
  readonly inputs: number;
  readonly timers: number;
  readonly entrances: number;
  /** Enrolments looked at to move them to a newer version. */
  readonly migrations: number;
}

interface TimerPage {
  readonly rows: readonly EnrolmentRow[];
  readonly set: WorkingSet;
  /** Settled when the people of the rows are in the set. */
  readonly people: Promise<void>;
}

/**
 * The embedded host and router. It holds no rule: it loads, asks the interpreter, and writes what it
 * answered, one transaction a turn, under a lease that fences whoever had it before.
 */
export class EmbeddedHost {
  constructor(
    private readonly ports: HostPorts,
    private readonly limits: HostLimits = HOST_LIMITS,
  ) {}

  /** One turn over a batch of profile changes, the inbox, due timers and people to take in. */
  async turn(lease: Lease, batch: LogBatch, reader: LogReader): Promise<Turn> {
    const { ports } = this;
    return await ports.work.transaction(async (tx) => {
      const [, holds] = await Promise.all([ports.store.fence(tx, lease), ports.store.holds(tx)]);
      const migration = await openMigration(tx, ports);
      const set = new WorkingSet(ports.clock.nowMs(), holds);
      const changes = batch.records.map((record) => record.value as unknown as ProfileChange);
      const mixed = await this.rekeyMerged(tx, changes);
      const timers = await this.fireTimers(tx, set.nowMs, holds);
      const released = await ports.store.released(tx, this.limits.inbox);
      const inbox = await ports.store.inbox(tx, this.limits.inbox);
      const heard = changes.filter((change) => this.isHeard(change));
      await this.load(tx, set, { heard, inbox, mixed, released });
      const stepper = new Stepper(ports, set);
      const matches: WatchMatch[] = [];
      for (const { id } of released) {
        const live = set.get(id);
        if (live !== undefined) release(stepper, set, live);
      }
      this.applyInbox(set, stepper, inbox);
      const routing: Routing = {
        set,
        stepper,
        ports,
        definitions: ports.definitions,
        groups: ports.groups,
        matches,
      };
      this.route(routing, heard);
      const entrances = await this.takeIn(tx, set, stepper);
      const migrations =
        migration === null
          ? 0
          : await migratePage(tx, migration, {
              ports,
              set,
              stepper,
              limit: this.limits.migrations,
              loadPeople: (ids) => this.loadPeople(tx, set, ids),
            });
      await stepper.drain(tx);
      await this.record(tx, set, matches, heard);
      await ports.store.save(tx, set.changes());
      await reader.commit(tx, batch);
      const inputs = inbox.length + released.length;
      return { changes: changes.length, inputs, timers, entrances, migrations };
    });
  }

  private isHeard(change: ProfileChange): boolean {
    return change.name !== null && this.ports.definitions.isHeard(change.name);
  }

  /** Answers the enrolments of people whose groups differed. */
  private async rekeyMerged(
    tx: Tx,
    changes: readonly ProfileChange[],
  ): Promise<readonly EnrolmentId[]> {
    const mixed = new Set<EnrolmentId>();
    for (const change of changes) {
      if (change.mergedFrom === undefined) continue;
      const to = change.profileId as ProfileId;
      const rekeyed = await this.ports.store.rekey(tx, change.mergedFrom as ProfileId, to);
      for (const id of rekeyed.mixed) mixed.add(id);
      await this.ports.store.post(
        tx,
        rekeyed.doubled.map((enrolmentId) => ({
          enrolmentId,
          input: { type: 'control', control: { action: 'profile_merged', survives: false } },
        })),
      );
    }
    return [...mixed];
  }

  /** Loads people, enrolments, ledger and watches of everybody the turn concerns, in bulk. */
  private async load(
    tx: Tx,
    set: WorkingSet,
    wanted: {
      readonly heard: readonly ProfileChange[];
      readonly inbox: readonly InboxRow[];
      readonly mixed: readonly EnrolmentId[];
      readonly released: readonly EnrolmentRow[];
    },
  ): Promise<void> {
    const { store } = this.ports;
    const named = await store.byIds(tx, [
      ...new Set([...wanted.inbox.map((row) => row.enrolmentId), ...wanted.mixed]),
    ]);
    const fromInbox = [...named, ...wanted.released];
    const given = wanted.heard.map((change) => change.profileId as ProfileId);
    const ids = [...new Set([...given, ...fromInbox.map((row) => row.profileId)])];
    await this.loadPeople(tx, set, ids);
    const resolved = [...new Set(given.map((id) => set.people.get(id)?.profileId ?? id))];
    for (const row of fromInbox) this.take(set, row);
    for (const id of wanted.mixed) set.markMixed(id);
    const names = [...new Set(wanted.heard.flatMap((change) => change.name ?? []))];
    const [running, ledger, watches] = await Promise.all([
      store.runningOf(tx, resolved),
      store.ledgerOf(tx, resolved),
      store.watchesOf(tx, resolved, names),
    ]);
    for (const row of running) this.take(set, row);
    for (const row of ledger) set.addLedger(row);
    for (const watch of watches) set.addWatch(watch);
  }

  private async loadPeople(tx: Tx, set: WorkingSet, ids: readonly ProfileId[]): Promise<void> {
    const missing = ids.filter((id) => !set.people.has(id));
    if (missing.length === 0) return;
    for (const [id, person] of await this.ports.people.load(tx, missing)) {
      set.people.set(id, person);
      if (!set.people.has(person.profileId)) set.people.set(person.profileId, person);
    }
  }

  private take(set: WorkingSet, row: Parameters<WorkingSet['add']>[0]): void {
    const definition = this.ports.definitions.byHash(row.definition);
    if (definition !== undefined) set.add(row, definition, false);
  }

  /**
   * Fires what is due, the earliest first. The people of the next page are asked for and the changes
   * of the last one sent before a page is computed: all on one connection, so in this order.
   */
  private async fireTimers(tx: Tx, nowMs: EpochMs, holds: Holds): Promise<number> {
    const { timers, timersPage } = this.limits;
    const due = await this.ports.store.dueAt(tx, nowMs, timers);
    const underWay: Promise<void>[] = [];
    // Heard here already, or a failure while another page is computed would count as unhandled.
    const began = (work: Promise<void>): Promise<void> => {
      work.catch(() => undefined);
      underWay.push(work);
      return work;
    };
    const pageAt = (start: number): TimerPage => {
      const rows = due.slice(start, start + timersPage);
      const set = new WorkingSet(nowMs, holds);
      const ids = rows.map((row) => row.profileId);
      return { rows, set, people: began(this.loadPeople(tx, set, ids)) };
    };
    let next = pageAt(0);
    for (let start = 0; start < due.length; start += timersPage) {
      const page = next;
      await page.people;
      next = pageAt(start + timersPage);
      await this.firePage(tx, page);
      void began(this.ports.store.save(tx, page.set.changes()));
    }
    await Promise.all(underWay);
    return due.length;
  }

  private async firePage(tx: Tx, { rows, set }: TimerPage): Promise<void> {
    const stepper = new Stepper(this.ports, set);
    for (const row of rows) {
      this.take(set, row);
      const live = set.get(row.id);
      if (live === undefined) continue;
      for (const timer of timersOf(live.definition, live.row.state)) {
        if (timer.dueMs <= set.nowMs) {
          stepper.apply(live, { type: 'timer', commandId: timer.commandId });
        }
      }
    }
    await stepper.drain(tx);
  }

  private applyInbox(set: WorkingSet, stepper: Stepper, inbox: readonly InboxRow[]): void {
    for (const row of inbox) {
      set.done(row);
      const live = set.get(row.enrolmentId);
      if (live === undefined) continue;
      const { input } = row;
      if (input.type === 'control') {
        applyControl(stepper, set, { live, control: input.control });
      } else {
        stepper.apply(live, {
          type: 'result',
          commandId: input.commandId as CommandId,
          result: input.result,
          effectAtMs: input.effectAtMs,
        });
      }
    }
  }

  private route(routing: Routing, changes: readonly ProfileChange[]): void {
    for (const change of changes) {
      const event = eventOf(change);
      const given = change.profileId as ProfileId;
      const id = routing.set.people.get(given)?.profileId ?? given;
      if (event !== null) routeEvent(routing, event, id);
    }
  }

  /** People whom no event brings, a page of each sort a turn. */
  private async takeIn(tx: Tx, set: WorkingSet, stepper: Stepper): Promise<number> {
    const entering = {
      tx,
      set,
      stepper,
      load: (ids: readonly ProfileId[]) => this.loadEntrants(tx, set, ids),
    };
    const { entrances: limit } = this.limits;
    return (
      (await takeInMembers(this.ports, entering, limit)) +
      (await takeInDue(this.ports, entering, limit))
    );
  }

  /** Loads what tells whether people may enter. Whoever they merged into is loaded in their place. */
  private async loadEntrants(tx: Tx, set: WorkingSet, ids: readonly ProfileId[]): Promise<void> {
    const { store } = this.ports;
    await this.loadPeople(tx, set, ids);
    const resolved = [...new Set(ids.map((id) => set.people.get(id)?.profileId ?? id))];
    for (const row of await store.runningOf(tx, resolved)) this.take(set, row);
    for (const row of await store.ledgerOf(tx, resolved)) set.addLedger(row);
  }

  private async record(
    tx: Tx,
    set: WorkingSet,
    matches: readonly WatchMatch[],
    heard: readonly ProfileChange[],
  ): Promise<void> {
    if (matches.length > 0) {
      set.facts.push(...(await this.ports.results.matched(tx, matches, set.nowMs)));
    }
    const observed = heard.flatMap((change) =>
      change.name !== null && change.eventKey !== null && change.name.startsWith('relance_')
        ? [
            {
              key: change.eventKey,
              name: change.name,
              atMs: change.atMs,
              profileId: change.profileId as ProfileId,
              properties: change.properties as never,
            },
          ]
        : [],
    );
    if (observed.length > 0) {
      set.facts.push(...(await this.ports.results.observed(tx, observed, set.nowMs)));
    }
  }

  /** Closes the windows that are over: goals are dropped, rewards become final. */
  async closeWindows(lease: Lease, limit: number): Promise<number> {
    const { ports } = this;
    return await ports.work.transaction(async (tx) => {
      await ports.store.fence(tx, lease);
      const nowMs = ports.clock.nowMs();
      const over = await ports.store.watchesOver(tx, nowMs, limit);
      if (over.length === 0) return 0;
      const rewards = over.flatMap((watch) =>
        watch.kind === 'reward' && watch.decisionId !== null
          ? [{ decisionId: watch.decisionId, profileId: watch.profileId }]
          : [],
      );
      const set = new WorkingSet(nowMs);
      set.facts.push(...(await ports.results.closed(tx, rewards, nowMs)));
      await ports.store.dropWatches(
        tx,
        over.map((watch) => watch.id),
      );
      await ports.store.save(tx, set.changes());
      return over.length;
    });
  }
}
