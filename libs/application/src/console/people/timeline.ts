import { TIMELINE_KINDS, type ApiResponse } from '#libs/contracts';
import type { AnalyticsReader } from '../../analytics/ports.js';
import type { ProfileReader } from '../../profile/reader.js';
import { TOLD_ELSEWHERE } from '../words/events.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import type { Before, HappenedQuery, PersonReader, StepTakenLine } from './ports.js';
import {
  decisionItem,
  eventItem,
  messageItem,
  outcomeItem,
  passageItem,
  stepItem,
  taskItem,
  withheldItem,
  type DayOf,
  type TimelineItem,
} from './tellings.js';

/** Kinds of line. */
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** What a timeline is read from. */
export interface TimelinePorts {
  readonly profiles: ProfileReader;
  readonly reader: PersonReader;
  readonly analytics: AnalyticsReader | null;
}

/** Whose timeline, which part of it, told how. */
export interface TimelineAsk {
  readonly profileId: string;
  readonly kinds: readonly TimelineKind[];
  readonly cursor: string | undefined;
  readonly limit: number;
  readonly words: WorkspaceWords;
  readonly dayOf: DayOf;
}

interface Place {
  readonly atMs: number;
  readonly rank: number;
  readonly id: string;
}

const AFTER_ALL: Place = { atMs: 8_640_000_000_000_000, rank: -1, id: '' };
/** Sorts after every id. */
const LAST_ID = '\u{10ffff}';
const MOST_ROUNDS = 5;

const STEPS_SQL = `SELECT enrolment_id AS enrolmentId, scenario, definition, step_id AS stepId, visit,
  toUnixTimestamp64Milli(assumeNotNull(left_at)) AS atMs, coalesce(result, '') AS result,
  coalesce(branch, '') AS branch
FROM relance.enrolment_steps
WHERE profile_id = {profile:String} AND left_at IS NOT NULL
  AND (toUnixTimestamp64Milli(assumeNotNull(left_at)),
       concat(enrolment_id, '/', step_id, '#', toString(visit))) < ({at:Int64}, {id:String})
ORDER BY atMs DESC, concat(enrolment_id, '/', step_id, '#', toString(visit)) DESC
LIMIT {limit:UInt32}`;

function placeOf(item: TimelineItem): Place {
  return { atMs: item.atMs, rank: TIMELINE_KINDS.indexOf(item.kind), id: item.id };
}

/** Newest first; at one instant by kind, then by id. */
function order(left: Place, right: Place): number {
  if (left.atMs !== right.atMs) return right.atMs - left.atMs;
  if (left.rank !== right.rank) return left.rank - right.rank;
  return left.id < right.id ? 1 : left.id > right.id ? -1 : 0;
}

function readCursor(cursor: string | undefined): Place {
  const match = /^(-?\d{1,16})~(\d)~(.*)$/s.exec(cursor ?? '');
  if (match === null) return AFTER_ALL;
  const [, atMs, rank, id] = match;
  return { atMs: Number(atMs), rank: Number(rank), id: id ?? '' };
}

/** Everything about one person, mixed, newest first, a page at a time. */
export async function readTimeline(
  ports: TimelinePorts,
  ask: TimelineAsk,
): Promise<ApiResponse<'timeline'>> {
  const from = readCursor(ask.cursor);
  const kinds = ask.kinds.length === 0 ? TIMELINE_KINDS : ask.kinds;
  let isPartial = false;
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const query: HappenedQuery = {
        profileId: ask.profileId,
        before: beforeOf(kind, from),
        limit: ask.limit + 1,
      };
      const list = await READERS[kind](ports, query, ask);
      if (list !== null) return list;
      isPartial = true;
      return [];
    }),
  );
  const all = lists.flat().sort((left, right) => order(placeOf(left), placeOf(right)));
  const items = all.slice(0, ask.limit);
  const last = items.at(-1);
  const place = last === undefined ? null : placeOf(last);
  const hasMore = all.length > ask.limit && place !== null;
  return {
    items,
    next: hasMore ? `${place.atMs}~${place.rank}~${place.id}` : null,
    isPartial,
  };
}

