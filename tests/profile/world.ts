import {
  DeadLetters,
  keyedPseudonyms,
  ProfileConsumer,
  ProfileIngest,
  ProfileSweeper,
  type EventLog,
  type ProfileSettings,
  type RoundReport,
  type Topic,
  type UnitOfWork,
} from '#libs/application';
import { LuxonCalendar } from '#libs/adapter-calendar';
import {
  EmbeddedLog,
  liftRefusals,
  LOG_CHANNEL,
  PostgresAccountStore,
  PostgresDeadLetterStore,
  PostgresProfileStore,
  Wakeups,
  writeOutbox,
  type Database,
} from '#libs/adapter-postgres';
import { logKeyOf, utcDayOf, type Fact, type ProfileChange, type RawEvent } from '#libs/contracts';
import { canonicalJson, type Json } from '#libs/kernel';
import { compileMetrics, type ProfileRules, type RfmCuts } from '#libs/profile';
import { compileSegments, type SegmentDefinition } from '#libs/segment';
import { VirtualClock } from '#libs/testkit';

export const DAY_MS = 86_400_000;
/** 2026-11-12T10:00:00Z. */
export const NOW_MS = 1_794_477_600_000;

/** The rules of the specification's `profile.yaml`, with the form trusted to confirm addresses. */
export const RULES: ProfileRules = {
  identities: [
    { ns: 'customer_id', unique: true, mergeable: 'always', normalise: 'text' },
    { ns: 'user_id', unique: true, mergeable: 'always', normalise: 'text' },
    { ns: 'email', unique: false, limit: 5, mergeable: 'verified', normalise: 'email' },
    { ns: 'phone', unique: false, limit: 5, mergeable: 'never', normalise: 'phone' },
    {
      ns: 'anonymous_id',
      unique: false,
      limit: 20,
      windowMs: 90 * DAY_MS,
      mergeable: 'always',
      normalise: 'text',
    },
  ],
  sources: {
    erp: { kind: 'offline' },
    crm: { kind: 'crm' },
    web: { kind: 'online' },
    form: { kind: 'online' },
    relance: { kind: 'engine' },
  },
  traits: {
    firstName: trait('string', ['crm', 'erp', 'form', 'web'], { isPersonal: true }),
    email: trait('email', ['form', 'crm', 'erp', 'web'], { isPersonal: true, verifiedFirst: true }),
    country: trait('string', ['erp', 'crm', 'web']),
    timezone: trait('timezone', ['web', 'crm'], { strategy: 'recency' }),
    churnScore: trait('number', ['crm'], { range: [0, 1] }),
    address: trait('group', ['erp', 'crm'], { fields: ['street', 'postcode', 'city'] }),
  },
  aggregates: [
    { name: 'orders_30d', operation: 'count', event: 'order_completed', windowDays: 30 },
    { name: 'orders_365d', operation: 'count', event: 'order_completed', windowDays: 365 },
    {
      name: 'revenue_365d',
      operation: 'sum',
      event: 'order_completed',
      property: 'total',
      windowDays: 365,
    },
    { name: 'last_order_at', operation: 'last', event: 'order_completed' },
    { name: 'biggest', operation: 'max', event: 'order_completed', property: 'total' },
  ],
  rfm: { event: 'order_completed', property: 'total', windowDays: 365 },
  accounts: { key: 'group_id', also: ['siren'], ownerFrom: 'crm' },
  currency: 'EUR',
};

function trait(
  type: ProfileRules['traits'][string]['type'],
  master: readonly string[],
  more: Partial<ProfileRules['traits'][string]> = {},
): ProfileRules['traits'][string] {
  const base = { isPersonal: false, strategy: 'source_rank', verifiedFirst: false } as const;
  return { type, master, ...base, ...more };
}

export const SEGMENTS: readonly SegmentDefinition[] = [
  {
    id: 'buyers',
    name: { fr: 'Acheteurs', en: 'Buyers' },
    when: 'profile.aggregates.orders_30d >= 1',
  },
  {
    id: 'dormant',
    name: { fr: 'Dormants', en: 'Dormant' },
    when: 'profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) > 180.0',
  },
];

