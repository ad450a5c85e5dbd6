import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  keyedPseudonyms,
  lintWorkspace,
  readWorkspaceFolder,
  type OutgoingMessage,
} from '#libs/application';
import { LuxonCalendar } from '#libs/adapter-calendar';
import {
  PostgresConsoleWorkspaceStore,
  publishOutbox,
  type Database,
} from '#libs/adapter-postgres';
import { createSmtpSender } from '#libs/channel-email';
import { createSandboxSmsSender } from '#libs/channel-sms';
import { createWebhookClient } from '#libs/channel-webhook';
import { logKeyOf, type Fact, type FactKind, type RawEvent } from '#libs/contracts';
import { parseCaughtMail, startMailCatcher, type CaughtMail } from '#libs/embedded';
import type { Clock, EpochMs, JsonObject } from '#libs/kernel';
import { VirtualClock } from '#libs/testkit';
import { createEngine, type Engine } from '../../apps/worker/src/engine.js';
import { carryOutActs, evaluateSegments } from '../../apps/worker/src/loops.js';

/** The whole engine over a real store and a real SMTP server, on a clock that a test moves. */
export interface EngineWorld {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly mails: CaughtMail[];
  readonly send: (events: readonly Partial<RawEvent>[]) => Promise<void>;
  /** Runs every loop until nothing is left to do at this instant. */
  readonly settle: (options?: SettleOptions) => Promise<void>;
  readonly facts: () => Promise<readonly Fact[]>;
  readonly close: () => Promise<void>;
}

/** What of the worker stands still while the rest runs. */
export interface SettleOptions {
  readonly without?: readonly (
    'sender' | 'router' | 'profile' | 'sweeper' | 'segments' | 'webhooks'
  )[];
}

/** How a world is built. */
export interface WorldOptions {
  /** A folder below `tests/workspaces`, or `scenarios` itself. */
  readonly workspace: string;
  readonly startMs: EpochMs;
  /** Files laid over the folder's: text by path; null takes one away. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Another clock than a virtual one that starts at `startMs`. */
  readonly clock?: Clock;
  /** Another mail server than the catcher of this world. */
  readonly smtpUrl?: string;
  /** Told of each caught mail before its sender hears that it was taken. */
  readonly onMail?: (mail: CaughtMail) => Promise<void>;
  /** Told of each message as it is handed to the channel. */
  readonly onHandover?: (message: OutgoingMessage) => void;
  readonly onSms?: Parameters<typeof createSandboxSmsSender>[0];
  readonly baseUrl?: string;
  readonly linkKey?: string;
  readonly suppressionKey?: string;
  readonly webhookSecret?: string;
  readonly wallMs?: () => number;
  /** False where another world has published into this store. */
  readonly publishes?: boolean;
}

/** Builds the engine around a workspace folder. */
export async function engineWorld(database: Database, options: WorldOptions): Promise<EngineWorld> {
  const clock = (options.clock ?? new VirtualClock(options.startMs)) as VirtualClock;
  const mails: CaughtMail[] = [];
  const catcher = await startMailCatcher({
    port: 0,
    onMessage: async (raw) => {
      const mail = await parseCaughtMail(raw);
      await options.onMail?.(mail);
      mails.push(mail);
    },
  });
  const email = createSmtpSender({
    url: options.smtpUrl ?? `smtp://127.0.0.1:${catcher.port}`,
    provider: 'sandbox',
    connections: 2,
  });
  const engine = await createEngine({
    database,
    clock,
    calendar: new LuxonCalendar(),
    pseudonyms: keyedPseudonyms(options.suppressionKey ?? 'a test key'),
    channels: new Map([
      [
        'email',
        {
          ...email,
          send: (message, signal) => {
            options.onHandover?.(message);
            return email.send(message, signal);
          },
        },
      ],
      ['sms', createSandboxSmsSender(options.onSms ?? (() => Promise.resolve()))],
    ]),
    webhooks: createWebhookClient(options.webhookSecret ?? 's'.repeat(64)),
    partitions: 4,
    baseUrl: options.baseUrl ?? 'http://127.0.0.1:1',
    linkKey: options.linkKey ?? 'k'.repeat(64),
    wallMs: options.wallMs ?? Date.now,
    runId: randomUUID(),
  });
  if (options.publishes !== false) await publish(database, options, clock.nowMs());
  await engine.workspace.refresh();
  const router = await engine.log.reader('router', ['profile.changes']);
  return {
    engine,
    clock,
    mails,
    send: (events) => append(engine, events),
    settle: (settling = {}) => settle(engine, router, settling),
    facts: async () => {
      const rows = await database.query<{ value: string }>(
        'SELECT value FROM log_facts ORDER BY part, "offset"',
      );
      return rows.rows.map((row) => JSON.parse(row.value) as Fact);
    },
    close: async () => {
      await email.close();
      await catcher.close();
      await engine.wakeups.close();
    },
  };
}

