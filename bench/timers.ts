// A million parked enrolments, a tenth of them due within one second: how long until each has made
// its step and stands in its next wait, all committed, by the loops that a worker runs.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { checkoutDir } from '#libs/config';
import { inside, type Database } from '#libs/adapter-postgres';
import { runLoop, type StoredEnrolment } from '#libs/application';
import type { EpochMs, ProfileId } from '#libs/kernel';
import {
  endsAtMs,
  enrolmentIdOf,
  initialState,
  SINGLE_ENTRY_KEY,
  transition,
  type Context,
  type Definition,
  type InputEvent,
  type State,
} from '#libs/scenario';
import { loopsOf } from '../apps/worker/src/loops.js';
import { countOf, measure, rounded, type After } from './harness/measure.js';
import { openEngine, type EngineStore } from './harness/store.js';

const { values } = parseArgs({
  options: { parked: { type: 'string' }, due: { type: 'string' } },
});
const parked = countOf(values.parked, 1_000_000);
const due = countOf(values.due, Math.min(100_000, parked));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** When the first are due. */
const DUE_MS = Date.parse('2026-03-30T08:00:00Z');
const SECOND_MS = 1_000;
const TOGETHER = 5_000;
const SETTLE_MS = 3_000;
const DRAINED_WITHIN_MS = 600_000;
const PROGRESS_EVERY = 200_000;

