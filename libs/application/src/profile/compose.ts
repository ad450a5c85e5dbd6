import type { EpochMs } from '#libs/kernel';
import {
  addBucket,
  aggregateValues,
  bucketOf,
  consentStatuses,
  contributionsOf,
  EMPTY_DOCUMENT,
  foldStatements,
  missingMetrics,
  isNewer,
  isTrusted,
  lastWords,
  readTraits,
  survive,
  traitsOf,
  type Bucket,
  type Claim,
  type Contribution,
  type KnownProfile,
  type MetricSet,
  type ProfileDocument,
} from '#libs/profile';
import type { Placed } from './bench.js';
import type { ConsentKey, CountedEvent, Membership, StoredProfile } from './ports.js';
import type { ConsentStatement } from '#libs/policy';
import type { ProfileSettings } from './settings.js';

/** A claim with the node that keeps it. */
export type KeptClaim = Claim & { readonly nodeId: string };
/** A bucket with the node that keeps it. */
export type KeptBucket = Bucket & { readonly nodeId: string };

/** What an event adds, with the node and the local day it is kept under. */
export type KeptContribution = Contribution & { readonly nodeId: string; readonly day: number };

/** One profile of a batch: what was known, what came, and what it amounts to. */
export interface Work {
  readonly known: KnownProfile;
  /** As locked; undefined for a profile made in this batch. */
  readonly stored: StoredProfile | undefined;
  /** Profiles that became part of it in this batch, as locked. */
  readonly absorbed: StoredProfile[];
  readonly events: Placed[];
  readonly claims: KeptClaim[];
  readonly contributions: KeptContribution[];
  /** Of stored events, for metrics that were not counted when they came. */
  readonly recounted: KeptContribution[];
  readonly consents: (ConsentStatement & ConsentKey)[];
  readonly memberships: (Membership & { readonly nodeId: string })[];
}

/** An empty work for a profile. */
export function workOf(known: KnownProfile, stored: StoredProfile | undefined): Work {
  const empty = { claims: [], contributions: [], recounted: [], consents: [], memberships: [] };
  return { known, stored, absorbed: [], events: [], ...empty };
}

/** Reads what one event says of its profile into the work. */
export function gather(work: Work, placed: Placed, settings: ProfileSettings): void {
  const { incoming, nodeId } = placed;
  const { event, eventKey, consent } = incoming;
  work.events.push(placed);
  const { source, atMs, name, properties } = event;
  const traits = impliedTraits(placed, settings);
  if (traits !== undefined) {
    const verified = verifiedTraits(placed, settings);
    const statement = { traits, source, atMs, eventKey, verified };
    for (const claim of readTraits(statement, settings.rules, settings.normalisePhone).claims) {
      work.claims.push({ ...claim, nodeId });
    }
  }
  const view = { name, source, atMs, properties, eventKey };
  for (const found of contributionsOf(view, settings.metrics, settings.rules.currency)) {
    work.contributions.push({ ...found, nodeId, day: settings.calendar.localDay(atMs) });
  }
  if (consent !== null) work.consents.push({ ...consent, eventKey, nodeId });
}

const CONTACT_IDS: Readonly<Record<string, string>> = { email: 'email', phone: 'phone' };

const OBSERVATIONS: ReadonlySet<string> = new Set(['track', 'page', 'screen', 'engine']);

/** An address given as an id is a statement of the trait, too; one that a web page repeats is not. */
function impliedTraits(
  { incoming }: Placed,
  { rules }: ProfileSettings,
): Readonly<Record<string, unknown>> | undefined {
  const { traits, source } = incoming.event;
  if (OBSERVATIONS.has(incoming.event.type) && !isTrusted(rules, source)) return traits;
  const implied: Record<string, unknown> = {};
  for (const { ns, value } of incoming.ids) {
    const type = CONTACT_IDS[ns];
    if (type === undefined) continue;
    const trait = Object.entries(rules.traits).find(([, rule]) => rule.type === type)?.[0];
    if (trait !== undefined && traits?.[trait] === undefined) implied[trait] = value;
  }
  if (Object.keys(implied).length === 0) return traits;
  return { ...implied, ...traits };
}

/** Traits that hold an address which the source vouches for. */
function verifiedTraits({ incoming }: Placed, { rules }: ProfileSettings): ReadonlySet<string> {
  const verified = new Set<string>(incoming.event.verified ?? []);
  for (const [trait, rule] of Object.entries(rules.traits)) {
    if (rule.type === 'email' && verified.has('email')) verified.add(trait);
    if (rule.type === 'phone' && verified.has('phone')) verified.add(trait);
  }
  return verified;
}

