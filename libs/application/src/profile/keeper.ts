import { ownMember, type EpochMs, type JsonObject } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import type { InputEvent } from '#libs/scenario';
import { eventOf } from '../host/route.js';
import {
  compose,
  gather,
  needsBuckets,
  needsClaims,
  workOf,
  type Composed,
  type KeptBucket,
  type KeptClaim,
  type Work,
} from './compose.js';
import { eventChange, segmentEvent, type About } from './describe.js';
import { readIncoming, type Incoming } from './incoming.js';
import type { Membership, StoredProfile } from './ports.js';
import type { ProfileSettings } from './settings.js';
import { settle } from './settle.js';
import { movesOf, toldMoves } from './teller.js';

/** A profile and all that is kept under it, held by a caller without a store. */
export interface HeldProfile {
  readonly profileId: string;
  stored: StoredProfile | undefined;
  readonly claims: Map<string, KeptClaim>;
  readonly buckets: Set<KeptBucket>;
  /** Aggregates from before the first event kept here; what events count comes on top. */
  base: Readonly<Record<string, number>>;
  /** When each segment was last left. */
  readonly leftSegmentsAtMs: Record<string, EpochMs>;
  /** The next instant at which time alone changes it; null: never. */
  dueAtMs: EpochMs | null;
}

/** A profile of whom nothing is known yet. */
export function heldProfile(profileId: string): HeldProfile {
  return {
    profileId,
    stored: undefined,
    claims: new Map(),
    buckets: new Set(),
    base: {},
    leftSegmentsAtMs: {},
    dueAtMs: null,
  };
}

/** What an event says beside itself. */
export interface Hearing {
  readonly membership?: Membership | undefined;
  /** What expressions read as `account`, by account id. */
  readonly accountView: (accountId: string) => JsonObject | null;
}

/** The least that compiling one event took. */
const ALONE = { identities: new Map(), apartFrom: new Set<string>(), isNew: false } as const;

/**
 * Keeps profiles in memory by the rules of the store: the same folds, segments and windows. Who an
 * event is about is the caller's to know, so nobody is merged and nobody is erased. Not told are
 * facts: these are of what really happened.
 */
export class ProfileKeeper {
  /** `isHeard` tells whether an event of a name may concern any scenario. */
  constructor(
    private readonly settings: ProfileSettings,
    private readonly isHeard: (name: string) => boolean,
  ) {}

  /**
   * Applies one event; answers what scenarios hear of it, the event first, then segments entered and
   * left. Null where the event can never be applied.
   */
  apply(
    held: HeldProfile,
    event: RawEvent,
    at: { readonly nowMs: EpochMs } & Hearing,
  ): readonly InputEvent[] | null {
    const incoming = readIncoming(event, 0, this.settings);
    if ('code' in incoming) return null;
    if (held.stored !== undefined && this.says(held, incoming, at) === 'nothing') {
      const { profileId, version, accountId } = held.stored;
      return this.heard(incoming, { profileId, version, accountId, changed: [] });
    }
    const work = this.workOn(held, event.atMs);
    gather(work, { incoming, nodeId: held.profileId, refused: [] }, this.settings);
    if (at.membership !== undefined) {
      work.memberships.push({ ...at.membership, nodeId: held.profileId });
    }
    return this.settle(held, work, { ...at, cause: null });
  }

  /** Looks at a profile again because its time has come; answers the segments entered and left. */
  refresh(
    held: HeldProfile,
    at: { readonly nowMs: EpochMs; readonly accountView: Hearing['accountView'] },
  ): readonly InputEvent[] {
    return this.settle(held, this.workOn(held, at.nowMs), { ...at, cause: 'time' });
  }

  /**
   * Whether an event can change anything of the person beside having happened: it states no trait, no
   * consent and no account, no aggregate counts it, and no window is due. Most page views are so.
   */
  private says(held: HeldProfile, incoming: Incoming, at: { nowMs: EpochMs } & Hearing) {
    const { event, consent, ids } = incoming;
    const isCounted = this.settings.metrics.byEvent.has(event.name);
    const isDue = held.dueAtMs !== null && held.dueAtMs <= at.nowMs;
    const isQuiet =
      consent === null && event.traits === undefined && ids.length === 0 && !isCounted && !isDue;
    const first = held.stored?.firstSeenMs ?? Infinity;
    const isNews = event.name === 'order_completed' || event.atMs < first;
    return isQuiet && !isNews && at.membership === undefined ? 'nothing' : 'something';
  }

