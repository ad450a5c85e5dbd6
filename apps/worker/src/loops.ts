import {
  AnalyticsSink,
  GiveWay,
  MOST_CLAIMED,
  pause,
  Ramp,
  type AnalyticsWriter,
  type LogReader,
  type LoopWork,
} from '#libs/application';
import {
  dropOldEvents,
  keepLog,
  PostgresEnrolmentJobs,
  PostgresPeopleJobs,
  publishOutbox,
  restingOffset,
  type Outbox,
} from '#libs/adapter-postgres';
import type { Engine } from './engine.js';
import { keptDays } from './retention.js';

const DAY_MS = 86_400_000;
const LEASE_MS = 6_000;
const IDLE_MS = 250;
const OUTBOX_IDLE_MS = 100;
const OUTBOX_ROWS = 5_000;
const WINDOWS_EVERY_MS = 1_000;

/** Where the analysts' rows go, and what makes the tables they go to. */
export interface Analytics {
  readonly writer: AnalyticsWriter;
  readonly tables: () => Promise<void>;
}

/** Every loop of the worker. Each is one turn after another; idle ones wait for a wake. */
export async function loopsOf(
  engine: Engine,
  analytics: Analytics | null,
): Promise<readonly LoopWork[]> {
  const { options, log, wakeups } = engine;
  const rush: Rush = { isOn: false };
  const loops: LoopWork[] = [
    workspaceLoop(engine),
    consumerLoop('profile', engine, (signal) => engine.live.runOnce(signal)),
    consumerLoop('history', engine, (signal) => engine.historical.runOnce(signal)),
    outboxLoop(engine, 'change_outbox'),
    heldIn(rush, outboxLoop(engine, 'fact_outbox')),
    segmentLoop(engine),
    operatorLoop(engine),
    upkeepLoop(engine),
    rfmLoop(engine),
    await routerLoop(engine, rush),
    senderLoop(engine),
    {
      name: 'sweeper',
      turn: () => whenReady(engine, () => engine.sweeper.runOnce()),
      idle: (signal) => pause(1_000, signal),
    },
    {
      name: 'tasks',
      turn: () => engine.taskSweeper.runOnce(),
      idle: (signal) => pause(5_000, signal),
    },
    webhookLoop(engine),
    {
      name: 'learner',
      turn: (signal) => engine.learner.runOnce(1_000, signal),
      idle: () => Promise.resolve(),
    },
  ];
  if (analytics !== null) {
    const reader = await log.reader('analytics', ['facts']);
    const sink = new AnalyticsSink({ work: options.database, reader, writer: analytics.writer });
    loops.push({
      name: 'analytics',
      turn: async (signal) => {
        await analytics.tables();
        return await sink.runOnce(1_000, signal);
      },
      idle: (signal) => wakeups.wait(wakeups.ticket(['facts']), 500, signal),
    });
  }
  return loops.map((loop) => gathering(loop));
}

interface Gathering {
  readonly forMs: number;
  /** A turn of fewer was hardly worth what a turn costs. */
  readonly below: number;
}

/** Loops of which a turn costs much the same for one record and for many, and how work gathers. */
const GATHERING: Readonly<Record<string, Gathering>> = {
  profile: { forMs: 50, below: 100 },
  change_outbox: { forMs: 20, below: 100 },
  fact_outbox: { forMs: 100, below: 200 },
  router: { forMs: 50, below: 100 },
  learner: { forMs: 250, below: 100 },
  // Every insert makes a part of every table, which ClickHouse must merge: few and large ones.
  analytics: { forMs: 1_000, below: 10_000 },
};

/** Lets work gather after a small turn. */
function gathering(loop: LoopWork): LoopWork {
  const gather = GATHERING[loop.name];
  if (gather === undefined) return loop;
  return {
    ...loop,
    turn: async (signal) => {
      const done = await loop.turn(signal);
      if (done > 0 && done < gather.below) await pause(gather.forMs, signal);
      return done;
    },
  };
}

/** Whether the router has more behind it than one turn takes: people wait for their next step. */
interface Rush {
  isOn: boolean;
}

const RUSH_FROM = 500;
// So long at most do analysts, the CRM and learning wait for what people have been through.
const HELD_MS = 10_000;
const HELD_LOOK_MS = 100;

