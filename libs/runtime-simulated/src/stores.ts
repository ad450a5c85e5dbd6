import type {
  ContactReservation,
  ContactState,
  ContactStore,
  DecisionStore,
  Delivery,
  DeliveryStore,
  ModelSnapshot,
  StoredDecision,
  Tx,
} from '#libs/application';
import type { DecisionRecord } from '#libs/decision';
import { hashUuid, type EpochMs, type ProfileId } from '#libs/kernel';
import type { CapReservation } from '#libs/policy';
import { Agenda } from './agenda.js';
import type { Population } from './population.js';

/** What the gate reads and reserves, of the people of a simulation. */
export class SimulatedContacts implements ContactStore {
  private readonly ownerOf = new Map<string, ProfileId>();
  /** Live places by action and day. */
  private readonly usage = new Map<string, Map<number, number>>();

  constructor(private readonly population: Population) {}

  lockCapsWithin(_tx: Tx, profileIds: readonly ProfileId[]): Promise<ReadonlySet<ProfileId>> {
    return Promise.resolve(new Set(profileIds));
  }

  load(
    _tx: Tx,
    profileIds: readonly ProfileId[],
    sinceDay: number,
  ): Promise<ReadonlyMap<ProfileId, ContactState>> {
    const found = new Map<ProfileId, ContactState>();
    for (const id of profileIds) {
      const person = this.population.find(id);
      const state = person && this.population.contactState(person, sinceDay);
      if (state !== undefined) found.set(id, state);
    }
    return Promise.resolve(found);
  }

  reserve(
    _tx: Tx,
    rows: readonly (ContactReservation & { readonly profileId: ProfileId })[],
  ): Promise<void> {
    for (const { profileId, ...row } of rows) {
      this.count(this.reservationOf(row.commandId), -1);
      this.ownerOf.set(row.commandId, profileId);
      this.population.of(profileId).reservations.set(row.commandId, row);
      this.count(row, 1);
    }
    return Promise.resolve();
  }

  move(
    _tx: Tx,
    rows: readonly {
      readonly commandId: string;
      readonly state: CapReservation['state'];
      readonly day: number;
    }[],
  ): Promise<void> {
    for (const { commandId, state, day } of rows) {
      const owner = this.ownerOf.get(commandId);
      const known = this.reservationOf(commandId);
      if (known === undefined || owner === undefined) continue;
      this.count(known, -1);
      const moved: ContactReservation = {
        ...known,
        state,
        day: state === 'released' ? known.day : day,
        expiresAtMs: state === 'reserved' ? Number.MAX_SAFE_INTEGER : known.expiresAtMs,
      };
      this.population.of(owner).reservations.set(commandId, moved);
      this.count(moved, 1);
    }
    return Promise.resolve();
  }

  actionUsage(
    _tx: Tx,
    actions: readonly string[],
    sinceDay: number,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
    const found = actions.map((action) => {
      const days = [...(this.usage.get(action) ?? [])].filter(([day]) => day >= sinceDay);
      return [action, new Map(days)] as const;
    });
    return Promise.resolve(new Map(found));
  }

  private reservationOf(commandId: string): ContactReservation | undefined {
    const owner = this.ownerOf.get(commandId);
    return owner === undefined
      ? undefined
      : this.population.find(owner)?.reservations.get(commandId);
  }

  private count(row: ContactReservation | undefined, by: 1 | -1): void {
    if (row === undefined || row.state === 'released') return;
    const days = this.usage.get(row.action) ?? new Map<number, number>();
    this.usage.set(row.action, days.set(row.day, (days.get(row.day) ?? 0) + by));
  }
}

/** Deliveries on their way; what came of one is told as a fact and forgotten. */
export class SimulatedDeliveries implements DeliveryStore {
  private readonly rows = new Map<string, Delivery>();
  private readonly idsOf = new Map<string, Set<string>>();
  private readonly agenda = new Agenda<string>();

  /** `onPutOff` is told of sends that the gate puts off. */
  constructor(private readonly onPutOff: (delivery: Delivery) => void) {}

