import { canonicalJson, type Clock, type EpochMs, type JsonObject } from '#libs/kernel';
import type { Fact, ProfileChange, RawEvent } from '#libs/contracts';
import { contactPointsOf, EMPTY_DOCUMENT, identityKey, type RfmCuts } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import { AccountBench } from './accounts.js';
import { Bench } from './bench.js';
import {
  compose,
  documentOf,
  dueAtMs,
  gather,
  judge,
  needsBuckets,
  needsClaims,
  workOf,
  type Composed,
  type KeptBucket,
  type KeptClaim,
  type Work,
} from './compose.js';
import {
  accountFact,
  consentFact,
  eventChange,
  eventFact,
  plainChange,
  profileFact,
  segmentEvent,
  traitChanges,
} from './describe.js';
import { probeOf, readIncoming, type Incoming, type Rejection } from './incoming.js';
import type {
  AccountStore,
  EventRow,
  ProfileChanges,
  ProfileRow,
  ProfileStore,
  RefusedMerge,
  SegmentMove,
  TombstoneRow,
} from './ports.js';
import type { ProfileSettings, ProfileSettingsSource, Pseudonyms } from './settings.js';

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
}

/** What became of the messages of a batch. */
export interface IngestReport {
  readonly fresh: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
}

/** Why people are looked at again without an event. */
export type RefreshCause = 'time' | 'mastership' | 'segments';

/** Everything in the making while one transaction runs. */
interface Session {
  readonly tx: Tx;
  readonly settings: ProfileSettings;
  readonly bench: Bench;
  readonly accounts: AccountBench;
  readonly nowMs: EpochMs;
  readonly today: number;
  readonly works: Map<string, Work>;
  readonly out: Output;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type Output = {
  [Key in keyof ProfileChanges]: Mutable<ProfileChanges[Key][number]>[];
};

function emptyOutput(): Output {
  return {
    created: [],
    updated: [],
    rescheduled: [],
    tombstones: [],
    merges: [],
    refusedMerges: [],
    attached: [],
    seen: [],
    events: [],
    claims: [],
    buckets: [],
    consents: [],
    memberships: [],
    segmentMoves: [],
    contactPoints: [],
    changes: [],
    facts: [],
  };
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
    const session = this.open(tx);
    const rejected: Rejection[] = [];
    const incoming: Incoming[] = [];
    events.forEach((event, index) => {
      const read = readIncoming(event, index, session.settings);
      if ('code' in read) rejected.push(read);
      else incoming.push(read);
    });
    const fresh = await this.freshOf(session, incoming, rejected);
    if (fresh.length > 0) {
      await this.resolve(session, fresh, rejected);
      await this.finish(session, null);
    }
    const placed = new Set(rejected.map(({ index }) => index));
    const count = fresh.filter(({ index }) => !placed.has(index)).length;
    return { fresh: count, duplicates: events.length - rejected.length - count, rejected };
  }

  /** Looks at people again without an event; answers how many versions came of it. */
  async refresh(tx: Tx, profileIds: readonly string[], cause: RefreshCause): Promise<number> {
    const session = this.open(tx);
    await session.bench.lock(tx, profileIds);
    for (const [profileId, stored] of session.bench.stored) {
      const known = session.bench.graph.profiles.get(profileId);
      if (known !== undefined) session.works.set(profileId, workOf(known, stored));
    }
    await this.finish(session, cause);
    return session.out.updated.length;
  }