/** What is kept under nodes, as loaded for the profiles that need it. */
export interface Kept {
  readonly claims: readonly KeptClaim[];
  readonly buckets: readonly KeptBucket[];
}

/** What a profile amounts to, and the rows that changed under its nodes. */
export interface Composed {
  readonly document: ProfileDocument;
  readonly claims: readonly KeptClaim[];
  /** When each trait was last spoken of; empty where no trait can have changed. */
  readonly lastWords: ReadonlyMap<string, EpochMs>;
  readonly buckets: readonly KeptBucket[];
  readonly memberships: readonly Membership[];
  readonly accountId: string | null;
  readonly hasPurchased: boolean;
}

/** Whether a profile's claims must be read to know its traits. */
export function needsClaims(work: Work): boolean {
  return work.claims.length > 0 || work.absorbed.length > 0;
}

/** Nodes that do not keep all metrics yet, because a rule is newer than they are. */
export interface Recount {
  readonly nodeIds: readonly string[];
  readonly metrics: MetricSet;
}

/** What has to be counted anew before a profile's aggregates hold; mostly nothing. */
export function recountsOf(work: Work, { metrics }: ProfileSettings): readonly Recount[] {
  return [work.stored, ...work.absorbed].flatMap((profile) => {
    if (profile === undefined) return [];
    const missing = missingMetrics(metrics, profile.document.metrics);
    return missing.marks.size === 0 ? [] : [{ nodeIds: profile.nodeIds, metrics: missing }];
  });
}

/** Takes stored events into account that were not counted when they came. */
export function recount(
  work: Work,
  events: ReadonlyMap<string, readonly CountedEvent[]>,
  settings: ProfileSettings,
): void {
  for (const { nodeIds, metrics } of recountsOf(work, settings)) {
    for (const nodeId of nodeIds) {
      for (const event of events.get(nodeId) ?? []) {
        const day = settings.calendar.localDay(event.atMs);
        for (const found of contributionsOf(event, metrics, settings.rules.currency)) {
          work.recounted.push({ ...found, nodeId, day });
        }
      }
    }
  }
}

/** Whether a profile's buckets must be read to know its aggregates. */
export function needsBuckets(work: Work, today: number): boolean {
  if (work.contributions.length > 0 || work.absorbed.length > 0) return true;
  const { aggregatesNextDay } = documentOf(work);
  return aggregatesNextDay !== null && aggregatesNextDay <= today;
}

/** The document before the batch; empty for a new profile. */
export function documentOf(work: Work): ProfileDocument {
  return work.stored?.document ?? EMPTY_DOCUMENT;
}

function mergeClaims(kept: readonly KeptClaim[], fresh: readonly KeptClaim[]) {
  const all = new Map<string, KeptClaim>();
  const changed = new Map<string, KeptClaim>();
  const keyOf = ({ nodeId, trait, source, isVerified }: KeptClaim) =>
    `${nodeId}\u0000${trait}\u0000${source}\u0000${isVerified}`;
  for (const claim of kept) all.set(keyOf(claim), claim);
  for (const claim of fresh) {
    const key = keyOf(claim);
    const known = all.get(key);
    if (known !== undefined && !isNewer(claim, known)) continue;
    all.set(key, claim);
    changed.set(key, claim);
  }
  return { all: [...all.values()], changed: [...changed.values()] };
}

function mergeBuckets(kept: readonly KeptBucket[], fresh: Iterable<KeptContribution>) {
  const all = new Map<string, KeptBucket>();
  const changed = new Set<KeptBucket>();
  const keyOf = (bucket: Pick<KeptBucket, 'nodeId' | 'metric' | 'unit' | 'day'>) =>
    `${bucket.nodeId}\u0000${bucket.metric}\u0000${bucket.unit}\u0000${bucket.day}`;
  for (const bucket of kept) all.set(keyOf(bucket), bucket);
  for (const contribution of fresh) {
    const { nodeId, day } = contribution;
    const bucket = { ...bucketOf(contribution, day), nodeId };
    const known = all.get(keyOf(bucket));
    if (known === undefined) all.set(keyOf(bucket), bucket);
    else addBucket(known, bucket);
    changed.add(known ?? bucket);
  }
  return { all: all.values(), changed: [...changed] };
}

