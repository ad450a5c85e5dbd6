// How long after the 200 of an event its step is taken: events come one a request at a steady rate,
// each wakes an enrolment that waits for it; the step counts when its fact can be read in the log.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { checkoutDir } from '#libs/config';
import { EmbeddedLog, LOG_CHANNEL, Wakeups, type Database } from '#libs/adapter-postgres';
import { drained } from './harness/depths.js';
import { event, person, postAll } from './harness/load.js';
import { countOf, measure, rounded } from './harness/measure.js';
import { Product } from './harness/product.js';
import { HttpConnection, postRequest } from './lib/http-connection.js';
import { percentile } from './support/report.js';

const { values } = parseArgs({
  options: { rate: { type: 'string' }, seconds: { type: 'string' } },
});
const rate = countOf(values.rate, 500);
const seconds = countOf(values.seconds, 30);
const WARM_UP_S = 5;
const CONNECTIONS = 32;
const TICK_MS = 5;
const ARRIVED_WITHIN_MS = 60_000;
const people = rate * (seconds + WARM_UP_S);
const warmUp = rate * WARM_UP_S;

/** Which person of the load a profile is. */
async function indexByProfile(database: Database): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query<{ value_norm: string; profile_id: string }>(
    `SELECT i.value_norm, n.profile_id FROM profile_identity i JOIN node n USING (node_id)
     WHERE i.ns = 'user_id'`,
  );
  return new Map(rows.map((row) => [row.profile_id, Number(row.value_norm.split('-')[1])]));
}

interface StepValue {
  readonly kind: string;
  readonly version: number;
  readonly profileId: string;
  readonly body: { readonly stepId: string };
}

/** Reads facts as they come, as a consumer does, and notes when each step could be seen. */
class StepWatch {
  readonly seenAtMs = new Map<number, number>();
  private isOver = false;
  private reading: Promise<void> = Promise.resolve();

  private constructor(
    private readonly wakeups: Wakeups,
    private readonly people: ReadonlyMap<string, number>,
  ) {}

  static async open(database: Database): Promise<StepWatch> {
    const wakeups = new Wakeups(database, LOG_CHANNEL);
    await wakeups.listen();
    const log = await EmbeddedLog.open(database, wakeups, { partitions: 12, wallMs: Date.now });
    const reader = await log.reader('bench-freshness', ['facts']);
    const watch = new StepWatch(wakeups, await indexByProfile(database));
    // What was written before is read first, so that the reader stands at the end.
    for (;;) {
      if ((await reader.poll({ maxRecords: 20_000, waitMs: 0 })).records.length === 0) break;
    }
    watch.reading = watch.read(() => reader.poll({ maxRecords: 5_000, waitMs: 500 }));
    return watch;
  }

  private async read(
    poll: () => Promise<{ readonly records: readonly { readonly value: unknown }[] }>,
  ): Promise<void> {
    while (!this.isOver) {
      const { records } = await poll();
      const atMs = performance.now();
      for (const { value } of records) {
        const fact = value as StepValue;
        if (fact.kind !== 'step' || fact.version !== 2 || fact.body.stepId !== 'visit') continue;
        const index = this.people.get(fact.profileId);
        if (index !== undefined) this.seenAtMs.set(index, atMs);
      }
    }
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.reading;
    await this.wakeups.close();
  }
}

interface Sent {
  /** Monotonic time of the 200, by person; absent where the answer was another. */
  readonly answeredAtMs: ReadonlyMap<number, number>;
  readonly requestMs: readonly number[];
  /** Longest an event waited here for a free connection: the load keeps its rate while small. */
  readonly lateMs: number;
}