  private open(tx: Tx): Session {
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
      works: new Map(),
      out: emptyOutput(),
    };
  }

  private async freshOf(
    session: Session,
    incoming: readonly Incoming[],
    rejected: Rejection[],
  ): Promise<readonly Incoming[]> {
    const stored = await this.ports.store.storedEvents(session.tx, incoming.map(probeOf));
    const said = new Map(stored);
    const fresh: Incoming[] = [];
    for (const one of incoming) {
      const known = said.get(one.eventKey);
      if (known === undefined) {
        said.set(one.eventKey, one.bodyHash);
        fresh.push(one);
      } else if (known !== one.bodyHash) {
        const detail = 'another message came first under this id';
        rejected.push({ index: one.index, code: 'id_conflict', detail });
      }
    }
    return fresh;
  }

  private async resolve(
    session: Session,
    fresh: readonly Incoming[],
    rejected: Rejection[],
  ): Promise<void> {
    const { bench, tx, out, nowMs } = session;
    await bench.open(tx, fresh);
    const bots: Incoming[] = [];
    for (const incoming of fresh) {
      if (incoming.event.isBot === true) {
        bots.push(incoming);
      } else if (bench.place(incoming) === undefined) {
        const detail = 'the profile of an engine event is not there';
        rejected.push({ index: incoming.index, code: 'unknown_profile', detail });
      }
    }
    for (const incoming of bots) out.events.push(rowOf(incoming, bench.nodeOfKnown(incoming)));
    await session.accounts.open(tx, bench.placed, nowMs);
    for (const placed of bench.placed) {
      const known = bench.profileOf(placed);
      let work = session.works.get(known.profileId);
      if (work === undefined) {
        work = workOf(known, bench.stored.get(known.profileId));
        session.works.set(known.profileId, work);
      }
      gather(work, placed, session.settings);
      const membership = session.accounts.membershipOf(placed);
      if (membership !== undefined) {
        work.memberships.push({ ...membership, nodeId: placed.nodeId });
      }
      out.refusedMerges.push(...refusedOf(placed, nowMs));
    }
    this.absorb(session);
  }

  private absorb({ bench, works, out, nowMs }: Session): void {
    for (const merge of bench.graph.merges) {
      out.merges.push({ ...merge, atMs: nowMs });
      const absorbed = bench.stored.get(merge.from);
      const survivor = bench.graph.profileOf(merge.from);
      const work = survivor === undefined ? undefined : works.get(survivor.profileId);
      if (absorbed !== undefined) work?.absorbed.push(absorbed);
    }
  }

  private async finish(session: Session, cause: RefreshCause | null): Promise<void> {
    const { tx, out, accounts } = session;
    const composed = await this.composeAll(session, cause);
    const accountIds = new Set<string>();
    for (const { accountId } of composed.values())
      if (accountId !== null) accountIds.add(accountId);
    const views = await accounts.views(tx, [...accountIds]);
    const touched = new Set<string>(accounts.changed.keys());
    for (const [work, result] of composed) {
      this.settle(session, work, { result, views, cause, touched });
    }
    this.identities(session);
    this.tombstones(session);
    await this.ports.store.save(tx, out);
    await this.accountsOf(session, touched);
    // A merge is told before the events of its transaction.
    const isMerge = (change: ProfileChange) => change.mergedFrom !== undefined;
    const merges = out.changes.filter(isMerge);
    const others = out.changes.filter((change) => !isMerge(change));
    await this.ports.writeChanges(tx, [...merges, ...others]);
    await this.ports.writeFacts(tx, out.facts);
  }

  private async composeAll(
    session: Session,
    cause: RefreshCause | null,
  ): Promise<ReadonlyMap<Work, Composed>> {
    const { tx, works, today, settings, nowMs } = session;
    const all = cause === 'mastership';
    const claimNodes = new Set<string>();
    const bucketNodes = new Set<string>();
    for (const work of works.values()) {
      // A node made in this batch has nothing to load.
      const nodes = work.known.nodeIds.filter((nodeId) => isStoredNode(work, nodeId));
      if (all || needsClaims(work)) for (const nodeId of nodes) claimNodes.add(nodeId);
      if (all || needsBuckets(work, today)) for (const nodeId of nodes) bucketNodes.add(nodeId);
    }
    const claims = byNode(await this.loadClaims(tx, claimNodes));
    const buckets = byNode(await this.loadBuckets(tx, bucketNodes));
    const composed = new Map<Work, Composed>();
    for (const work of works.values()) {
      const kept = { claims: pick(claims, work), buckets: pick(buckets, work) };
      composed.set(work, compose(work, kept, { settings, nowMs, today, isWhole: all }));
    }
    return composed;
  }

  private async loadClaims(tx: Tx, nodes: ReadonlySet<string>): Promise<readonly KeptClaim[]> {
    return nodes.size === 0 ? [] : await this.ports.store.claims(tx, [...nodes]);
  }

  private async loadBuckets(tx: Tx, nodes: ReadonlySet<string>): Promise<readonly KeptBucket[]> {
    return nodes.size === 0 ? [] : await this.ports.store.buckets(tx, [...nodes]);
  }

  private settle(session: Session, work: Work, given: Settling): void {
    const { settings, nowMs, today, out } = session;
    const { result, cause } = given;
    const { profileId } = work.known;
    const account = result.accountId === null ? null : (given.views.get(result.accountId) ?? null);
    const judged = judge(work, result, { settings, nowMs, today, account });
    const isSilent = cause === 'segments';
    const isSample =
      work.stored?.isSample === true ||
      work.events.some(({ incoming }) => incoming.event.sample === true);
    const isVisible =
      work.stored === undefined || judged.changed.length > 0 || work.absorbed.length > 0;
    const version = (work.stored?.version ?? 0) + (isVisible ? 1 : 0);
    const row: ProfileRow = {
      profileId,
      version,
      groupUnit: work.known.groupUnit,
      accountId: result.accountId,
      firstSeenMs: work.known.firstSeenMs,
      updatedAtMs: isVisible ? nowMs : (work.stored?.updatedAtMs ?? nowMs),
      mergeCount: work.known.mergeCount,
      isSample,
      document: judged.document,
      memberships: result.memberships,
      hasPurchased: result.hasPurchased,
      dueAtMs: dueAtMs(judged.document, settings),
    };
    this.store(session, work, row, isVisible);
    out.claims.push(...result.claims);
    out.buckets.push(...result.buckets);
    out.consents.push(...work.consents);
    out.memberships.push(...work.memberships);
    this.tell(session, work, { row, judged, isVisible, isSilent });
    this.touchAccounts(session, work, { row, judged, touched: given.touched });
  }

  private store({ out }: Session, work: Work, row: ProfileRow, isVisible: boolean): void {
    if (work.stored === undefined) out.created.push(row);
    else if (isVisible || differs(work, row)) out.updated.push(row);
    // A look without an event must settle the next one, or it would be due for ever.
    else if (work.events.length === 0) {
      out.rescheduled.push({ profileId: row.profileId, dueAtMs: row.dueAtMs });
    }
  }

  private tell(session: Session, work: Work, given: Telling): void {
    const { out, nowMs, settings } = session;
    const { row, judged, isVisible, isSilent } = given;
    const { profileId, version, accountId, isSample } = row;
    const about = { profileId, version, accountId, changed: judged.changed };
    const isHistorical =
      work.events.length > 0 && work.events.every(({ incoming }) => incoming.isHistorical);
    const why = { nowMs, isHistorical, isSample };
    for (const { profileId: mergedFrom } of work.absorbed) {
      out.changes.push(plainChange(about, { ...why, mergedFrom }));
    }
    const { currency } = settings.rules;
    for (const { incoming, nodeId } of work.events) {
      const event = rowOf(incoming, nodeId);
      out.events.push(event);
      out.changes.push(eventChange(event, about));
      out.facts.push(eventFact(event, about, { nowMs, currency }));
    }
    if (work.events.length === 0 && isVisible && !isSilent) {
      out.changes.push(plainChange(about, why));
    }
    this.tellSegments(session, given, { about, why });
    for (const consent of work.consents) {
      out.facts.push(consentFact(consent, { profileId, nowMs, isSample }));
    }
    if (isVisible) this.tellState(session, work, row);
  }

  private tellSegments(
    { out, nowMs, settings }: Session,
    { row, judged, isSilent }: Telling,
    { about, why }: { about: Parameters<typeof eventChange>[1]; why: Why },
  ): void {
    const moves: SegmentMove[] = [
      ...judged.entered.map((segment) => ({ segment, isMember: true })),
      ...judged.left.map((segment) => ({ segment, isMember: false })),
    ].map((move) => ({ ...move, profileId: row.profileId, atMs: nowMs }));
    out.segmentMoves.push(...moves);
    if (isSilent) return;
    const { currency } = settings.rules;
    for (const move of moves) {
      const event = segmentEvent(move, about, why);
      out.events.push(event);
      out.changes.push(eventChange(event, about));
      out.facts.push(eventFact(event, about, { nowMs, currency }));
    }
  }

  private tellState(
    { out, nowMs, settings, accounts }: Session,
    work: Work,
    row: ProfileRow,
  ): void {
    const { pseudonyms, rfmCuts } = this.ports;
    const { rules } = settings;
    const before = documentOf(work);
    const owner = row.accountId === null ? '' : ownerOf(accounts, row.accountId);
    const changes = traitChanges(before, row.document, { rules, pseudonyms, nowMs });
    out.facts.push(
      profileFact(row, {
        nowMs,
        mergedInto: null,
        owner,
        changes,
        rules,
        pseudonyms,
        cuts: rfmCuts(),
      }),
    );
    const points = contactPointsOf(row.document.traits, rules);
    const known = contactPointsOf(before.traits, rules);
    const isSame = JSON.stringify(points) === JSON.stringify(known);
    if (!isSame || work.absorbed.length > 0) {
      out.contactPoints.push({ profileId: row.profileId, points });
    }
  }

  private identities({ bench, out }: Session): void {
    out.attached.push(...bench.graph.attached);
    const attached = new Set(bench.graph.attached);
    const before = new Map(
      [...bench.stored.values()].flatMap(({ identities }) =>
        identities.map((identity) => [identityKey(identity.ns, identity.value), identity] as const),
      ),
    );
    for (const profile of bench.graph.profiles.values()) {
      for (const [key, identity] of profile.identities) {
        const known = before.get(key);
        if (known === undefined || attached.has(identity)) continue;
        const isLater = identity.lastSeenMs - known.lastSeenMs >= SEEN_STEP_MS;
        const isEarlier = identity.firstSeenMs < known.firstSeenMs;
        if (isLater || isEarlier || identity.isVerified !== known.isVerified)
          out.seen.push(identity);
      }
    }
  }

  private tombstones({ bench, out, nowMs, settings }: Session): void {
    const { pseudonyms } = this.ports;
    for (const { from } of bench.graph.merges) {
      const stored = bench.stored.get(from);
      const survivor = bench.graph.profileOf(from);
      if (survivor === undefined) continue;
      const tombstone: TombstoneRow = {
        profileId: from,
        mergedInto: survivor.profileId,
        version: (stored?.version ?? 0) + 1,
        updatedAtMs: nowMs,
      };
      out.tombstones.push(tombstone);
      if (stored === undefined) {
        // Made and merged within this batch: nobody knew it, but its node keeps its data.
        out.created.push(strangerRow(from, nowMs));
        continue;
      }
      out.contactPoints.push({ profileId: from, points: [] });
      const row = { ...stored, ...tombstone, dueAtMs: null };
      out.facts.push(
        profileFact(row, {
          nowMs,
          mergedInto: survivor.profileId,
          owner: '',
          changes: [],
          rules: settings.rules,
          pseudonyms,
          cuts: null,
        }),
      );
    }
  }

  private touchAccounts(
    { settings }: Session,
    work: Work,
    { row, judged, touched }: Pick<Telling, 'row' | 'judged'> & { touched: Set<string> },
  ): void {
    const before = work.stored?.accountId ?? null;
    const sum = `aggregates.${revenueAggregate(settings)}`;
    const isSumChanged = judged.changed.includes(sum);
    if (row.accountId !== null && (isSumChanged || before !== row.accountId)) {
      touched.add(row.accountId);
    }
    if (before !== null && before !== row.accountId) touched.add(before);
    for (const { accountId } of work.absorbed) if (accountId !== null) touched.add(accountId);
  }

  private async accountsOf(session: Session, touched: ReadonlySet<string>): Promise<void> {
    if (touched.size === 0) return;
    const { tx, accounts, nowMs, settings, out } = session;
    const ids = [...touched].sort();
    const toldOf = [...accounts.changed.values()].filter(({ version }) => version > 1);
    for (const account of await this.ports.accounts.lock(tx, ids, nowMs)) {
      if (!accounts.changed.has(account.accountId)) accounts.known.set(account.accountId, account);
    }
    accounts.touch(ids, nowMs);
    await accounts.save(tx);
    const sums = await this.ports.accounts.summaries(tx, ids, revenueAggregate(settings));
    for (const account of accounts.changed.values()) {
      const { people, amount } = sums.get(account.accountId) ?? { people: 0, amount: '0.00' };
      const { currency } = settings.rules;
      out.facts.push(accountFact(account, { nowMs, people, amount, currency }));
    }
    const told = toldOf.map(({ accountId }) => accountId);
    await this.ports.accounts.wakeMembers(tx, told, nowMs);
  }
}

