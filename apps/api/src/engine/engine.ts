import { randomUUID } from 'node:crypto';
import { LuxonCalendar } from '#libs/adapter-calendar';
import {
  AnchoredClock,
  Database,
  EmbeddedLog,
  LOG_CHANNEL,
  migrate,
  migrations,
  PostgresAccessKeys,
  PostgresContactPreferences,
  PostgresRefusalStore,
  PostgresTrackingStore,
  Wakeups,
  writeFacts,
} from '#libs/adapter-postgres';
import {
  AccessKeys,
  Capture,
  CaptureQueue,
  keyedPseudonyms,
  RateLimit,
  Refusals,
  Replies,
  Tracker,
  type AnalyticsReader,
  type Pseudonyms,
  type Topic,
} from '#libs/application';
import { ClickHouseReader, connect, type ClickHouseAddress } from '#libs/adapter-clickhouse';
import { classifyClick, isBotAgent } from '#libs/channel-email';
import type { ClockSetting, Secrets } from '#libs/config';
import type { Locale } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import { programsOf, type Programs } from './decisions.js';
import { faultFields, type JsonLog } from './json-log.js';
import { WorkspaceWatch, type ApiWorkspace } from './workspace.js';

/** What the api's parts are opened with. */
export interface EngineSettings {
  readonly databaseUrl: string;
  readonly partitions: number;
  readonly clock: ClockSetting;
  readonly secrets: Secrets;
  /** Base of links in messages, and the address that providers sign. */
  readonly publicUrl: string;
  /** For callers who do not say which language they read. */
  readonly locale: Locale;
  readonly log: JsonLog;
  /** Where ClickHouse answers; absent: nothing is told of it. */
  readonly analytics?: ClickHouseAddress;
  /** Of the SMS provider; absent: its web hooks are refused. */
  readonly twilioAuthToken?: string;
  /** Sustained events a second taken from one source. */
  readonly eventsPerSecond?: number;
  /** How long a log that does not answer is tried before callers are told. */
  readonly giveUpMs?: number;
}

/** Everything the routes work with, opened once. */
export interface Engine {
  readonly settings: EngineSettings;
  readonly log: JsonLog;
  readonly database: Database;
  readonly eventLog: EmbeddedLog;
  readonly wakeups: Wakeups;
  readonly clock: AnchoredClock;
  readonly keys: AccessKeys;
  readonly capture: Capture;
  readonly tracker: Tracker;
  readonly replies: Replies;
  readonly calendar: ZonedCalendar;
  readonly pseudonyms: Pseudonyms;
  /** Null where no address of ClickHouse is known. */
  readonly analytics: AnalyticsReader | null;
  /** Not ready until something was published. */
  readonly workspace: ApiWorkspace;
  readonly programs: Programs;
  /** Flushes what was taken, then lets go of the store. */
  close(): Promise<void>;
}

const CONNECTIONS = 12;
const QUEUE_EVENTS = 50_000;
const TOGETHER_EVENTS = 5_000;
const EVENTS_PER_SECOND = 50_000;
const BURST_SECONDS = 2;
const GIVE_UP_MS = 2_000;
const FLUSH_MS = 1_000;

function queueFor(topic: Topic, eventLog: EmbeddedLog, giveUpMs: number): CaptureQueue {
  return new CaptureQueue({
    append: (keys, values) => eventLog.appendText(topic, keys, values),
    maxQueued: QUEUE_EVENTS,
    maxTogether: TOGETHER_EVENTS,
    giveUpMs,
    elapsedMs: () => performance.now(),
  });
}

function captureOf(parts: Pick<Engine, 'settings' | 'log' | 'eventLog' | 'clock' | 'database'>): {
  readonly capture: Capture;
  readonly refusals: Refusals;
} {
  const { settings, log, eventLog, clock, database } = parts;
  const giveUpMs = settings.giveUpMs ?? GIVE_UP_MS;
  const perSecond = settings.eventsPerSecond ?? EVENTS_PER_SECOND;
  const refusals = new Refusals(new PostgresRefusalStore(database));
  const capture = new Capture({
    clock,
    wallMs: Date.now,
    newId: randomUUID,
    isBot: isBotAgent,
    live: queueFor('events.raw', eventLog, giveUpMs),
    historical: queueFor('events.historical', eventLog, giveUpMs),
    limit: new RateLimit({
      perSecond,
      burst: perSecond * BURST_SECONDS,
      elapsedMs: () => performance.now(),
    }),
    refusals,
    onFault: (error) => log.error('events could not be stored', faultFields(error)),
  });
  return { capture, refusals };
}

function trackingOf(
  parts: Pick<Engine, 'eventLog' | 'clock' | 'database' | 'pseudonyms'>,
): Pick<Engine, 'tracker' | 'replies'> {
  const { eventLog: log, clock, database, pseudonyms } = parts;
  const store = new PostgresTrackingStore(database);
  const preferences = new PostgresContactPreferences((channel, address) =>
    pseudonyms.hash(channel, address),
  );
  const shared = { work: database, store, preferences, log, writeFacts, clock };
  return {
    tracker: new Tracker({ ...shared, classify: classifyClick, newId: randomUUID }),
    replies: new Replies({ ...shared, inbound: store }),
  };
}

/** Brings the schema up to date and opens every part. Throws what the store or the clock refuses. */
export async function openEngine(settings: EngineSettings): Promise<Engine> {
  const { log, secrets } = settings;
  const database = new Database({
    url: settings.databaseUrl,
    maxConnections: CONNECTIONS,
    applicationName: 'relance-api',
  });
  try {
    await migrate(database, migrations);
    const wakeups = new Wakeups(database, LOG_CHANNEL);
    const { partitions } = settings;
    const eventLog = await EmbeddedLog.open(database, wakeups, { partitions, wallMs: Date.now });
    const clock = await AnchoredClock.open(database, settings.clock);
    const calendar = new LuxonCalendar();
    const watch = new WorkspaceWatch(database, calendar);
    const { workspace } = watch;
    await watch.start((error) => log.error('the workspace cannot be loaded', faultFields(error)));
    const pseudonyms = keyedPseudonyms(secrets.suppressionKey);
    const shared = { database, clock, calendar, pseudonyms, workspace };
    const client = settings.analytics === undefined ? null : connect(settings.analytics);
    const analytics = client === null ? null : new ClickHouseReader(client);
    const programs = programsOf({ ...shared, eventLog });
    const base = { ...shared, settings, log, eventLog, wakeups, analytics, programs };
    const { capture, refusals } = captureOf(base);
    const flushing = setInterval(() => {
      void refusals.flush().catch(() => undefined);
    }, FLUSH_MS).unref();
    const store = new PostgresAccessKeys(database);
    const keys = new AccessKeys(secrets, store, () => performance.now());
    const close = async (): Promise<void> => {
      clearInterval(flushing);
      await capture.drain();
      await watch.stop();
      await client?.close();
      await clock.close();
      await wakeups.close();
      await database.close();
    };
    return { ...base, keys, capture, ...trackingOf(base), close };
  } catch (error) {
    await database.close();
    throw error;
  }
}