/** Sends one event a person, evenly at the rate, whatever the answers do. */
async function sendEvenly(product: Product): Promise<Sent> {
  const port = Number(new URL(product.url).port);
  const free = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => HttpConnection.open(port)),
  );
  const all = [...free];
  const answeredAtMs = new Map<number, number>();
  const requestMs: number[] = [];
  let lateMs = 0;
  let next = 0;
  let inHand = 0;
  const startedMs = performance.now();
  const send = async (connection: HttpConnection, index: number): Promise<void> => {
    const text = JSON.stringify(event('page_visited', index, { path: '/' }));
    const sentMs = performance.now();
    lateMs = Math.max(lateMs, sentMs - startedMs - (index / rate) * 1_000);
    const { status } = await connection.send(postRequest('/v1/track', product.writeKey, text));
    const nowMs = performance.now();
    if (status === 200) answeredAtMs.set(index, nowMs);
    requestMs.push(nowMs - sentMs);
    free.push(connection);
    inHand -= 1;
  };
  const sending: Promise<void>[] = [];
  while (next < people || inHand > 0) {
    const wanted = Math.min(people, Math.floor(((performance.now() - startedMs) / 1_000) * rate));
    // In turn: the server closes a connection on which nothing came for seconds.
    for (let connection = free.shift(); connection !== undefined; connection = free.shift()) {
      if (next >= wanted) {
        free.unshift(connection);
        break;
      }
      inHand += 1;
      sending.push(send(connection, next));
      next += 1;
    }
    await delay(TICK_MS);
  }
  await Promise.all(sending);
  for (const connection of all) connection.close();
  return { answeredAtMs, requestMs, lateMs };
}

/** The least that such a path costs: from the commit of an INSERT to its notice, one at a time. */
async function bareNotifyMs(database: Database): Promise<readonly number[]> {
  await database.query('CREATE TABLE bench_plain (at timestamptz, value text)');
  const wakeups = new Wakeups(database, 'bench_plain');
  await wakeups.listen();
  const times: number[] = [];
  for (let count = 0; count < rate; count += 1) {
    const ticket = wakeups.ticket(['plain']);
    const done = wakeups.wait(ticket, 5_000);
    await database.query(
      `WITH written AS (INSERT INTO bench_plain VALUES (now(), 'x'))
       SELECT pg_notify('bench_plain', 'plain')`,
    );
    const insertedMs = performance.now();
    await done;
    times.push(Math.max(0, performance.now() - insertedMs));
  }
  await wakeups.close();
  await database.query('DROP TABLE bench_plain');
  return times;
}

await measure('freshness', async (after) => {
  const product = await Product.start({
    workspace: join(checkoutDir(), 'bench', 'workspaces', 'freshness'),
  });
  after(() => product.remove());
  const database = product.openDatabase();
  after(() => database.close());
  const target = { url: product.url, writeKey: product.writeKey };
  const indexes = Array.from({ length: people }, (_, index) => index);
  await postAll(target, indexes.flatMap(person));
  await postAll(
    target,
    indexes.map((index) => event('signed_up', index)),
  );
  const left = await drained(database, 60_000 + people * 20);
  if (left !== null) throw new Error(`people are not parked: ${JSON.stringify(left)}`);
  console.log(`${people} people wait for a visit.`);

  const bare = await bareNotifyMs(database);
  const watch = await StepWatch.open(database);
  const { answeredAtMs, requestMs, lateMs } = await sendEvenly(product);
  const untilMs = performance.now() + ARRIVED_WITHIN_MS;
  while (watch.seenAtMs.size < answeredAtMs.size && performance.now() < untilMs) await delay(50);
  await watch.close();

  const measured = [...answeredAtMs].filter(([index]) => index >= warmUp);
  const latencies = measured.flatMap(([index, atMs]) => {
    const seen = watch.seenAtMs.get(index);
    return seen === undefined ? [] : [seen - atMs];
  });
  const p99 = percentile(latencies, 0.99);
  return {
    rate_per_s: rate,
    p50_ms: rounded(percentile(latencies, 0.5), 1),
    p95_ms: rounded(percentile(latencies, 0.95), 1),
    p99_ms: rounded(p99, 1),
    max_ms: rounded(percentile(latencies, 1), 1),
    events: measured.length,
    not_200: people - answeredAtMs.size,
    never_taken: measured.length - latencies.length,
    request_p99_ms: rounded(percentile(requestMs, 0.99), 1),
    load_late_ms: rounded(lateMs, 1),
    bare_notify_p50_ms: rounded(percentile(bare, 0.5), 2),
    bare_notify_p99_ms: rounded(percentile(bare, 0.99), 2),
    goal_met:
      rate >= 500 ? p99 <= 1_000 && measured.length === latencies.length : 'too small a run',
  };
});
