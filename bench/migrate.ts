// Live enrolments over three versions of a scenario: a fourth that pins changes nothing about them, a
// fifth that migrates moves whoever has a step to go on from, and refuses the rest, by the whole
// product with every process on, its worker killed half-way through.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  PostgresConsoleWorkspaceStore,
  PostgresEnrolmentStore,
  type Database,
} from '#libs/adapter-postgres';
import {
  lintWorkspace,
  readWorkspaceFolder,
  type CompiledWorkspace,
  type StoredEnrolment,
} from '#libs/application';
import { checkoutDir } from '#libs/config';
import { waitUntil } from '#libs/embedded';
import type { EpochMs, ProfileId } from '#libs/kernel';
import {
  endsAtMs,
  enrolmentIdOf,
  initialState,
  SINGLE_ENTRY_KEY,
  transition,
  type Context,
  type Definition,
  type State,
} from '#libs/scenario';
import { documentOf, startCommand } from './harness/command.js';
import { drained } from './harness/depths.js';
import { event, person, postAll } from './harness/load.js';
import { countOf, measure, rounded } from './harness/measure.js';
import { Product } from './harness/product.js';

const { values } = parseArgs({ options: { people: { type: 'string' } } });
const people = countOf(values.people, 10_000);
const HOUR_MS = 3_600_000;
const WITHIN_MS = 120_000;
const TOGETHER = 2_000;
const VERSIONS = 3;
/** Hours ago of who stands on the first wait, the second and the third. */
const ENTERED_HOURS = [24, 72, 300] as const;

const context: Context = { profile: {}, account: null, answers: {}, segments: [] };
const profileOf = (index: number): ProfileId => `bench-person-${index}` as ProfileId;

/** The workspace with another last step, and whatever else a version changes. */
function writeVersion(folder: string, last: string, change: string): void {
  const path = join(folder, 'journey.yaml');
  const text = readFileSync(path, 'utf8')
    .replace(/^on_change: .*\n/m, '')
    .replace(/^redirects: .*\n/m, '')
    .replace(/id: last_\w+/, `id: ${last}`)
    .replace('limits:', `${change}limits:`);
  writeFileSync(path, text);
}

async function compiledOf(folder: string): Promise<{
  readonly files: ReadonlyMap<string, string>;
  readonly compiled: CompiledWorkspace;
  readonly definition: Definition;
}> {
  const { files } = await readWorkspaceFolder(folder);
  const { workspace: compiled, problems } = lintWorkspace(files);
  const [definition] = compiled?.definitions ?? [];
  if (compiled === undefined || definition === undefined) throw new Error(JSON.stringify(problems));
  return { files, compiled, definition };
}

/** An enrolment as it stands now, having entered so long ago, and as the host stores it. */
function enrolmentOf(definition: Definition, index: number, nowMs: EpochMs): StoredEnrolment {
  const profileId = profileOf(index);
  const hoursAgo = ENTERED_HOURS[Math.floor(index / VERSIONS) % ENTERED_HOURS.length] ?? 0;
  const enteredAtMs = nowMs - hoursAgo * HOUR_MS;
  const { scenario } = definition;
  const entryKey = SINGLE_ENTRY_KEY;
  const key = `bench-key-${index}`;
  const id = enrolmentIdOf({ scenario, profileId, entryKey, entryEventKey: key });
  let state = initialState(definition, { enrolmentId: id, profileId, entryKey });
  const entry = { key, name: 'signed_up', atMs: enteredAtMs, properties: {}, historical: false };
  const entered = { type: 'entered', atMs: enteredAtMs, context, event: entry } as const;
  state = transition(definition, state, entered).state;
  for (let due = dueOf(state); due.atMs <= nowMs; due = dueOf(state)) {
    const { atMs, commandId } = due;
    state = transition(definition, state, { type: 'timer', atMs, commandId, context }).state;
  }
  return {
    id,
    profileId,
    scenario,
    definition: definition.hash,
    entryKey,
    group: 'policy',
    version: 1,
    enteredAtMs,
    isMixed: false,
    isSample: false,
    state,
    stepId: state.cursors[0]?.stepId ?? '',
    dueMs: Math.min(dueOf(state).atMs, endsAtMs(definition, state)),
  };
}