  private workOn(held: HeldProfile, atMs: EpochMs): Work {
    const { profileId, stored } = held;
    const firstSeenMs = Math.min(stored?.firstSeenMs ?? Infinity, atMs);
    const known = { profileId, firstSeenMs, groupUnit: profileId, mergeCount: 0 };
    return workOf({ ...known, ...ALONE, nodeIds: [profileId] }, stored);
  }

  private settle(
    held: HeldProfile,
    work: Work,
    at: {
      readonly nowMs: EpochMs;
      readonly cause: 'time' | null;
      readonly accountView: Hearing['accountView'];
    },
  ): readonly InputEvent[] {
    const { settings } = this;
    const { nowMs, cause } = at;
    const today = settings.calendar.localDay(nowMs);
    // As the ingest: what cannot change is not looked at.
    const kept = {
      claims: needsClaims(work) ? [...held.claims.values()] : [],
      buckets: needsBuckets(work, today) ? [...held.buckets] : [],
    };
    const result = onTopOf(held.base, compose(work, kept, { settings, nowMs, today }), {
      before: work.stored?.document.aggregates,
      settings,
    });
    const { accountId } = result;
    const view = accountId === null ? null : at.accountView(accountId);
    const views = new Map(accountId === null || view === null ? [] : [[accountId, view]]);
    const moment = { settings, nowMs, today, cause, rfmCuts: null };
    const { row, judged } = settle(moment, work, { result, views });
    keep(held, { ...row, nodeIds: [held.profileId], identities: [], apartFrom: [] }, result);
    held.dueAtMs = row.dueAtMs;
    for (const { segment, isMember } of movesOf(judged)) {
      if (!isMember) held.leftSegmentsAtMs[segment] = nowMs;
    }
    const { profileId, version, isSample } = row;
    const about = { profileId, version, accountId, changed: judged.changed };
    const isHistorical = work.events.some(({ incoming }) => incoming.isHistorical);
    const why = { nowMs, isHistorical, isSample };
    const events = work.events.flatMap(({ incoming }) => this.heard(incoming, about));
    const moves = toldMoves(judged).map((move) =>
      eventOf(eventChange(segmentEvent(move, about, why), about)),
    );
    return [...events, ...moves.flatMap((move) => move ?? [])];
  }

  /** The event as scenarios hear it, where any of them would. */
  private heard(incoming: Incoming, about: About): readonly InputEvent[] {
    const { event, eventKey, isHistorical } = incoming;
    if (!this.isHeard(event.name)) return [];
    const row = { eventKey, bodyHash: '', nodeId: about.profileId, event, isHistorical };
    const heard = eventOf(eventChange(row, about));
    return heard === null ? [] : [heard];
  }
}

/** Aggregates stated beforehand, with what events count on top; untouched where nothing was counted. */
function onTopOf(
  base: HeldProfile['base'],
  result: Composed,
  given: { readonly before: object | undefined; readonly settings: ProfileSettings },
): Composed {
  const counted = result.document.aggregates;
  if (Object.keys(base).length === 0 || counted === given.before) return result;
  const aggregates: Record<string, number> = { ...counted };
  for (const { name, operation } of given.settings.metrics.aggregates) {
    const stated = ownMember(base, name);
    if (stated === undefined) continue;
    const own = ownMember(counted, name);
    if (own === undefined) aggregates[name] = stated;
    else aggregates[name] = JOINS[operation](stated, own);
  }
  return { ...result, document: { ...result.document, aggregates } };
}

const add = (left: number, right: number): number => left + right;
/** What two parts of somebody's past come to together. */
const JOINS = {
  count: add,
  sum: add,
  first: Math.min,
  last: Math.max,
  min: Math.min,
  max: Math.max,
};

/** Rows are kept by the keys under which the store keeps them. */
function keep(
  held: HeldProfile,
  stored: StoredProfile,
  rows: { readonly claims: readonly KeptClaim[]; readonly buckets: readonly KeptBucket[] },
): void {
  held.stored = stored;
  for (const claim of rows.claims) {
    held.claims.set(`${claim.trait}\u0000${claim.source}\u0000${claim.isVerified}`, claim);
  }
  for (const bucket of rows.buckets) held.buckets.add(bucket);
}