/** The latest word per account; at one instant the greater event key. */
export function foldMemberships(all: Iterable<Membership>): readonly Membership[] {
  const latest = new Map<string, Membership>();
  for (const one of all) {
    const known = latest.get(one.accountId);
    if (known === undefined || isNewer(one, known)) latest.set(one.accountId, one);
  }
  return [...latest.values()].sort((left, right) => (left.accountId < right.accountId ? -1 : 1));
}

function currentAccount(memberships: readonly Membership[]): string | null {
  let best: Membership | undefined;
  for (const one of memberships) {
    if (one.isMember && (best === undefined || isNewer(one, best))) best = one;
  }
  return best?.accountId ?? null;
}

/** What composing needs to know beside the work. */
export interface ComposeContext {
  readonly settings: ProfileSettings;
  readonly nowMs: EpochMs;
  /** Local day of `nowMs`. */
  readonly today: number;
  /** Everything is computed anew, because a rule changed. */
  readonly isWhole?: boolean;
}

function needsAggregates(work: Work, context: ComposeContext, recounts: number): boolean {
  const { isWhole = false, today } = context;
  return isWhole || recounts > 0 || needsBuckets(work, today) || work.stored === undefined;
}

/** Everything about a profile but its segments, from what is kept and what came. */
export function compose(work: Work, kept: Kept, context: ComposeContext): Composed {
  const { settings, isWhole = false } = context;
  const before = documentOf(work);
  const claims = mergeClaims(kept.claims, work.claims);
  const recounts = recountsOf(work, settings);
  const complete = kept.buckets.filter(
    ({ nodeId, metric }) =>
      !recounts.some((one) => one.nodeIds.includes(nodeId) && one.metrics.marks.has(metric)),
  );
  const buckets = mergeBuckets(complete, [...work.recounted, ...work.contributions]);
  const hasClaims = isWhole || needsClaims(work);
  const traits = hasClaims ? traitsOf(survive(claims.all, settings.rules)) : {};
  const memberships =
    work.memberships.length > 0 || work.absorbed.length > 0
      ? foldMemberships(membershipsOf(work))
      : (work.stored?.memberships ?? []);
  const document = {
    ...before,
    ...traits,
    ...(needsAggregates(work, context, recounts.length) ? aggregatesOf(buckets.all, context) : {}),
    ...consentsOf(work, isWhole),
  };
  return {
    document,
    claims: claims.changed,
    lastWords: lastWords(hasClaims ? claims.all : []),
    buckets: buckets.changed,
    memberships,
    accountId: currentAccount(memberships),
    hasPurchased: purchased(work),
  };
}

function consentsOf(
  work: Work,
  isWhole: boolean,
): Pick<ProfileDocument, 'statements' | 'consents'> {
  const { statements, consents } = documentOf(work);
  const isTouched = isWhole || work.consents.length > 0 || work.absorbed.length > 0;
  if (!isTouched) return { statements, consents };
  const folded = foldStatements(statementsOf(work));
  return { statements: folded, consents: consentStatuses(folded) };
}

function aggregatesOf(buckets: Iterable<Bucket>, { settings, today }: ComposeContext) {
  const { metrics, rules } = settings;
  const found = aggregateValues({ metrics, buckets, day: today, currency: rules.currency });
  return {
    aggregates: found.values,
    otherCurrencies: found.otherCurrencies,
    aggregatesDay: today,
    aggregatesNextDay: found.nextDay,
    metrics: [...metrics.marks.values()].sort(),
  };
}

function* statementsOf(work: Work): Iterable<ConsentStatement> {
  for (const profile of [work.stored, ...work.absorbed]) {
    if (profile !== undefined) yield* profile.document.statements;
  }
  for (const { eventKey: _key, nodeId: _node, ...statement } of work.consents) yield statement;
}

function* membershipsOf(work: Work): Iterable<Membership> {
  for (const profile of [work.stored, ...work.absorbed]) {
    if (profile !== undefined) yield* profile.memberships;
  }
  for (const { nodeId: _node, ...membership } of work.memberships) yield membership;
}

function purchased(work: Work): boolean {
  return (
    work.stored?.hasPurchased === true ||
    work.absorbed.some((profile) => profile.hasPurchased) ||
    work.events.some(({ incoming }) => incoming.event.name === 'order_completed')
  );
}
