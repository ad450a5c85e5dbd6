// A million parked enrolments, a tenth of them due within one second: how long until each has made
// its step and stands in its next wait, all committed, by the whole product with every process on.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { checkoutDir } from '#libs/config';
import { inside, PostgresEnrolmentStore, type Database } from '#libs/adapter-postgres';
import {
  lintWorkspace,
  readWorkspaceFolder,
  type LedgerRow,
  type StoredEnrolment,
} from '#libs/application';
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
import { drained } from './harness/depths.js';
import { person, postAll } from './harness/load.js';
import { countOf, measure, rounded } from './harness/measure.js';
import { watchMemory } from './harness/memory.js';
import { processorBetween, processorSeconds } from './harness/processor.js';
import { Product } from './harness/product.js';

const { values } = parseArgs({
  options: { parked: { type: 'string' }, due: { type: 'string' } },
});
const parked = countOf(values.parked, 1_000_000);
const due = countOf(values.due, Math.min(100_000, parked));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SECOND_MS = 1_000;
const TOGETHER = 5_000;
const DRAINED_WITHIN_MS = 600_000;
const PROGRESS_EVERY = 200_000;
/** The due ones are parked in this many times what as many others took, before their second. */
const SPARE = 3;
const LEAST_SPARE_MS = 5_000;