/** A profile id of usual shape; the same in SQL is `md5('person-' || n)::uuid::text`. */
function profileOf(index: number): ProfileId {
  const hex = createHash('md5').update(`person-${index}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-') as ProfileId;
}

const context: Context = { profile: {}, account: null, answers: {}, segments: [] };

/** When this enrolment entered: the due ones a day before their second, the others later. */
function enteredAtMs(index: number): EpochMs {
  if (index < due) return DUE_MS - DAY_MS + Math.floor((index * SECOND_MS) / due);
  const spreadMs = 20 * HOUR_MS;
  const place = (index - due) / Math.max(1, parked - due);
  return DUE_MS - DAY_MS + HOUR_MS + Math.floor(place * spreadMs);
}

/** An enrolment as the interpreter leaves it in its first wait, and as the host stores it. */
function parkedEnrolment(definition: Definition, index: number): StoredEnrolment {
  const profileId = profileOf(index);
  const event: InputEvent = {
    key: `key-${index}`,
    name: 'signed_up',
    atMs: enteredAtMs(index),
    properties: {},
    historical: false,
  };
  const { scenario } = definition;
  const entryKey = SINGLE_ENTRY_KEY;
  const id = enrolmentIdOf({ scenario, profileId, entryKey, entryEventKey: event.key });
  const entering = initialState(definition, { enrolmentId: id, profileId, entryKey });
  const input = { type: 'entered', atMs: event.atMs, context, event } as const;
  const { state } = transition(definition, entering, input);
  return {
    id,
    profileId,
    scenario,
    definition: definition.hash,
    entryKey,
    group: 'policy',
    version: 1,
    enteredAtMs: event.atMs,
    isMixed: false,
    isSample: false,
    state,
    stepId: state.cursors[0]?.stepId ?? '',
    dueMs: dueOf(definition, state),
  };
}

function dueOf(definition: Definition, state: State): EpochMs {
  const wait = state.cursors[0]?.wait;
  if (wait?.kind !== 'timer') throw new Error('the enrolment does not wait');
  return Math.min(wait.dueMs, endsAtMs(definition, state));
}

async function park({ database, engine }: EngineStore, definition: Definition): Promise<void> {
  for (let start = 0; start < parked; start += TOGETHER) {
    const end = Math.min(parked, start + TOGETHER);
    const inserted = Array.from({ length: end - start }, (_, place) =>
      parkedEnrolment(definition, start + place),
    );
    const none = { ledger: [], watches: [], matched: [], doneInbox: [], facts: [] };
    await database.transaction((tx) =>
      engine.store.save(tx, { inserted, updated: [], ended: [], ...none }),
    );
    if (end % PROGRESS_EVERY === 0) console.log(`${end} enrolments are parked.`);
  }
}

/** One person through the real profile consumer, then copied: a profile for every enrolment. */
async function makeProfiles({ database, engine }: EngineStore): Promise<void> {
  const atMs = DUE_MS - 2 * DAY_MS;
  await engine.log.append('events.raw', [
    {
      key: 'first',
      value: {
        messageId: 'first',
        type: 'identify',
        name: 'identify',
        source: 'form',
        ids: { user_id: 'first' },
        properties: {},
        traits: {
          firstName: 'Camille',
          email: 'first@people.example',
          country: 'FR',
          timezone: 'Europe/Paris',
        },
        atMs,
        originalAtMs: atMs,
        receivedAtMs: atMs,
        hasTimestamp: true,
        eventDay: new Date(atMs).toISOString().slice(0, 10),
        historical: false,
      },
    },
  ]);
  await engine.live.runOnce();
  const made = await database.query(
    `INSERT INTO profile (profile_id, version, group_unit, first_seen_ms, updated_at_ms, memberships,
       doc)
     SELECT md5('person-' || n)::uuid::text, p.version, md5('person-' || n)::uuid::text,
       p.first_seen_ms, p.updated_at_ms, p.memberships, p.doc
     FROM (SELECT * FROM profile LIMIT 1) p CROSS JOIN generate_series(0, $1::int - 1) n`,
    [parked],
  );
  if (made.rowCount !== parked) throw new Error(`${made.rowCount} profiles of ${parked}`);
}

/** Transitions a second of the due timers in memory: no store, no people, no facts. */
function bareTransitionsPerS(definition: Definition): number {
  const count = Math.min(due, 50_000);
  const rows = Array.from({ length: count }, (_, index) => parkedEnrolment(definition, index));
  const startedMs = performance.now();
  for (const row of rows) {
    const wait = row.state.cursors[0]?.wait;
    if (wait?.kind !== 'timer') throw new Error('the enrolment does not wait');
    const { commandId } = wait;
    transition(definition, row.state, { type: 'timer', commandId, atMs: wait.dueMs, context });
  }
  return (count / (performance.now() - startedMs)) * 1_000;
}

/** Seconds of nothing but an indexed UPDATE of as many rows of the same bytes, 1,000 at once. */
async function plainUpdateS(database: Database): Promise<number> {
  await database.query(
    `CREATE TABLE bench_plain AS SELECT id, due_at_ms, state FROM enrolment
     WHERE due_at_ms < ${DUE_MS + SECOND_MS}`,
  );
  await database.query('ALTER TABLE bench_plain ADD PRIMARY KEY (id)');
  await database.query('CREATE INDEX bench_plain_due ON bench_plain (due_at_ms)');
  const startedMs = performance.now();
  for (let moved = 1; moved > 0;) {
    moved = await database.transaction(async (tx) => {
      const done = await inside(tx).query(
        `UPDATE bench_plain SET due_at_ms = due_at_ms + ${DAY_MS} WHERE id IN (
           SELECT id FROM bench_plain WHERE due_at_ms < ${DUE_MS + SECOND_MS} LIMIT 1000)`,
      );
      return done.rowCount ?? 0;
    });
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  await database.query('DROP TABLE bench_plain');
  return seconds;
}

async function bytesPerRow(database: Database): Promise<number> {
  const { rows } = await database.query<{ bytes: number; n: number }>(
    `SELECT pg_total_relation_size('enrolment') AS bytes, (SELECT count(*) FROM enrolment) AS n`,
  );
  return (rows[0]?.bytes ?? 0) / (rows[0]?.n ?? 1);
}

/** Turns the worker's loops until the end; answers what stops them. */
async function turnLoops({ engine }: EngineStore, after: After): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const failed = (name: string, error: unknown): void => console.log(`${name}: ${String(error)}`);
  const loops = await loopsOf(engine, null);
  const running = Promise.all(loops.map((loop) => runLoop(loop, { failed }, stopping.signal)));
  const stop = async (): Promise<void> => {
    stopping.abort();
    engine.wakeups.wake();
    await running;
  };
  after(stop);
  return stop;
}

interface Moved {
  readonly waiting: number;
  readonly steps: number;
  readonly overdue: number;
}

/** What is committed: the next waits, and the facts of the steps that were left. */
async function movedOf(database: Database): Promise<Moved> {
  const one = async (sql: string): Promise<number> =>
    (await database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  const isStep = `value LIKE '%"kind":"step","version":2,%'`;
  return {
    waiting: await one(
      `SELECT count(*) AS n FROM enrolment
       WHERE step_id = 'wait-2' AND due_at_ms >= ${DUE_MS + DAY_MS}`,
    ),
    steps:
      (await one(`SELECT count(*) AS n FROM log_facts WHERE ${isStep}`)) +
      (await one(`SELECT count(*) AS n FROM fact_outbox WHERE ${isStep}`)),
    overdue: await one(
      `SELECT count(*) AS n FROM enrolment WHERE due_at_ms < ${DUE_MS + SECOND_MS}`,
    ),
  };
}

await measure('timers', async (after) => {
  let clockMs = (): EpochMs => DUE_MS - HOUR_MS;
  const opened = await openEngine(after, {
    workspace: join(checkoutDir(), 'bench', 'workspaces', 'timers'),
    clock: { nowMs: () => clockMs() },
  });
  const { database, compiled } = opened;
  const [definition] = compiled.definitions;
  if (definition === undefined) throw new Error('no scenario');
  await makeProfiles(opened);
  await park(opened, definition);
  const bytes = await bytesPerRow(database);
  await database.query('VACUUM (ANALYZE) enrolment, profile');
  const plainS = await plainUpdateS(database);
  const barePerS = bareTransitionsPerS(definition);

  const stop = await turnLoops(opened, after);
  const startMs = Date.now() + SETTLE_MS;
  clockMs = () => DUE_MS + Date.now() - startMs;
  const overdue = `SELECT 1 FROM enrolment WHERE due_at_ms < ${DUE_MS + SECOND_MS} LIMIT 1`;
  for (;;) {
    await delay(100);
    if (Date.now() < startMs) continue;
    if ((await database.query(overdue)).rowCount === 0) break;
    if (Date.now() - startMs > DRAINED_WITHIN_MS) break;
  }
  const drainedS = (Date.now() - startMs) / 1_000;
  await stop();
  const moved = await movedOf(database);
  return {
    parked,
    due,
    drained_s: rounded(drainedS, 2),
    bytes_per_parked: Math.round(bytes),
    in_next_wait: moved.waiting,
    step_facts: moved.steps,
    overdue: moved.overdue,
    per_s: Math.round(due / drainedS),
    plain_update_s: rounded(plainS, 2),
    bare_transitions_per_s: Math.round(barePerS),
    goal_met:
      due >= 100_000 && parked >= 1_000_000
        ? drainedS <= 10 && moved.waiting === due && moved.steps === due
        : 'too small a run',
  };
});