/** Lets facts lie where their effects put them while people wait for the processor. */
function heldIn(rush: Rush, loop: LoopWork): LoopWork {
  const way = new GiveWay({
    nowMs: () => performance.now(),
    isOtherBehind: () => rush.isOn,
    atMostMs: HELD_MS,
  });
  return {
    ...loop,
    turn: async (signal) => {
      while (way.isHeld && !signal.aborted) await pause(HELD_LOOK_MS, signal);
      const done = await loop.turn(signal);
      if (done < OUTBOX_ROWS) way.caughtUp();
      return done;
    },
  };
}

async function whenReady(engine: Engine, work: () => Promise<number>): Promise<number> {
  return engine.workspace.isReady ? await work() : 0;
}

function workspaceLoop(engine: Engine): LoopWork {
  return {
    name: 'workspace',
    turn: async () => {
      await engine.workspace.refresh();
      return 0;
    },
    idle: (signal) => pause(1_000, signal),
  };
}

function consumerLoop(
  name: string,
  engine: Engine,
  run: (signal: AbortSignal) => Promise<{ records: number; retryInMs?: number; cause?: unknown }>,
): LoopWork {
  return {
    name,
    turn: async (signal) => {
      if (!engine.workspace.isReady) return 0;
      const report = await run(signal);
      if (report.retryInMs !== undefined) await pause(report.retryInMs, signal);
      return Math.max(1, report.records);
    },
    idle: (signal) => pause(200, signal),
  };
}

const PEOPLE_A_PAGE = 500;

/**
 * A page of everybody, evaluated anew after a publishing that changed what people are computed by;
 * answers 0 when there is nothing left to do.
 */
export async function evaluateSegments(engine: Engine): Promise<number> {
  const { clock, database } = engine.options;
  const jobs = new PostgresPeopleJobs('segments');
  return await database.transaction(async (tx) => {
    const page = await jobs.next(tx, PEOPLE_A_PAGE);
    if (page === null) return 0;
    if (page.profileIds.length > 0) {
      await engine.ingest.refresh(tx, page.profileIds, 'segments');
    }
    await jobs.advance(tx, page, clock.nowMs());
    return 1 + page.profileIds.length;
  });
}

const ENROLMENTS_A_PAGE = 500;

/** A page of what operators asked to be done to many enrolments; answers 0 when nothing is left. */
export async function carryOutActs(engine: Engine): Promise<number> {
  const { clock, database } = engine.options;
  return await database.transaction((tx) =>
    new PostgresEnrolmentJobs().runOnce(tx, ENROLMENTS_A_PAGE, clock.nowMs()),
  );
}

function operatorLoop(engine: Engine): LoopWork {
  return {
    name: 'operators',
    turn: () => whenReady(engine, () => carryOutActs(engine)),
    idle: (signal) => pause(1_000, signal),
  };
}

function segmentLoop(engine: Engine): LoopWork {
  return {
    name: 'segments',
    turn: () => whenReady(engine, () => evaluateSegments(engine)),
    idle: (signal) => pause(1_000, signal),
  };
}

const KEEP_LOG_DAYS = 7;
const UPKEEP_EVERY_MS = 3_600_000;

function upkeepLoop(engine: Engine): LoopWork {
  const { clock, database, wallMs } = engine.options;
  return {
    name: 'upkeep',
    turn: async () => {
      await keepLog(database, { wallMs: wallMs(), keepDays: KEEP_LOG_DAYS });
      if (engine.workspace.isReady) {
        const { events } = keptDays(engine.workspace.published.compiled);
        await dropOldEvents(database, clock.nowMs() - events * DAY_MS);
      }
      return 0;
    },
    idle: (signal) => pause(UPKEEP_EVERY_MS, signal),
  };
}

// Nothing more of an import for so long: it has ended, or rests.
const HISTORY_QUIET_MS = 30_000;

/**
 * Quintile cuts are computed once a day of the engine's clock, and again when history has come to
 * rest: those taken in the midst of an import stand askew. Every process reads the same ones. Then a
 * page of everybody, so that whoever scores otherwise is told of; answers 0 when all are.
 */