  /** Instant of the next send; null where nothing waits. */
  get nextMs(): EpochMs | null {
    return this.agenda.nextMs;
  }

  insert(_tx: Tx, rows: readonly Delivery[]): Promise<void> {
    for (const row of rows) this.put(row);
    return Promise.resolve();
  }

  due(
    _tx: Tx,
    at: { readonly nowMs: EpochMs; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    const due = new Map<string, Delivery>();
    while (due.size < at.limit && (this.agenda.nextMs ?? Infinity) <= at.nowMs) {
      const row = this.rows.get(this.agenda.take()?.about ?? '');
      if (row !== undefined && isWaiting(row) && row.sendAtMs <= at.nowMs) due.set(row.id, row);
    }
    return Promise.resolve([...due.values()]);
  }

  nextDueMs(): Promise<EpochMs | null> {
    return Promise.resolve(this.nextMs);
  }

  update(_tx: Tx, rows: readonly Delivery[]): Promise<void> {
    for (const row of rows) {
      const before = this.rows.get(row.id);
      if (row.state !== 'intended' && row.state !== 'sending') this.drop(row);
      else this.put(row);
      const isMoved = before !== undefined && before.sendAtMs !== row.sendAtMs;
      if (row.state === 'intended' && isMoved) this.onPutOff(row);
    }
    return Promise.resolve();
  }

  /** Told as facts. */
  withhold(): Promise<void> {
    return Promise.resolve();
  }

  intendedOf(
    _tx: Tx,
    of: Parameters<DeliveryStore['intendedOf']>[1],
  ): Promise<readonly Delivery[]> {
    const ofEnrolments = of.enrolmentIds.flatMap((id) => [...(this.idsOf.get(id) ?? [])]);
    const ids = [...ofEnrolments, ...of.commandIds.map((id) => hashUuid('delivery', id))];
    const rows = ids.flatMap((id) => this.rows.get(id) ?? []);
    return Promise.resolve(rows.filter(({ state }) => state === 'intended'));
  }

  /** Nobody pauses anything in a simulation. */
  heldOf(): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set());
  }

  byIds(_tx: Tx, ids: readonly string[]): Promise<readonly Delivery[]> {
    return Promise.resolve(ids.flatMap((id) => this.rows.get(id) ?? []));
  }

  /** No worker of a simulation dies. */
  orphaned(): Promise<readonly Delivery[]> {
    return Promise.resolve([]);
  }

  private put(row: Delivery): void {
    this.rows.set(row.id, row);
    if (isWaiting(row)) this.agenda.add({ atMs: row.sendAtMs, about: row.id });
    if (row.enrolmentId === null) return;
    const ids = this.idsOf.get(row.enrolmentId) ?? new Set<string>();
    this.idsOf.set(row.enrolmentId, ids.add(row.id));
  }

  private drop({ id, enrolmentId }: Delivery): void {
    this.rows.delete(id);
    const ids = this.idsOf.get(enrolmentId ?? '');
    ids?.delete(id);
    if (ids?.size === 0) this.idsOf.delete(enrolmentId ?? '');
  }
}

function isWaiting({ state, claimedBy }: Delivery): boolean {
  return state === 'intended' && claimedBy === null;
}

/** Decisions of a simulation: told as facts; kept is only whose place a delivery takes. */
export class SimulatedDecisions implements DecisionStore {
  private readonly commands = new Map<string, string>();

  constructor(private readonly snapshot: ModelSnapshot) {}

  byCommand(): Promise<ReadonlyMap<string, DecisionRecord>> {
    return Promise.resolve(new Map());
  }

  commandsOf(_tx: Tx, decisionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = decisionIds.flatMap((id) => {
      const command = this.commands.get(id);
      return command === undefined ? [] : [[id, command] as const];
    });
    return Promise.resolve(new Map(found));
  }

  insert(_tx: Tx, decisions: readonly StoredDecision[]): Promise<void> {
    for (const { record, commandId } of decisions) this.commands.set(record.decisionId, commandId);
    return Promise.resolve();
  }

  model(): Promise<ModelSnapshot> {
    return Promise.resolve(this.snapshot);
  }
}
