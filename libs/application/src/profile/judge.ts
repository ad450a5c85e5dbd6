import { contentHash, type EpochMs, type JsonObject } from '#libs/kernel';
import { changedPaths, expressionView, type ProfileDocument } from '#libs/profile';
import {
  evaluateSegments,
  nextChangeMs,
  segmentChanges,
  type CompiledSegment,
} from '#libs/segment';
import { documentOf, type ComposeContext, type Composed, type Work } from './compose.js';
import type { ProfileSettings } from './settings.js';

/** Segments of a composed profile at an instant, entered and left against before. */
export interface Judged {
  readonly document: ProfileDocument;
  readonly entered: readonly string[];
  readonly left: readonly string[];
  /** Moved by a new or changed definition: nobody did anything, so nothing is told. */
  readonly silent: ReadonlySet<string>;
  /** As `ProfileChange.changed`. */
  readonly changed: readonly string[];
}

/** Puts a composed profile into its segments. A merge leaves nobody who was in through either. */
export function judge(
  work: Work,
  composed: Composed,
  context: ComposeContext & { readonly account: JsonObject | null },
): Judged {
  const { settings, nowMs, account } = context;
  const profile = expressionView(composed.document, settings.rules);
  const bindings = { now: nowMs, profile, account };
  const segments = evaluateSegments(settings.segments, bindings);
  const before = new Set(documentOf(work).segments);
  for (const { document: absorbed } of work.absorbed) {
    for (const segment of absorbed.segments) before.add(segment);
  }
  const { entered, left } = segmentChanges([...before], segments);
  const marks = marksOf(settings.segments);
  const owner = ownerOf(account);
  const document = {
    ...composed.document,
    owner,
    segments,
    segmentMarks: [...marks.values()].sort(),
    segmentsNextMs: nextChangeMs(settings.segments, {
      ...bindings,
      profile: { ...profile, segments: [...segments] },
    }),
  };
  const changed = [...changedPaths(documentOf(work), document)];
  if (composed.accountId !== (work.stored?.accountId ?? null)) changed.push('account');
  if (owner !== documentOf(work).owner) changed.push('owner');
  return { document, entered, left, silent: silentSegments(work, marks), changed };
}

function ownerOf(account: JsonObject | null): string {
  const owner = account?.['owner'];
  return typeof owner === 'string' ? owner.toLowerCase() : '';
}

/** Segments defined anew since the profile was judged; a segment that is gone is no longer judged. */
function silentSegments(work: Work, marks: ReadonlyMap<string, string>): ReadonlySet<string> {
  if (work.stored === undefined) return new Set();
  const known = new Set(work.stored.document.segmentMarks);
  const moved = [...marks].filter(([, mark]) => !known.has(mark)).map(([id]) => id);
  const gone = work.stored.document.segments.filter((id) => !marks.has(id));
  return new Set([...moved, ...gone]);
}

const knownMarks = new WeakMap<readonly CompiledSegment[], ReadonlyMap<string, string>>();

/** A mark for each definition, and for all that it asks of other segments. */
function marksOf(segments: readonly CompiledSegment[]): ReadonlyMap<string, string> {
  const known = knownMarks.get(segments);
  if (known !== undefined) return known;
  const marks = new Map<string, string>();
  for (const { id, condition } of segments) {
    const asked = condition.references.segments.map((other) => marks.get(other) ?? '');
    marks.set(id, contentHash([id, condition.source, asked]).slice(0, 6));
  }
  knownMarks.set(segments, marks);
  return marks;
}

/** The next instant at which time alone may change the profile; null: never. */
export function dueAtMs(document: ProfileDocument, settings: ProfileSettings): EpochMs | null {
  const { aggregatesNextDay, segmentsNextMs } = document;
  const daily = aggregatesNextDay === null ? null : settings.calendar.dayStartMs(aggregatesNextDay);
  if (daily === null || segmentsNextMs === null) return daily ?? segmentsNextMs;
  return Math.min(daily, segmentsNextMs);
}