export async function scorePeople(engine: Engine): Promise<number> {
  const { clock, database, wallMs } = engine.options;
  const historyOffset = await restingOffset(database, 'history', {
    topic: 'events.historical',
    quietSinceMs: wallMs() - HISTORY_QUIET_MS,
  });
  await engine.rfm.refresh({ nowMs: clock.nowMs(), maxAgeMs: DAY_MS, historyOffset });
  const jobs = new PostgresPeopleJobs('rfm');
  return await database.transaction(async (tx) => {
    const page = await jobs.next(tx, PEOPLE_A_PAGE);
    if (page === null) return 0;
    const moved = await engine.rfm.moved(tx, page);
    if (moved === null) return 0;
    if (moved.length > 0) await engine.ingest.refresh(tx, moved, 'rfm');
    await jobs.advance(tx, page, clock.nowMs());
    return 1 + page.profileIds.length;
  });
}

function rfmLoop(engine: Engine): LoopWork {
  return {
    name: 'rfm',
    turn: () => whenReady(engine, () => scorePeople(engine)),
    idle: (signal) => pause(30_000, signal),
  };
}

function outboxLoop(engine: Engine, outbox: Outbox): LoopWork {
  const { options, log, wakeups } = engine;
  let ticket = wakeups.ticket([outbox]);
  return {
    name: outbox,
    turn: () => {
      ticket = wakeups.ticket([outbox]);
      return publishOutbox(options.database, log, { outbox, maxRows: OUTBOX_ROWS });
    },
    // Rows wait for the oldest open transaction: not every one of them wakes us when it ends.
    idle: (signal) => wakeups.wait(ticket, OUTBOX_IDLE_MS, signal),
  };
}

async function routerLoop(engine: Engine, rush: Rush): Promise<LoopWork> {
  const { options, log, wakeups, store, host } = engine;
  const reader: LogReader = await log.reader('router', ['profile.changes']);
  const names = ['profile.changes', 'inbox', 'workspace'];
  let ticket = wakeups.ticket(names);
  let lease: Awaited<ReturnType<typeof store.acquire>> = null;
  let renewAtMs = 0;
  let windowsAtMs = 0;
  const ramp = new Ramp(25, 500);
  return {
    name: 'router',
    turn: async () => {
      if (!engine.workspace.isReady) return 0;
      ticket = wakeups.ticket(names);
      const wallMs = options.wallMs();
      if (lease === null || wallMs >= renewAtMs) {
        lease = await store.acquire('router', options.runId, LEASE_MS);
        renewAtMs = wallMs + LEASE_MS / 3;
      }
      if (lease === null) return 0;
      const batch = await reader.poll({ maxRecords: ramp.size, waitMs: 0 });
      try {
        const turn = await host.turn(lease, batch, reader);
        ramp.took(batch.records.length);
        const done = turn.changes + turn.inputs + turn.timers + turn.entrances + turn.migrations;
        rush.isOn = done >= RUSH_FROM;
        if (done > 0 || wallMs < windowsAtMs) return done;
        windowsAtMs = wallMs + WINDOWS_EVERY_MS;
        return await host.closeWindows(lease, 1_000);
      } catch (error) {
        lease = null;
        rush.isOn = false;
        await reader.seekToStored();
        throw error;
      }
    },
    idle: (signal) => wakeups.wait(ticket, IDLE_MS, signal),
  };
}

function webhookLoop(engine: Engine): LoopWork {
  const { wakeups, webhooks } = engine;
  const names = ['webhook'];
  let ticket = wakeups.ticket(names);
  return {
    name: 'webhooks',
    turn: (signal) => {
      ticket = wakeups.ticket(names);
      return whenReady(engine, () => webhooks.round(signal));
    },
    // Calls that are put off come due by the wall's clock, with nobody to wake us.
    idle: (signal) => wakeups.wait(ticket, 1_000, signal),
  };
}

function senderLoop(engine: Engine): LoopWork {
  const { options, wakeups, store, sender } = engine;
  const names = ['delivery'];
  let ticket = wakeups.ticket(names);
  let renewAtMs = 0;
  let recoverAtMs = 0;
  return {
    name: 'sender',
    turn: async (signal) => {
      if (!engine.workspace.isReady) return 0;
      ticket = wakeups.ticket(names);
      const wallMs = options.wallMs();
      if (wallMs >= renewAtMs) {
        await store.acquire(`sender/${options.runId}`, options.runId, LEASE_MS);
        renewAtMs = wallMs + LEASE_MS / 3;
      }
      if (wallMs >= recoverAtMs) {
        recoverAtMs = wallMs + LEASE_MS;
        await sender.recover();
      }
      return await sender.round(MOST_CLAIMED, signal);
    },
    idle: (signal) => wakeups.wait(ticket, IDLE_MS, signal),
  };
}
