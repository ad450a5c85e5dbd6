import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { keyedPseudonyms, lintWorkspace } from '#libs/application';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { PostgresWorkspaceStore, publishOutbox, type Database } from '#libs/adapter-postgres';
import { createSmtpSender } from '#libs/channel-email';
import { createSandboxSmsSender } from '#libs/channel-sms';
import { logKeyOf, type Fact, type RawEvent } from '#libs/contracts';
import { parseCaughtMail, startMailCatcher, type CaughtMail } from '#libs/embedded';
import type { EpochMs, JsonObject } from '#libs/kernel';
import { VirtualClock } from '#libs/testkit';
import { createEngine, type Engine } from '../../apps/worker/src/engine.js';
import { readFolder } from '../../apps/worker/src/publish-folder.js';

/** The whole engine over a real store and a real SMTP server, on a clock that a test moves. */
export interface EngineWorld {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly mails: CaughtMail[];
  readonly send: (events: readonly Partial<RawEvent>[]) => Promise<void>;
  /** Runs every loop until nothing is left to do at this instant. */
  readonly settle: () => Promise<void>;
  readonly facts: () => Promise<readonly Fact[]>;
  readonly close: () => Promise<void>;
}

/** Builds the engine around a workspace folder below `tests/workspaces`, or `scenarios` itself. */
export async function engineWorld(
  database: Database,
  options: { readonly workspace: string; readonly startMs: EpochMs },
): Promise<EngineWorld> {
  const clock = new VirtualClock(options.startMs);
  const mails: CaughtMail[] = [];
  const catcher = await startMailCatcher({
    port: 0,
    onMessage: async (raw) => {
      mails.push(await parseCaughtMail(raw));
    },
  });
  const email = createSmtpSender({
    url: `smtp://127.0.0.1:${catcher.port}`,
    provider: 'sandbox',
    connections: 2,
  });
  const engine = await createEngine({
    database,
    clock,
    calendar: new LuxonCalendar(),
    pseudonyms: keyedPseudonyms('a test key'),
    channels: new Map([
      ['email', email],
      ['sms', createSandboxSmsSender(() => Promise.resolve())],
    ]),
    partitions: 4,
    baseUrl: 'http://127.0.0.1:1',
    linkKey: 'k'.repeat(64),
    wallMs: Date.now,
    runId: randomUUID(),
  });
  await publish(database, options.workspace, clock.nowMs());
  await engine.workspace.refresh();
  const router = await engine.log.reader('router', ['profile.changes']);
  return {
    engine,
    clock,
    mails,
    send: async (events) => {
      const whole = events.map((event) => rawEvent(event, clock.nowMs()));
      const live = whole.filter((event) => !event.historical);
      const past = whole.filter((event) => event.historical);
      const append = async (topic: 'events.raw' | 'events.historical', some: readonly RawEvent[]) =>
        engine.log.append(
          topic,
          some.map((event) => ({ key: logKeyOf(event), value: event as unknown as JsonObject })),
        );
      await append('events.historical', past);
      await append('events.raw', live);
    },
    settle: () => settle(engine, router),
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

async function publish(database: Database, workspace: string, nowMs: EpochMs): Promise<void> {
  const folder = join(import.meta.dirname, '../..', workspace);
  const files = await readFolder(folder);
  const { workspace: compiled, problems } = lintWorkspace(files);
  if (compiled === undefined) throw new Error(JSON.stringify(problems.slice(0, 5)));
  await database.transaction((tx) =>
    new PostgresWorkspaceStore().apply(tx, { files, compiled, author: 'test', nowMs }),
  );
}

type Router = Awaited<ReturnType<Engine['log']['reader']>>;

async function settle(engine: Engine, router: Router): Promise<void> {
  const { options, store, host, sender } = engine;
  const lease = await store.acquire('router', options.runId, 60_000);
  await store.acquire(`sender/${options.runId}`, options.runId, 60_000);
  if (lease === null) throw new Error('the lease is held by another');
  const never = new AbortController().signal;
  const live = AbortSignal.abort();
  for (let idle = 0; idle < 2;) {
    let done = 0;
    done += (await engine.historical.runOnce(live)).records;
    done += (await engine.live.runOnce(live)).records;
    for (const outbox of ['change_outbox', 'fact_outbox'] as const) {
      done += await publishOutbox(options.database, engine.log, { outbox, maxRows: 5_000 });
    }
    const batch = await router.poll({ maxRecords: 500, waitMs: 0 });
    const turn = await host.turn(lease, batch, router);
    done += turn.changes + turn.inputs + turn.timers + turn.entrances;
    done += await host.closeWindows(lease, 1_000);
    done += await sender.round(20, never);
    done += await engine.sweeper.runOnce();
    done += await engine.learner.runOnce(0);
    idle = done === 0 ? idle + 1 : 0;
  }
}

let count = 0;

function rawEvent(over: Partial<RawEvent>, nowMs: EpochMs): RawEvent {
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
    {
      name: 'consent_changed',
      ids,
      properties: {
        channel: 'email',
        purpose: 'marketing',
        status: 'granted',
        basis: 'opt_in',
        proof: 'form 2026-01, box ticked',
      },
    },
  ];
}