/** The place from which a list of one kind goes on, given where the mixed one stands. */
function beforeOf(kind: TimelineKind, from: Place): Before {
  const rank = TIMELINE_KINDS.indexOf(kind);
  if (rank === from.rank) return { atMs: from.atMs, id: from.id };
  return { atMs: from.atMs, id: rank < from.rank ? '' : LAST_ID };
}

type Reader = (
  ports: TimelinePorts,
  query: HappenedQuery,
  ask: TimelineAsk,
) => Promise<readonly TimelineItem[] | null>;

async function readEvents(
  { profiles }: TimelinePorts,
  query: HappenedQuery,
  { words }: TimelineAsk,
): Promise<readonly TimelineItem[]> {
  const found: TimelineItem[] = [];
  let before = { atMs: query.before.atMs, eventKey: query.before.id };
  // Events that another line tells better are passed over; a bounded number of times.
  for (let round = 0; round < MOST_ROUNDS && found.length < query.limit; round += 1) {
    const events = await profiles.timeline({
      profileId: query.profileId,
      limit: query.limit,
      before: eventPlace(before),
    });
    for (const event of events) {
      if (!TOLD_ELSEWHERE.includes(event.name)) found.push(eventItem(event, words));
    }
    const last = events.at(-1);
    if (last === undefined || events.length < query.limit) break;
    before = { atMs: last.atMs, eventKey: last.eventKey };
  }
  return found.slice(0, query.limit);
}

const FIRST_KEY = '00000000-0000-0000-0000-000000000000';
const LAST_KEY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Event keys are UUIDs: the ends of the order are too. */
function eventPlace(place: { atMs: number; eventKey: string }): { atMs: number; eventKey: string } {
  if (place.eventKey === '') return { atMs: place.atMs, eventKey: FIRST_KEY };
  return place.eventKey === LAST_ID ? { atMs: place.atMs, eventKey: LAST_KEY } : place;
}

async function readMessages(
  { reader }: TimelinePorts,
  query: HappenedQuery,
  { words }: TimelineAsk,
): Promise<readonly TimelineItem[]> {
  const deliveries = await reader.deliveries(query);
  const happenings = await reader.deliveryHappenings(deliveries.map(({ id }) => id));
  return deliveries.map((delivery) => messageItem(delivery, happenings, words));
}

async function readOutcomes(
  { reader }: TimelinePorts,
  query: HappenedQuery,
  { words, dayOf }: TimelineAsk,
): Promise<readonly TimelineItem[]> {
  const rows = await reader.outcomes(query);
  const touches = await reader.touches(rows.flatMap(({ deliveryId }) => deliveryId ?? []));
  return rows.map((row) =>
    outcomeItem(row, { touch: touches.get(row.deliveryId ?? ''), dayOf }, words),
  );
}

async function readSteps(
  { analytics }: TimelinePorts,
  query: HappenedQuery,
  { words }: TimelineAsk,
): Promise<readonly TimelineItem[] | null> {
  if (analytics === null) return null;
  const { before, limit, profileId } = query;
  try {
    const rows = await analytics.query<StepTakenLine>(STEPS_SQL, {
      profile: profileId,
      at: before.atMs,
      id: before.id,
      limit,
    });
    return rows.map((row) => stepItem(row, words));
  } catch {
    // The rest of the life is worth showing; the caller says that some is missing.
    return null;
  }
}

const READERS: Readonly<Record<TimelineKind, Reader>> = {
  event: readEvents,
  enrolment: async ({ reader }, query, { words }) =>
    (await reader.passages(query)).map((line) => passageItem(line, words)),
  step: readSteps,
  decision: async ({ reader }, query, { words }) =>
    (await reader.decisions(query)).map((record) => decisionItem(record, words)),
  message: readMessages,
  withheld: async ({ reader }, query, { words }) =>
    (await reader.withheld(query)).map((row) => withheldItem(row, words)),
  outcome: readOutcomes,
  task: async ({ reader }, query, { words }) =>
    (await reader.tasks(query)).map((row) => taskItem(row, words)),
};