function dueOf(state: State) {
  const wait = state.cursors[0]?.wait;
  if (wait === undefined || !('dueMs' in wait) || wait.dueMs === null) {
    throw new Error('the enrolment does not wait');
  }
  return { atMs: wait.dueMs, commandId: wait.commandId };
}

/** Everybody, a third under each version, on each of its three steps. */
async function enter(database: Database, definitions: readonly Definition[]): Promise<void> {
  const store = new PostgresEnrolmentStore(database, Date.now);
  const none = { updated: [], ended: [], watches: [], matched: [], doneInbox: [], facts: [] };
  const nowMs = Date.now();
  for (let start = 0; start < people; start += TOGETHER) {
    const size = Math.min(TOGETHER, people - start);
    const inserted = Array.from({ length: size }, (_, place) => {
      const definition = definitions[(start + place) % VERSIONS];
      if (definition === undefined) throw new Error('a version is missing');
      return enrolmentOf(definition, start + place, nowMs);
    });
    const ledger = inserted.map(({ scenario, profileId, entryKey, id, enteredAtMs }) => ({
      scenario,
      profileId,
      entryKey,
      enrolmentId: id,
      lastEnteredAtMs: enteredAtMs,
    }));
    await database.transaction((tx) => store.save(tx, { inserted, ledger, ...none }));
  }
}

interface Row {
  [column: string]: unknown;
  id: string;
  definition: string;
  step_id: string;
  row: string;
}