/** Everything the profile store is made of, over a real PostgreSQL. */
export interface ProfileWorld {
  readonly database: Database;
  readonly clock: VirtualClock;
  readonly log: EventLog;
  readonly ingest: ProfileIngest;
  readonly store: PostgresProfileStore;
  readonly sweeper: ProfileSweeper;
  readonly deadLetters: DeadLetters;
  readonly settings: { value: ProfileSettings };
  readonly append: (events: readonly RawEvent[], topic?: Topic) => Promise<void>;
  /** Runs a consumer until the log is empty; answers the sum of its rounds. */
  readonly drain: (options?: {
    topic?: Topic;
    maxRecords?: number;
    unitOfWork?: UnitOfWork;
  }) => Promise<RoundReport>;
  readonly consumer: (options?: {
    topic?: Topic;
    maxRecords?: number;
    unitOfWork?: UnitOfWork;
  }) => Promise<ProfileConsumer>;
  readonly changes: () => Promise<readonly ProfileChange[]>;
  readonly facts: () => Promise<readonly Fact[]>;
  /**
   * Every living profile without its ids: its known ids, golden traits, aggregates, consents, and
   * the RFM score last told of it.
   */
  readonly portrait: () => Promise<readonly string[]>;
  /** Living profiles whose last fact says something else than what is kept of them. */
  readonly untold: () => Promise<readonly unknown[]>;
}

/** Settings as a published workspace gives them. */
export function settingsOf(
  rules: ProfileRules = RULES,
  segments: readonly SegmentDefinition[] = SEGMENTS,
): ProfileSettings {
  const calendar = new LuxonCalendar();
  const zone = 'Europe/Paris';
  const compiled = compileSegments(segments);
  if (!compiled.ok) throw new Error(canonicalJson(compiled.error));
  return {
    rules,
    metrics: compileMetrics(rules),
    segments: compiled.value,
    calendar: {
      localDay: (atMs) => calendar.localDay(atMs, zone),
      dayStartMs: (day) => calendar.dayStartMs(day, zone),
      isZone: (name) => calendar.isZone(name),
    },
    normalisePhone: (text) =>
      /^\+\d{6,15}$/.test(text.replace(/\s/g, '')) ? text.replace(/\s/g, '') : null,
  };
}

export async function profileWorld(
  database: Database,
  given: {
    settings?: ProfileSettings;
    partitions?: number;
    secret?: string;
    cuts?: () => RfmCuts | null;
  } = {},
): Promise<ProfileWorld> {
  const clock = new VirtualClock(NOW_MS);
  const wakeups = new Wakeups(database, LOG_CHANNEL);
  const log = await EmbeddedLog.open(database, wakeups, {
    partitions: given.partitions ?? 4,
    wallMs: () => clock.nowMs(),
  });
  const settings = { value: given.settings ?? settingsOf() };
  const store = new PostgresProfileStore(database);
  const ingest = new ProfileIngest({
    store,
    accounts: new PostgresAccountStore(),
    settings: { current: () => settings.value },
    pseudonyms: keyedPseudonyms(given.secret ?? 'test'),
    clock,
    rfmCuts: given.cuts ?? (() => null),
    liftRefusals,
    writeFacts: (tx, facts) =>
      writeOutbox(
        tx,
        'fact_outbox',
        facts.map((fact) => ({ key: fact.profileId ?? fact.id, value: JSON.stringify(fact) })),
      ),
    writeChanges: (tx, changes) =>
      writeOutbox(
        tx,
        'change_outbox',
        changes.map((change) => ({ key: change.profileId, value: JSON.stringify(change) })),
      ),
  });
  const letters = new PostgresDeadLetterStore(database);
  const consumer: ProfileWorld['consumer'] = async (options = {}) =>
    new ProfileConsumer(
      {
        reader: await log.reader('profiles', [options.topic ?? 'events.raw']),
        unitOfWork: options.unitOfWork ?? database,
        ingest,
        store,
        deadLetters: letters,
        clock,
      },
      { maxRecords: options.maxRecords ?? 1_000, waitMs: 0 },
    );
  const rows = async (table: string): Promise<readonly Json[]> => {
    const found = await database.query<{ value: string }>(
      `SELECT value FROM ${table} ORDER BY seq`,
    );
    return found.rows.map((row) => JSON.parse(row.value) as Json);
  };
  return {
    database,
    clock,
    log,
    ingest,
    store,
    settings,
    consumer,
    sweeper: new ProfileSweeper({ store, ingest, unitOfWork: database, clock }),
    deadLetters: new DeadLetters({ store: letters, log, unitOfWork: database, clock }),
    append: async (events, topic = 'events.raw') => {
      const records = events.map((value) => ({ key: logKeyOf(value), value: value as Json }));
      await log.append(topic, records);
    },
    drain: async (options = {}) => {
      const one = await consumer(options);
      const sum = { records: 0, fresh: 0, duplicates: 0, suppressed: 0, deadLettered: 0 };
      for (;;) {
        const round = await one.runOnce();
        if (round.records === 0) return sum;
        sum.records += round.records;
        sum.fresh += round.fresh;
        sum.duplicates += round.duplicates;
        sum.suppressed += round.suppressed;
        sum.deadLettered += round.deadLettered;
      }
    },
    changes: async () => (await rows('change_outbox')) as unknown as ProfileChange[],
    facts: async () => (await rows('fact_outbox')) as unknown as Fact[],
    portrait: async () => await portraitOf(database),
    untold: async () => (await database.query(UNTOLD)).rows,
  };
}

