import type { Clock, EpochMs } from '#libs/kernel';
import type { Fact, ProfileChange, RawEvent } from '#libs/contracts';
import type { RfmCuts } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import { AccountBench } from './accounts.js';
import { Bench, type Placed } from './bench.js';
import {
  compose,
  gather,
  needsBuckets,
  needsClaims,
  recount,
  recountsOf,
  workOf,
  type Composed,
  type Work,
} from './compose.js';
import { accountFact } from './describe.js';
import { probeOf, readIncoming, type Incoming, type Rejection } from './incoming.js';
import { erasedHash } from './erasure.js';
import type {
  AccountStore,
  IdKey,
  ProfileStore,
  RefusedMerge,
  StoredTombstone,
  UnmergeStore,
} from './ports.js';
import { regrantsOf, type Regrant } from './regrants.js';
import { emptyOutput, rowOf, type RefreshCause, type Session } from './session.js';
import type { ProfileSettingsSource, Pseudonyms } from './settings.js';
import { keep, revenueAggregate, settle, touchAccounts } from './settle.js';
import { Teller } from './teller.js';

/** What applying messages needs. */
export interface IngestPorts {
  readonly store: ProfileStore;
  readonly accounts: AccountStore;
  readonly settings: ProfileSettingsSource;
  readonly pseudonyms: Pseudonyms;
  readonly clock: Clock;
  /** Cuts of the RFM scores in force; null before the first. */
  readonly rfmCuts: () => RfmCuts | null;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly writeChanges: (tx: Tx, changes: readonly ProfileChange[]) => Promise<void>;
  /** Lifts what an unsubscription set before somebody agreed again; answers the facts. */
  readonly liftRefusals: (tx: Tx, regrants: readonly Regrant[]) => Promise<readonly Fact[]>;
}

/** What became of the messages of a batch. */
export interface IngestReport {
  readonly fresh: number;
  readonly duplicates: number;
  /** About somebody erased since: dropped without a trace, as they asked. */
  readonly suppressed: number;
  readonly rejected: readonly Rejection[];
}

/**
 * Applies messages to profiles inside one transaction: dedupes, resolves identity, folds claims,
 * aggregates, consents and memberships, evaluates segments, and tells what changed. Every fold is
 * commutative, so batches of any cut and order end in the same profiles.
 */
export class ProfileIngest {
  constructor(private readonly ports: IngestPorts) {}

  /** Applies messages. Rejections are told, not thrown; the rest is applied. */
  async apply(tx: Tx, events: readonly RawEvent[]): Promise<IngestReport> {
    const session = this.open(tx, null);
    const rejected: Rejection[] = [];
    const incoming: Incoming[] = [];
    events.forEach((event, index) => {
      const read = readIncoming(event, index, session.settings);
      if ('code' in read) rejected.push(read);
      else incoming.push(read);
    });
    const unknown = await this.freshOf(session, incoming, rejected);
    const permitted = await this.withoutErased(session, unknown);
    const fresh = permitted.filter((one) => !refusesConsent(one, rejected));
    if (fresh.length > 0) {
      await this.resolve(session, fresh, rejected);
      await this.finish(session);
    }
    const refused = new Set(rejected.map(({ index }) => index));
    const count = fresh.filter(({ index }) => !refused.has(index)).length;
    const suppressed = unknown.length - permitted.length;
    const duplicates = events.length - refused.size - count - suppressed;
    return { fresh: count, duplicates, suppressed, rejected };
  }

  /** Looks at people again without an event; answers how many versions came of it. */
  async refresh(tx: Tx, profileIds: readonly string[], cause: RefreshCause): Promise<number> {
    const session = this.open(tx, cause);
    await session.bench.lock(tx, profileIds);
    for (const [profileId, stored] of session.bench.stored) {
      const known = session.bench.graph.profiles.get(profileId);
      if (known !== undefined) session.works.set(profileId, workOf(known, stored));
    }
    await this.finish(session);
    return session.out.updated.length;
  }

  /** Looks at profiles anew by what their nodes keep: after a merge was undone. */
  async rebuild(tx: Tx, profileIds: readonly string[], unmerge: UnmergeStore): Promise<void> {
    const session = this.open(tx, 'unmerge');
    await session.bench.lock(tx, profileIds);
    for (const [profileId, stored] of session.bench.stored) {
      const known = session.bench.graph.profiles.get(profileId);
      if (known === undefined) continue;
      const base = await unmerge.baseOf(tx, stored.nodeIds);
      known.firstSeenMs = base.firstSeenMs;
      known.mergeCount = base.mergeCount;
      const hasUnit = stored.nodeIds.includes(stored.groupUnit);
      known.groupUnit = hasUnit ? stored.groupUnit : base.earliestNodeId;
      const { statements, memberships, hasPurchased } = base;
      const document = { ...stored.document, statements };
      session.works.set(
        profileId,
        workOf(known, { ...stored, document, memberships, hasPurchased }),
      );
    }
    await this.finish(session);
  }