/** Every enrolment of the bench, whole. */
async function rowsOf(database: Database): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await database.query<Row>(
    `SELECT id, definition, step_id, e::text AS row FROM enrolment e
     WHERE profile_id LIKE 'bench-person-%'`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Somebody signs up and is in the version: the worker lives, and knows it. */
async function isKnown(product: Product, database: Database, definition: string): Promise<void> {
  for (let index = 0; index < 100; index += 1) {
    const name = 1_000_000 + Date.now() + index;
    await postAll(product, [...person(name), event('signed_up', name)]);
    if ((await drained(database, WITHIN_MS)) !== null) throw new Error('the engine is not drained');
    const found = await database.query('SELECT 1 FROM enrolment WHERE definition = $1', [
      definition,
    ]);
    if ((found.rowCount ?? 0) > 0) return;
  }
  throw new Error('the version never came into force');
}

interface Job {
  [column: string]: unknown;
  done: number;
  state: string;
  payload: string;
}

async function jobOf(database: Database, definition: string): Promise<Job> {
  const { rows } = await database.query<Job>('SELECT done, state, payload FROM job WHERE id = $1', [
    `migrate/${definition}`,
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('there is no such job');
  return row;
}

/** Waits for the end of a job; with `kills` the worker is killed once half of them are done. */
async function moveAll(
  product: Product,
  database: Database,
  given: { readonly definition: string; readonly kills: boolean },
): Promise<{ readonly seconds: number; readonly killedAt: number; readonly job: Job }> {
  const startedMs = performance.now();
  let killedAt = 0;
  const isOver = await waitUntil(
    async () => {
      const { done, state } = await jobOf(database, given.definition);
      if (state !== 'running') return true;
      if (given.kills && killedAt === 0 && done >= people / 2) {
        const worker = product.children.find(({ role }) => role === 'worker');
        if (worker !== undefined) process.kill(worker.pid, 'SIGKILL');
        killedAt = done;
      }
      return false;
    },
    WITHIN_MS,
    10,
  );
  if (!isOver) throw new Error('the people were not moved in time');
  const seconds = (performance.now() - startedMs) / 1_000;
  return { seconds, killedAt, job: await jobOf(database, given.definition) };
}

/** Facts that say an enrolment of the bench is in a version; and how many are told of once. */
async function toldOf(database: Database, definition: string, ids: ReadonlySet<string>) {
  const { rows } = await database.query<{ id: string }>(
    `SELECT value::json->>'id' AS id FROM (
       SELECT value FROM log_facts UNION ALL SELECT value FROM fact_outbox) f
     WHERE value LIKE '%"kind":"enrolment"%' AND value LIKE $1`,
    [`%"definition":"${definition}"%`],
  );
  const told = rows.map(({ id }) => id).filter((id) => ids.has(id));
  return { facts: told.length, people: new Set(told).size };
}

await measure('migrate', async (after) => {
  const folder = mkdtempSync(join(tmpdir(), 'relance-migrate-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(checkoutDir(), 'bench', 'workspaces', 'migrate'), folder, { recursive: true });
  const product = await Product.start({ workspace: folder });
  after(() => product.remove());
  const database = product.openDatabase();
  after(() => database.close());
  const apply = async (): Promise<Definition> => {
    await documentOf(startCommand(product, ['apply', folder, '--json']));
    return (await compiledOf(folder)).definition;
  };
  const definitions: Definition[] = [];
  for (const last of ['last_1', 'last_2', 'last_3']) {
    writeVersion(folder, last, '');
    definitions.push(await apply());
  }
  await enter(database, definitions);
  const before = await rowsOf(database);

  writeVersion(folder, 'last_4', '');
  const pinning = await apply();
  await isKnown(product, database, pinning.hash);
  const pinned = await rowsOf(database);
  const drift = [...before].filter(([id, { row }]) => pinned.get(id)?.row !== row).length;

  // The last step of the first version has no redirect: whoever stands there cannot go on.
  const redirects = (which: readonly string[]): string =>
    `on_change: migrate\nredirects: { ${which.map((one) => `${one}: last_5`).join(', ')} }\n`;
  writeVersion(folder, 'last_5', redirects(['last_2', 'last_3', 'last_4']));
  const refusal = await startCommand(product, ['apply', folder, '--json']).ended;
  const isRefused = refusal.code === 1 && refusal.out.includes('RLN-1230');
  // Published past that refusal, as if they had come to the step after it was looked at.
  const moving = await compiledOf(folder);
  const store = new PostgresConsoleWorkspaceStore(database);
  await database.transaction((tx) =>
    store.apply(tx, { ...moving, author: 'bench', nowMs: Date.now(), isSample: false }),
  );
  const { hash } = moving.definition;
  const { seconds, killedAt, job } = await moveAll(product, database, {
    definition: hash,
    kills: true,
  });
  const now = await rowsOf(database);
  const unmapped = [...before.values()].filter(({ step_id: step }) => step === 'last_1');
  const mapped = [...before.values()].filter(({ step_id: step }) => step !== 'last_1');
  const moved = mapped.filter(({ id, step_id: step }) => {
    const row = now.get(id);
    return row?.definition === hash && row.step_id === (step.startsWith('last') ? 'last_5' : step);
  });
  const unchanged = unmapped.filter(({ id, row }) => now.get(id)?.row === row);
  const told = await toldOf(database, hash, new Set(before.keys()));
  const { refused } = JSON.parse(job.payload) as { refused: Record<string, number> };

  writeVersion(folder, 'last_5', redirects(['last_1', 'last_2', 'last_3', 'last_4']));
  const last = await apply();
  await moveAll(product, database, { definition: last.hash, kills: false });
  const left = [...(await rowsOf(database)).values()].filter(
    ({ definition }) => definition !== last.hash,
  ).length;
  const isExact =
    drift === 0 &&
    isRefused &&
    moved.length === mapped.length &&
    unchanged.length === unmapped.length &&
    refused['unmapped_step'] === unmapped.length &&
    told.facts === moved.length &&
    told.people === moved.length &&
    left === 0;
  return {
    people,
    versions: VERSIONS,
    pinned_drift: drift,
    refused_by_apply: isRefused,
    mapped: mapped.length,
    moved: moved.length,
    unmapped: unmapped.length,
    refused: refused['unmapped_step'] ?? 0,
    unchanged: unchanged.length,
    facts: told.facts,
    told_once: told.people,
    killed_at: killedAt,
    left_after_redirects: left,
    seconds: rounded(seconds, 2),
    per_s: Math.round(people / seconds),
    goal_met: isExact && killedAt > 0,
  };
});