/** A profile id of usual shape; the same in SQL is `md5('person-' || n)::uuid::text`. */
function profileOf(index: number): ProfileId {
  const hex = createHash('md5').update(`person-${index}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-') as ProfileId;
}

const context: Context = { profile: {}, account: null, answers: {}, segments: [] };

/** When those entered who are due much later: their waits end within a day, an hour from now on. */
function laterEnteredAtMs(index: number, nowMs: EpochMs): EpochMs {
  const place = (index - due) / Math.max(1, parked - due);
  return nowMs - DAY_MS + HOUR_MS + Math.floor(place * 20 * HOUR_MS);
}

/** An enrolment as the interpreter leaves it in its first wait, and as the host stores it. */
function parkedEnrolment(
  definition: Definition,
  index: number,
  enteredAtMs: EpochMs,
): StoredEnrolment {
  const profileId = profileOf(index);
  const event: InputEvent = {
    key: `key-${index}`,
    name: 'signed_up',
    atMs: enteredAtMs,
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

/** What the host keeps of an entry beside the enrolment: it says who may enter again, and when. */
const ledgerOf = (enrolment: StoredEnrolment): LedgerRow => ({
  scenario: enrolment.scenario,
  profileId: enrolment.profileId,
  entryKey: enrolment.entryKey,
  enrolmentId: enrolment.id,
  lastEnteredAtMs: enrolment.enteredAtMs,
});

/** Stores enrolments of a range of people, as they entered; answers the milliseconds it took. */
async function park(
  database: Database,
  range: { readonly from: number; readonly to: number },
  make: (index: number) => StoredEnrolment,
): Promise<number> {
  const store = new PostgresEnrolmentStore(database, Date.now);
  const none = { watches: [], matched: [], doneInbox: [], facts: [] };
  const startedMs = performance.now();
  for (let start = range.from; start < range.to; start += TOGETHER) {
    const end = Math.min(range.to, start + TOGETHER);
    const inserted = Array.from({ length: end - start }, (_, place) => make(start + place));
    await database.transaction((tx) =>
      store.save(tx, {
        inserted,
        updated: [],
        ended: [],
        ledger: inserted.map(ledgerOf),
        ...none,
      }),
    );
    if (end % PROGRESS_EVERY === 0) console.log(`${end} enrolments are parked.`);
  }
  return performance.now() - startedMs;
}

/** One person through capture and the profile store, then copied: a profile for every enrolment. */
async function makeProfiles(product: Product, database: Database): Promise<void> {
  await postAll({ url: product.url, writeKey: product.writeKey }, person(0));
  const left = await drained(database, 60_000);
  if (left !== null) throw new Error(`the first person is not known: ${JSON.stringify(left)}`);
  const made = await database.query(
    `INSERT INTO profile (profile_id, version, group_unit, first_seen_ms, updated_at_ms, memberships,
       doc)
     SELECT md5('person-' || n)::uuid::text, p.version, md5('person-' || n)::uuid::text,
       p.first_seen_ms, p.updated_at_ms, p.memberships, p.doc
     FROM (SELECT * FROM profile LIMIT 1) p CROSS JOIN generate_series(0, $1::int - 1) n`,
    [parked],
  );
  await database.query(
    `INSERT INTO node (node_id, profile_id, created_at_ms)
     SELECT profile_id, profile_id, first_seen_ms FROM profile ON CONFLICT DO NOTHING`,
  );
  if (made.rowCount !== parked) throw new Error(`${made.rowCount} profiles of ${parked}`);
}

/** Transitions a second of the due timers in memory: no store, no people, no facts. */
function bareTransitionsPerS(definition: Definition): number {
  const count = Math.min(due, 50_000);
  const atMs = Date.now();
  const rows = Array.from({ length: count }, (_, index) =>
    parkedEnrolment(definition, index, atMs),
  );
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
async function plainUpdateS(database: Database, dueMs: EpochMs): Promise<number> {
  await database.query(
    `CREATE TABLE bench_plain AS SELECT id, due_at_ms, state FROM enrolment
     WHERE due_at_ms < ${dueMs}`,
  );
  await database.query('ALTER TABLE bench_plain ADD PRIMARY KEY (id)');
  await database.query('CREATE INDEX bench_plain_due ON bench_plain (due_at_ms)');
  const startedMs = performance.now();
  for (let moved = 1; moved > 0;) {
    moved = await database.transaction(async (tx) => {
      const done = await inside(tx).query(
        `UPDATE bench_plain SET due_at_ms = due_at_ms + ${DAY_MS} WHERE id IN (
           SELECT id FROM bench_plain WHERE due_at_ms < ${dueMs} LIMIT 1000)`,
      );
      return done.rowCount ?? 0;
    });
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  await database.query('DROP TABLE bench_plain');
  return seconds;
}

/** Bytes a row with its indexes; one row of each table for every parked enrolment. */
async function bytesPerRow(
  database: Database,
  table: 'enrolment' | 'entry_ledger',
): Promise<number> {
  const { rows } = await database.query<{ bytes: number; n: number }>(
    `SELECT pg_total_relation_size('${table}') AS bytes, (SELECT count(*) FROM ${table}) AS n`,
  );
  const { bytes = 0, n = 0 } = rows[0] ?? {};
  if (n !== parked) throw new Error(`${n} rows of ${table} for ${parked} enrolments`);
  return bytes / n;
}

interface Moved {
  readonly waiting: number;
  readonly steps: number;
  readonly overdue: number;
}

/** What is committed: the next waits, and the facts of the steps that were left. */
async function movedOf(database: Database, dueMs: EpochMs): Promise<Moved> {
  const one = async (sql: string): Promise<number> =>
    (await database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  const isStep = `value LIKE '%"kind":"step","version":2,%'`;
  return {
    waiting: await one(
      `SELECT count(*) AS n FROM enrolment
       WHERE step_id = 'wait-2' AND due_at_ms >= ${dueMs + DAY_MS - SECOND_MS}`,
    ),
    steps:
      (await one(`SELECT count(*) AS n FROM log_facts WHERE ${isStep}`)) +
      (await one(`SELECT count(*) AS n FROM fact_outbox WHERE ${isStep}`)),
    overdue: await one(`SELECT count(*) AS n FROM enrolment WHERE due_at_ms < ${dueMs}`),
  };
}

/** The one scenario of the workspace, as the product compiled it. */
async function definitionOf(workspace: string): Promise<Definition> {
  const { files } = await readWorkspaceFolder(workspace);
  const { workspace: compiled, problems } = lintWorkspace(files);
  const [definition] = compiled?.definitions ?? [];
  if (definition === undefined) throw new Error(JSON.stringify(problems.slice(0, 5)));
  return definition;
}

/** Waits until nobody is overdue; answers the seconds since the first was due. */
async function drainS(database: Database, fromMs: EpochMs, dueMs: EpochMs): Promise<number> {
  const overdue = `SELECT 1 FROM enrolment WHERE due_at_ms < ${dueMs} LIMIT 1`;
  await delay(fromMs - Date.now());
  for (;;) {
    const isOver = (await database.query(overdue)).rowCount === 0;
    const tookMs = Date.now() - fromMs;
    if ((isOver && tookMs >= dueMs - fromMs) || tookMs > DRAINED_WITHIN_MS) return tookMs / 1_000;
    await delay(50);
  }
}

await measure('timers', async (after) => {
  const workspace = join(checkoutDir(), 'bench', 'workspaces', 'timers');
  const definition = await definitionOf(workspace);
  const product = await Product.start({ workspace });
  after(() => product.remove());
  const database = product.openDatabase();
  after(() => database.close());
  await makeProfiles(product, database);
  const nowMs = Date.now();
  const others = { from: due, to: parked };
  const tookMs = await park(database, others, (index) =>
    parkedEnrolment(definition, index, laterEnteredAtMs(index, nowMs)),
  );
  await database.query('VACUUM (ANALYZE) enrolment, entry_ledger, profile, node');
  const perOne = tookMs / Math.max(1, parked - due);
  const firstMs = Date.now() + LEAST_SPARE_MS + Math.ceil(perOne * due * SPARE);
  await park(database, { from: 0, to: due }, (index) =>
    parkedEnrolment(definition, index, firstMs - DAY_MS + Math.floor((index * SECOND_MS) / due)),
  );
  const dueMs = firstMs + SECOND_MS;
  const enrolmentBytes = await bytesPerRow(database, 'enrolment');
  const ledgerBytes = await bytesPerRow(database, 'entry_ledger');
  const barePerS = bareTransitionsPerS(definition);
  const plainS = await plainUpdateS(database, dueMs);
  if (Date.now() > firstMs) throw new Error('the first were due before the measurement began');

  const memory = watchMemory(product.pid);
  const before = processorSeconds(product.pid);
  const drainedS = await drainS(database, firstMs, dueMs);
  console.log(
    `Seconds of processor: ${JSON.stringify(processorBetween(before, processorSeconds(product.pid)))}`,
  );
  const left = await drained(database, DRAINED_WITHIN_MS);
  const { rssMb, ownMb } = await memory.stop();
  const moved = await movedOf(database, dueMs);
  return {
    parked,
    due,
    drained_s: rounded(drainedS, 2),
    bytes_per_parked: Math.round(enrolmentBytes + ledgerBytes),
    bytes_per_enrolment: Math.round(enrolmentBytes),
    bytes_per_ledger_row: Math.round(ledgerBytes),
    in_next_wait: moved.waiting,
    step_facts: moved.steps,
    overdue: moved.overdue,
    per_s: Math.round(due / drainedS),
    rss_mb: rssMb,
    own_mb: ownMb,
    at_analysts_s: left === null ? rounded((Date.now() - firstMs) / 1_000, 2) : -1,
    plain_update_s: rounded(plainS, 2),
    bare_transitions_per_s: Math.round(barePerS),
    goal_met:
      due >= 100_000 && parked >= 1_000_000
        ? drainedS <= 10 && moved.waiting === due && moved.steps === due
        : 'too small a run',
  };
});