  private open(tx: Tx, cause: RefreshCause | null): Session {
    const { store, accounts, pseudonyms, clock } = this.ports;
    const settings = this.ports.settings.current();
    const nowMs = clock.nowMs();
    return {
      tx,
      settings,
      bench: new Bench(store, pseudonyms, settings),
      accounts: new AccountBench(accounts, pseudonyms, settings.rules),
      nowMs,
      today: settings.calendar.localDay(nowMs),
      cause,
      rfmCuts: this.ports.rfmCuts(),
      works: new Map(),
      out: emptyOutput(),
    };
  }

  private async freshOf(
    session: Session,
    incoming: readonly Incoming[],
    rejected: Rejection[],
  ): Promise<readonly Incoming[]> {
    const said = new Map(await this.ports.store.storedEvents(session.tx, incoming.map(probeOf)));
    const fresh: Incoming[] = [];
    for (const one of incoming) {
      const known = said.get(one.eventKey);
      if (known === undefined) {
        said.set(one.eventKey, one.bodyHash);
        fresh.push(one);
      } else if (known !== one.bodyHash) {
        // Another message came first under this id.
        rejected.push({ index: one.index, code: 'id_conflict', detail: 'messageId' });
      }
    }
    return fresh;
  }

  /** What happened to somebody before they were erased does not come back. */
  private async withoutErased(
    { tx }: Session,
    incoming: readonly Incoming[],
  ): Promise<readonly Incoming[]> {
    const { store, pseudonyms } = this.ports;
    if (incoming.length === 0 || !(await store.hasErased(tx))) return incoming;
    const hashOf = ({ ns, value }: IdKey): string => erasedHash(pseudonyms, { ns, value });
    const hashes = new Set(incoming.flatMap(({ ids }) => ids.map(hashOf)));
    const erased = await store.erasedIds(tx, [...hashes]);
    if (erased.size === 0) return incoming;
    return incoming.filter(({ event, ids }) =>
      ids.every((id) => {
        const atMs = erased.get(hashOf(id));
        // Without a date of its own a message may be as old as any.
        return atMs === undefined || (event.hasTimestamp && event.atMs > atMs);
      }),
    );
  }

  private async resolve(
    session: Session,
    fresh: readonly Incoming[],
    rejected: Rejection[],
  ): Promise<void> {
    const { bench, tx, out, nowMs } = session;
    await bench.open(tx, fresh);
    for (const incoming of fresh) {
      if (incoming.event.isBot === true || bench.place(incoming) !== undefined) continue;
      rejected.push({ index: incoming.index, code: 'unknown_profile', detail: 'profileId' });
    }
    for (const incoming of fresh) {
      if (incoming.event.isBot !== true) continue;
      out.events.push(rowOf(incoming, bench.nodeOfKnown(incoming)));
    }
    await session.accounts.open(tx, bench.placed, nowMs);
    for (const placed of bench.placed) this.assign(session, placed);
    absorb(session);
  }

  private assign(session: Session, placed: Placed): void {
    const { bench, works, accounts, settings, out, nowMs } = session;
    const known = bench.profileOf(placed);
    let work = works.get(known.profileId);
    if (work === undefined) {
      work = workOf(known, bench.stored.get(known.profileId));
      works.set(known.profileId, work);
    }
    gather(work, placed, settings);
    const membership = accounts.membershipOf(placed);
    if (membership !== undefined) work.memberships.push({ ...membership, nodeId: placed.nodeId });
    out.refusedMerges.push(...refusedOf(placed, nowMs));
  }

  private async finish(session: Session): Promise<void> {
    const { tx, out, accounts } = session;
    const composed = await this.composeAll(session);
    const accountIds = new Set<string>();
    for (const { accountId } of composed.values())
      if (accountId !== null) accountIds.add(accountId);
    const views = await accounts.views(tx, [...accountIds]);
    const touched = new Set<string>(accounts.changed.keys());
    const teller = new Teller(this.ports, session);
    const regrants: Regrant[] = [];
    for (const [work, result] of composed) {
      const settled = settle(session, work, { result, views });
      keep(session, settled, result);
      teller.tell(settled);
      regrants.push(...regrantsOf(settled, { ...session, pseudonyms: this.ports.pseudonyms }));
      touchAccounts(session, settled, touched);
    }
    teller.noteIdentities();
    teller.tellTombstones();
    teller.tellMoved(await this.followers(session));
    await this.ports.store.save(tx, out);
    if (regrants.length > 0) out.facts.push(...(await this.ports.liftRefusals(tx, regrants)));
    await this.saveAccounts(session, touched);
    // A merge is told before the events of its transaction.
    const isMerge = (change: ProfileChange) => change.mergedFrom !== undefined;
    const merges = out.changes.filter(isMerge);
    const others = out.changes.filter((change) => !isMerge(change));
    await this.ports.writeChanges(tx, [...merges, ...others]);
    await this.ports.writeFacts(tx, out.facts);
  }