/** The last fact of each profile. */
const TOLD = `told AS (
  SELECT DISTINCT ON (fact->>'id') fact->>'id' AS profile_id, (fact->>'version')::bigint AS version,
    fact->'body' AS body
  FROM (SELECT value::jsonb AS fact FROM fact_outbox) f WHERE fact->>'kind' = 'profile'
  ORDER BY fact->>'id', (fact->>'version')::bigint DESC
)`;

const UNTOLD = `
WITH ${TOLD}, both_sides AS (
  SELECT p.profile_id, jsonb_build_object('version', p.version, 'createdAtMs', p.first_seen_ms,
      'updatedAtMs', p.updated_at_ms, 'sample', p.is_sample, 'accountId', p.account_id,
      'country', coalesce(p.doc#>>'{traits,country}', ''), 'segments', p.doc->'segments',
      'consents', p.doc->'consents', 'aggregates', p.doc->'aggregates', 'owner', p.doc->'owner'
    ) AS kept,
    jsonb_build_object('version', t.version, 'createdAtMs', t.body->'createdAtMs',
      'updatedAtMs', t.body->'updatedAtMs', 'sample', t.body->'sample',
      'accountId', t.body->'accountId', 'country', t.body->'country',
      'segments', t.body->'segments', 'consents', t.body->'consents',
      'aggregates', t.body->'aggregates', 'owner', t.body->'owner') AS told
  FROM profile p LEFT JOIN told t USING (profile_id) WHERE p.merged_into IS NULL
)
SELECT * FROM both_sides WHERE kept <> told`;

async function portraitOf(database: Database): Promise<readonly string[]> {
  const found = await database.query<{
    ids: string[];
    doc: Record<string, unknown>;
    seen: number;
    bought: boolean;
    memberships: string;
    rfm: string;
  }>(
    `WITH ${TOLD} SELECT p.doc, t.body->>'rfm' AS rfm, p.first_seen_ms AS seen, p.has_purchased AS bought, p.memberships,
       array_agg(i.ns || '=' || i.value_norm || ' ' || i.first_seen_ms || ' ' || i.is_verified
         ORDER BY i.ns, i.value_norm) AS ids
     FROM profile p JOIN told t USING (profile_id) JOIN node n ON n.profile_id = p.profile_id
     JOIN profile_identity i ON i.node_id = n.node_id
     WHERE p.merged_into IS NULL GROUP BY p.profile_id, t.body`,
  );
  return found.rows
    .map((row) => canonicalJson([row.ids, row.seen, row.doc, row.bought, row.memberships, row.rfm]))
    .sort();
}

let serial = 0;

/** An event with everything a test does not care about filled in. */
export function anEvent(given: Partial<RawEvent> & { ids: RawEvent['ids'] }): RawEvent {
  serial += 1;
  const atMs = given.atMs ?? NOW_MS - DAY_MS / 2;
  return {
    messageId: `m-${serial}`,
    type: 'track',
    name: 'page_viewed',
    source: 'web',
    properties: {},
    originalAtMs: atMs,
    receivedAtMs: Math.max(atMs, NOW_MS - DAY_MS / 2),
    hasTimestamp: true,
    eventDay: utcDayOf(given.originalAtMs ?? atMs),
    historical: false,
    ...given,
    atMs,
  };
}