// An id's last sighting is kept to the hour, or every event would rewrite its row.
const SEEN_STEP_MS = 3_600_000;

interface Settling {
  readonly result: Composed;
  readonly views: ReadonlyMap<string, JsonObject>;
  readonly cause: RefreshCause | null;
  readonly touched: Set<string>;
}

interface Telling {
  readonly row: ProfileRow;
  readonly judged: ReturnType<typeof judge>;
  readonly isVisible: boolean;
  readonly isSilent: boolean;
}

type Why = Parameters<typeof segmentEvent>[2];

function rowOf(incoming: Incoming, nodeId: string | null): EventRow {
  const { eventKey, bodyHash, event, isHistorical } = incoming;
  return { eventKey, bodyHash, nodeId, event, isHistorical };
}

function strangerRow(profileId: string, nowMs: EpochMs): ProfileRow {
  return {
    profileId,
    version: 1,
    groupUnit: profileId,
    accountId: null,
    firstSeenMs: nowMs,
    updatedAtMs: nowMs,
    mergeCount: 0,
    isSample: false,
    document: EMPTY_DOCUMENT,
    memberships: [],
    hasPurchased: false,
    dueAtMs: null,
  };
}

function refusedOf(placed: Bench['placed'][number], nowMs: EpochMs): RefusedMerge[] {
  return placed.refused.flatMap(({ ns, reason, profileId, otherId }) =>
    profileId === undefined || otherId === undefined
      ? []
      : [{ profileId, otherId, ns, reason, atMs: nowMs }],
  );
}

function isStoredNode(work: Work, nodeId: string): boolean {
  if (work.stored?.nodeIds.includes(nodeId) === true) return true;
  return work.absorbed.some((profile) => profile.nodeIds.includes(nodeId));
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

/** Whether anything that is kept differs, though no scenario could see it. */
function differs({ stored }: Work, row: ProfileRow): boolean {
  if (stored === undefined) return true;
  return (
    stored.firstSeenMs !== row.firstSeenMs ||
    stored.groupUnit !== row.groupUnit ||
    stored.hasPurchased !== row.hasPurchased ||
    stored.isSample !== row.isSample ||
    canonicalJson(stored.memberships) !== canonicalJson(row.memberships) ||
    canonicalJson(stored.document) !== canonicalJson(row.document)
  );
}

function ownerOf(accounts: AccountBench, accountId: string): string {
  return String(accounts.known.get(accountId)?.traits['owner']?.value ?? '').toLowerCase();
}

/** The aggregate an account's revenue is summed from. */
function revenueAggregate({ metrics }: ProfileSettings): string {
  const names = metrics.aggregates.map(({ name }) => name);
  return names.find((name) => name === 'revenue_365d') ?? 'rfm_value';
}