  /** Whoever was merged before into somebody whom a merge, or taking one back, moves now. */
  private async followers({ tx, bench, cause }: Session): Promise<readonly StoredTombstone[]> {
    const moved =
      cause === 'unmerge' ? [...bench.stored.keys()] : bench.graph.merges.map(({ from }) => from);
    const ids = moved.flatMap((id) => {
      const nodeIds = bench.stored.get(id)?.nodeIds ?? [];
      return nodeIds.filter((nodeId) => nodeId !== id);
    });
    return ids.length === 0 ? [] : await this.ports.store.tombstones(tx, ids);
  }

  private async composeAll(session: Session): Promise<ReadonlyMap<Work, Composed>> {
    const { tx, works, today, settings, nowMs, cause } = session;
    // What was published may have changed any rule.
    const isWhole = cause !== null && cause !== 'time' && cause !== 'rfm';
    await this.recountAll(session);
    const claimNodes: string[] = [];
    const bucketNodes: string[] = [];
    for (const work of works.values()) {
      const nodes = storedNodes(work);
      if (isWhole || needsClaims(work)) claimNodes.push(...nodes);
      const counts = isWhole || recountsOf(work, settings).length > 0;
      if (counts || needsBuckets(work, today)) bucketNodes.push(...nodes);
    }
    const { store } = this.ports;
    const claims = byNode(claimNodes.length === 0 ? [] : await store.claims(tx, claimNodes));
    const buckets = byNode(bucketNodes.length === 0 ? [] : await store.buckets(tx, bucketNodes));
    const composed = new Map<Work, Composed>();
    for (const work of works.values()) {
      const kept = { claims: pick(claims, work), buckets: pick(buckets, work) };
      composed.set(work, compose(work, kept, { settings, nowMs, today, isWhole }));
    }
    return composed;
  }

  /** A rule newer than a profile's buckets: its stored events are counted for it, once. */
  private async recountAll({ tx, works, settings }: Session): Promise<void> {
    const nodeIds = new Set<string>();
    const names = new Set<string>();
    for (const work of works.values()) {
      for (const missing of recountsOf(work, settings)) {
        for (const nodeId of missing.nodeIds) nodeIds.add(nodeId);
        for (const name of missing.metrics.byEvent.keys()) names.add(name);
      }
    }
    if (nodeIds.size === 0) return;
    const found = await this.ports.store.eventsOf(tx, [...nodeIds], [...names]);
    const events = byNode(found);
    for (const work of works.values()) recount(work, events, settings);
  }

  private async saveAccounts(session: Session, touched: ReadonlySet<string>): Promise<void> {
    if (touched.size === 0) return;
    const { tx, accounts, nowMs, settings, out } = session;
    const ids = [...touched].sort();
    // Members made in this batch have seen their account already; older ones must look again.
    const told = [...accounts.changed.values()].filter(({ version }) => version > 1);
    for (const account of await this.ports.accounts.lock(tx, ids, nowMs)) accounts.learn(account);
    accounts.touch(ids, nowMs);
    await accounts.save(tx);
    const sums = await this.ports.accounts.summaries(tx, ids, revenueAggregate(settings));
    for (const account of accounts.changed.values()) {
      const { people, amount } = sums.get(account.accountId) ?? { people: 0, amount: '0.00' };
      const { currency } = settings.rules;
      out.facts.push(accountFact(account, { nowMs, people, amount, currency }));
    }
    const toldIds = told.map(({ accountId }) => accountId);
    await this.ports.accounts.wakeMembers(tx, toldIds, nowMs);
  }
}

function refusesConsent({ index, unreadable }: Incoming, rejected: Rejection[]): boolean {
  if (unreadable.length === 0) return false;
  const detail = unreadable.map((name) => `properties.${name}`).join(', ');
  rejected.push({ index, code: 'invalid_consent', detail });
  return true;
}

function absorb({ bench, works, out, nowMs }: Session): void {
  for (const merge of bench.graph.merges) {
    out.merges.push({ ...merge, atMs: nowMs });
    const absorbed = bench.stored.get(merge.from);
    const survivor = bench.graph.profileOf(merge.from);
    const work = survivor === undefined ? undefined : works.get(survivor.profileId);
    if (absorbed !== undefined) work?.absorbed.push(absorbed);
  }
}

function refusedOf(placed: Placed, nowMs: EpochMs): RefusedMerge[] {
  return placed.refused.flatMap(({ ns, reason, profileId, otherId }) =>
    profileId === undefined || otherId === undefined
      ? []
      : [{ profileId, otherId, ns, reason, atMs: nowMs }],
  );
}

/** Nodes that have anything stored: not those made in this batch. */
function storedNodes(work: Work): readonly string[] {
  return [work.stored, ...work.absorbed].flatMap((profile) => profile?.nodeIds ?? []);
}

function byNode<Row extends { readonly nodeId: string }>(rows: readonly Row[]) {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const known = found.get(row.nodeId);
    if (known === undefined) found.set(row.nodeId, [row]);
    else known.push(row);
  }
  return found;
}

function pick<Row>(rows: ReadonlyMap<string, Row[]>, work: Work): Row[] {
  return work.known.nodeIds.flatMap((nodeId) => rows.get(nodeId) ?? []);
}