async function append(engine: Engine, events: readonly Partial<RawEvent>[]): Promise<void> {
  const whole = events.map((event) => rawEvent(event, engine.options.clock.nowMs()));
  for (const historical of [true, false]) {
    const some = whole.filter((event) => event.historical === historical);
    await engine.log.append(
      historical ? 'events.historical' : 'events.raw',
      some.map((event) => ({ key: logKeyOf(event), value: event as unknown as JsonObject })),
    );
  }
}

/** Publishes a workspace's folder with files laid over it. */
export async function publish(
  database: Database,
  options: Pick<WorldOptions, 'workspace' | 'files'>,
  nowMs: EpochMs,
): Promise<void> {
  const folder = join(import.meta.dirname, '../..', options.workspace);
  const files = new Map((await readWorkspaceFolder(folder)).files);
  for (const [path, text] of Object.entries(options.files ?? {})) {
    if (text === null) files.delete(path);
    else files.set(path, text);
  }
  const { workspace: compiled, problems } = lintWorkspace(files);
  if (compiled === undefined) throw new Error(JSON.stringify(problems.slice(0, 5)));
  await database.transaction((tx) =>
    new PostgresConsoleWorkspaceStore(database).apply(tx, {
      files,
      compiled,
      author: 'test',
      nowMs,
      isSample: false,
    }),
  );
}

type Router = Awaited<ReturnType<Engine['log']['reader']>>;

async function settle(engine: Engine, router: Router, settling: SettleOptions): Promise<void> {
  const { options, store, sender } = engine;
  const runs = (part: NonNullable<SettleOptions['without']>[number]): boolean =>
    settling.without?.includes(part) !== true;
  await store.acquire(`sender/${options.runId}`, options.runId, 60_000);
  const never = new AbortController().signal;
  const live = AbortSignal.abort();
  for (let idle = 0; idle < 2;) {
    let done = 0;
    if (runs('profile')) {
      done += (await engine.historical.runOnce(live)).records;
      done += (await engine.live.runOnce(live)).records;
    }
    done += await carryOutActs(engine);
    if (runs('segments')) done += await evaluateSegments(engine);
    for (const outbox of ['change_outbox', 'fact_outbox'] as const) {
      done += await publishOutbox(options.database, engine.log, { outbox, maxRows: 5_000 });
    }
    if (runs('router')) done += await route(engine, router);
    if (runs('sender')) done += await sender.round(20, never);
    if (runs('webhooks')) done += await engine.webhooks.round(never);
    if (runs('sweeper')) {
      done += await engine.sweeper.runOnce();
      done += await engine.taskSweeper.runOnce();
    }
    done += await engine.learner.runOnce(0);
    idle = done === 0 ? idle + 1 : 0;
  }
}

async function route(engine: Engine, router: Router): Promise<number> {
  const { host, store, options } = engine;
  const lease = await store.acquire('router', options.runId, 60_000);
  if (lease === null) throw new Error('the lease is held by another');
  const batch = await router.poll({ maxRecords: 500, waitMs: 0 });
  const turn = await host.turn(lease, batch, router);
  const closed = await host.closeWindows(lease, 1_000);
  const { changes, inputs, timers, entrances, migrations } = turn;
  return changes + inputs + timers + entrances + migrations + closed;
}

let count = 0;

/** An event with everything a test does not care about filled in. */
export function rawEvent(over: Partial<RawEvent>, nowMs: EpochMs): RawEvent {
  count += 1;
  const atMs = over.atMs ?? nowMs;
  return {
    messageId: `m-${count}`,
    type: 'track',
    name: 'page',
    source: 'form',
    ids: {},
    properties: {},
    atMs,
    originalAtMs: atMs,
    receivedAtMs: nowMs,
    hasTimestamp: true,
    eventDay: new Date(atMs).toISOString().slice(0, 10),
    historical: false,
    ...over,
  };
}

/** A person with an address and consent, as the sign-up form tells. */
export function known(userId: string, over: Record<string, unknown> = {}): Partial<RawEvent>[] {
  const ids = { user_id: userId };
  return [
    {
      type: 'identify',
      name: 'identify',
      ids,
      traits: {
        firstName: 'Camille',
        email: `${userId}@example.test`,
        country: 'FR',
        timezone: 'Europe/Paris',
        ...over,
      },
    },
    consent({ user_id: userId }, 'granted'),
  ];
}

/** A statement of consent to marketing by e-mail. */
export function consent(ids: RawEvent['ids'], status: 'granted' | 'denied'): Partial<RawEvent> {
  const proof = 'form 2026-01, box ticked';
  const granted = { basis: 'opt_in', proof };
  const properties = { channel: 'email', purpose: 'marketing', status };
  return {
    name: 'consent_changed',
    ids,
    properties: status === 'granted' ? { ...properties, ...granted } : properties,
  };
}

/** The facts of one kind, in order. */
export const ofKind = <Kind extends FactKind>(facts: readonly Fact[], kind: Kind) =>
  facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
