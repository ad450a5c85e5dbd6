import type { Fact } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';
import { contactPointsOf, EMPTY_DOCUMENT, identityKey, type ProfileDocument } from '#libs/profile';
import { documentOf, type Work } from './compose.js';
import { datesOf } from './dates.js';
import {
  consentFact,
  eventChange,
  eventFact,
  plainChange,
  profileFact,
  segmentEvent,
  traitChanges,
  type About,
} from './describe.js';
import type { Judged } from './judge.js';
import type { ProfileRow, SegmentMove, StoredProfile, StoredTombstone } from './ports.js';
import { scoreFacts } from './score-facts.js';
import { rowOf, type Session } from './session.js';
import type { Pseudonyms } from './settings.js';

/** What became of one profile. */
export interface Settled {
  readonly work: Work;
  readonly row: ProfileRow;
  readonly judged: Judged;
  readonly lastWords: ReadonlyMap<string, EpochMs>;
  /** A new version came of it. */
  readonly isVisible: boolean;
}

/** What telling needs beside the session. */
export interface TellerPorts {
  readonly pseudonyms: Pseudonyms;
}

// An id's last sighting is kept to the hour, or every event would rewrite its row.
const SEEN_STEP_MS = 3_600_000;

/** Segments entered and left. */
export function movesOf(
  judged: Pick<Judged, 'entered' | 'left'>,
): readonly Pick<SegmentMove, 'segment' | 'isMember'>[] {
  return [
    ...judged.entered.map((segment) => ({ segment, isMember: true })),
    ...judged.left.map((segment) => ({ segment, isMember: false })),
  ];
}

/** Of these the ones that events tell of: what a new definition moved, nobody did. */
export function toldMoves(judged: Judged): readonly Pick<SegmentMove, 'segment' | 'isMember'>[] {
  return movesOf(judged).filter(({ segment }) => !judged.silent.has(segment));
}

/** Tells of settled profiles: change records, facts, rows of events, contact points. */
export class Teller {
  constructor(
    private readonly ports: TellerPorts,
    private readonly session: Session,
  ) {}

  /** Tells of one profile: its events, its segments, its new state. */
  tell(settled: Settled): void {
    const { out, nowMs, settings } = this.session;
    const { work, row, judged, isVisible } = settled;
    const { profileId, version, accountId, isSample } = row;
    const about = { profileId, version, accountId, changed: judged.changed };
    const isHistorical =
      work.events.length > 0 && work.events.every(({ incoming }) => incoming.isHistorical);
    const why = { nowMs, isHistorical, isSample };
    for (const { profileId: mergedFrom } of work.absorbed) {
      out.changes.push(plainChange(about, { ...why, mergedFrom }));
    }
    for (const { incoming, nodeId } of work.events) {
      const event = rowOf(incoming, nodeId);
      out.events.push(event);
      out.changes.push(eventChange(event, about));
      out.facts.push(eventFact(event, about, { nowMs, currency: settings.rules.currency }));
    }
    const isPlain = work.events.length === 0 && isVisible && !this.isSilent(judged);
    if (isPlain) out.changes.push(plainChange(about, why));
    this.tellSegments(settled, about, why);
    for (const consent of work.consents) {
      out.facts.push(consentFact(consent, { profileId, nowMs, isSample }));
    }
    if (isVisible) this.tellState(settled);
    this.tellDates(settled);
  }

  /** Publishing tells of values that a new rule changed, of segments nothing. */
  private isSilent({ changed }: Judged): boolean {
    // A score is for the CRM and analysts: nothing that a scenario could hear of.
    if (this.session.cause === 'rfm') return changed.length === 0;
    if (this.session.cause !== 'segments') return false;
    return changed.every((path) => path.startsWith('segments.'));
  }

  private tellSegments(
    { row, judged }: Settled,
    about: About,
    why: { readonly nowMs: EpochMs; readonly isHistorical: boolean; readonly isSample: boolean },
  ): void {
    const { out, nowMs, settings, cause } = this.session;
    const moves: SegmentMove[] = movesOf(judged).map((move) => ({
      ...move,
      profileId: row.profileId,
      atMs: nowMs,
    }));
    out.segmentMoves.push(...moves);
    // Publishing a segment puts everybody into it without a word.
    if (cause === 'segments') return;
    for (const move of toldMoves(judged)) {
      const event = segmentEvent(move, about, why);
      out.events.push(event);
      out.changes.push(eventChange(event, about));
      out.facts.push(eventFact(event, about, { nowMs, currency: settings.rules.currency }));
    }
  }

  private tellState({ work, row, lastWords }: Settled): void {
    const { out, nowMs, settings, cause } = this.session;
    const { pseudonyms } = this.ports;
    const { rules } = settings;
    const before = documentOf(work);
    // Words that the merge had brought were told of, and are not this profile's any more.
    const sinceMs = cause === 'unmerge' ? nowMs : -Infinity;
    const changes = traitChanges(before, row.document, {
      rules,
      pseudonyms,
      validFromMs: (trait) => Math.max(lastWords.get(trait) ?? nowMs, sinceMs),
    });
    out.facts.push(this.stateFact(row, { mergedInto: null, changes }));
    out.facts.push(...scoreFacts(row, { before: work.stored?.rfm ?? '', nowMs }));
    const points = contactPointsOf(row.document.traits, rules);
    if (work.absorbed.length > 0 || !isSame(points, contactPointsOf(before.traits, rules))) {
      out.contactPoints.push({ profileId: row.profileId, points });
    }
  }

  private tellDates({ work, row, isVisible }: Settled): void {
    const { out, settings, cause } = this.session;
    // New rules may have made a date of what was a text: what was is not told by them.
    const isAnew = work.absorbed.length > 0 || cause === 'segments' || cause === 'unmerge';
    if (!isAnew && !isVisible) return;
    const dates = datesOf(row.document.traits, settings.rules);
    if (!isAnew && isSame(dates, datesOf(documentOf(work).traits, settings.rules))) return;
    out.dates.push({ profileId: row.profileId, ...dates });
  }

  private stateFact(
    row: ProfileRow,
    given: Pick<Parameters<typeof profileFact>[1], 'mergedInto' | 'changes'>,
  ) {
    const { nowMs, settings } = this.session;
    const { pseudonyms } = this.ports;
    const { owner } = row.document;
    const { rules } = settings;
    return profileFact(row, { ...given, nowMs, owner, rules, pseudonyms });
  }

  /** Tells of profiles that became part of others. */
  tellTombstones(): void {
    const { bench, out, nowMs } = this.session;
    for (const { from } of bench.graph.merges) {
      const stored = bench.stored.get(from);
      const survivor = bench.graph.profileOf(from);
      if (survivor === undefined) continue;
      const mergedInto = survivor.profileId;
      const version = (stored?.version ?? 0) + 1;
      out.tombstones.push({ profileId: from, mergedInto, version, updatedAtMs: nowMs });
      if (stored === undefined) {
        // Made and merged within this batch: nobody knew it, but its node keeps its data.
        out.created.push(strangerRow(from, nowMs));
        continue;
      }
      out.contactPoints.push({ profileId: from, points: [] });
      out.dates.push({ profileId: from, dates: [], zone: '' });
      out.facts.push(this.tombstoneFact(stored, { mergedInto, version }));
      // Whoever became part of another is scored as that one.
      const unscored = { ...stored, version, rfm: '' };
      out.facts.push(...scoreFacts(unscored, { before: stored.rfm, nowMs }));
    }
  }

  /** Tells of tombstones whose person is another now: one look leads analysts to who it is today. */
  tellMoved(tombstones: readonly StoredTombstone[]): void {
    const { bench, out, nowMs } = this.session;
    for (const stored of tombstones) {
      const mergedInto = bench.graph.profileOf(stored.profileId)?.profileId;
      if (mergedInto === undefined || mergedInto === stored.mergedInto) continue;
      // Made and merged within one batch, it was never told of.
      const isTold = stored.version > 1;
      const version = stored.version + (isTold ? 1 : 0);
      const { profileId } = stored;
      out.tombstones.push({ profileId, mergedInto, version, updatedAtMs: nowMs });
      if (isTold) out.facts.push(this.tombstoneFact(stored, { mergedInto, version }));
    }
  }

  private tombstoneFact(
    stored: StoredProfile,
    { mergedInto, version }: { readonly mergedInto: string; readonly version: number },
  ): Fact {
    const { nowMs: updatedAtMs } = this.session;
    const row = { ...stored, version, updatedAtMs, accountId: null, dueAtMs: null, rfm: '' };
    return this.stateFact(row, { mergedInto, changes: [] });
  }

  /** Notes the ids that are new, and those seen again or verified now. */
  noteIdentities(): void {
    const { bench, out } = this.session;
    out.attached.push(...bench.graph.attached);
    const fresh = new Set(bench.graph.attached);
    const before = new Map(
      [...bench.stored.values()].flatMap(({ identities }) =>
        identities.map((identity) => [identityKey(identity.ns, identity.value), identity] as const),
      ),
    );
    for (const { identities } of bench.graph.profiles.values()) {
      for (const identity of identities.values()) {
        const known = before.get(identityKey(identity.ns, identity.value));
        if (known === undefined || fresh.has(identity)) continue;
        const isLater = identity.lastSeenMs - known.lastSeenMs >= SEEN_STEP_MS;
        const isEarlier = identity.firstSeenMs < known.firstSeenMs;
        const isVerified = identity.isVerified !== known.isVerified;
        if (isLater || isEarlier || isVerified) out.seen.push(identity);
      }
    }
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function strangerRow(profileId: string, nowMs: EpochMs): ProfileRow {
  const document: ProfileDocument = EMPTY_DOCUMENT;
  return {
    profileId,
    version: 1,
    groupUnit: profileId,
    accountId: null,
    firstSeenMs: nowMs,
    updatedAtMs: nowMs,
    mergeCount: 0,
    isSample: false,
    document,
    memberships: [],
    hasPurchased: false,
    rfm: '',
    dueAtMs: null,
  };
}
