// Events a second of the profile consumer alone: a filled log, one batch after the other, each with
// its offsets in one durable transaction; against a plain INSERT of the same events.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutDir } from '#libs/config';
import { inside, type Database } from '#libs/adapter-postgres';
import { logKeyOf, type RawEvent } from '#libs/contracts';
import { seededRandom } from '#libs/kernel';
import { countOf, measure, rounded } from './harness/measure.js';
import { openEngine } from './harness/store.js';
import { percentile } from './support/report.js';

const { values } = parseArgs({
  options: { profiles: { type: 'string' }, events: { type: 'string' }, seed: { type: 'string' } },
});
const profiles = countOf(values.profiles, 20_000);
/** Events of one profile, its address and consent included. */
const eventsEach = countOf(values.events, 5);
const seed = countOf(values.seed, 1);
const NOW_MS = Date.parse('2026-03-30T08:00:00Z');
const TOGETHER = 1_000;
const NAMES = ['page', 'product_viewed', 'order_completed'];

function eventsOf(index: number): RawEvent[] {
  const base = (place: number): Omit<RawEvent, 'type' | 'name'> => ({
    messageId: `m-${index}-${place}`,
    source: 'form',
    ids: { user_id: `person-${index}`, anonymous_id: `visitor-${index}` },
    properties: {},
    atMs: NOW_MS + place,
    originalAtMs: NOW_MS + place,
    receivedAtMs: NOW_MS + place,
    hasTimestamp: true,
    eventDay: '2026-03-30',
    historical: false,
  });
  const traits = {
    firstName: 'Camille',
    email: `person-${index}@people.example`,
    country: 'FR',
    timezone: 'Europe/Paris',
  };
  const consent = { channel: 'email', purpose: 'marketing', status: 'granted', basis: 'opt_in' };
  return [
    { ...base(0), type: 'identify', name: 'identify', traits },
    { ...base(1), type: 'track', name: 'consent_changed', properties: { ...consent, proof: 'p' } },
    ...Array.from({ length: Math.max(0, eventsEach - 2) }, (_, place): RawEvent => {
      const name = NAMES[place % NAMES.length] ?? 'page';
      const order = { order_id: `o-${index}-${place}`, total: (index % 500) + 0.9 };
      const properties = name === 'order_completed' ? order : { path: `/p/${index % 977}` };
      return { ...base(place + 2), type: 'track', name, properties };
    }),
  ];
}

/** Every event, in an order that is the same for the same seed: people come mixed, as they do. */
function mixedEvents(): RawEvent[] {
  const events = Array.from({ length: profiles }, (_, index) => eventsOf(index)).flat();
  const random = seededRandom(String(seed));
  for (let place = events.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    const [one, two] = [events[place], events[other]];
    if (one !== undefined && two !== undefined) [events[place], events[other]] = [two, one];
  }
  return events;
}

async function plainPerS(database: Database, texts: readonly string[]): Promise<number> {
  await database.query('CREATE TABLE bench_plain (key text PRIMARY KEY, value text NOT NULL)');
  const startedMs = performance.now();
  for (let start = 0; start < texts.length; start += TOGETHER) {
    const page = texts.slice(start, start + TOGETHER);
    const keys = page.map((_, place) => `${start + place}`);
    await database.transaction((tx) =>
      inside(tx).query('INSERT INTO bench_plain SELECT * FROM unnest($1::text[], $2::text[])', [
        keys,
        page,
      ]),
    );
  }
  return (texts.length / (performance.now() - startedMs)) * 1_000;
}

await measure('profile', async (after) => {
  const { database, engine } = await openEngine(after, {
    workspace: join(checkoutDir(), 'tests', 'workspaces', 'pipeline'),
    clock: { nowMs: () => NOW_MS + 1_000 },
  });
  const events = mixedEvents();
  const texts = events.map((event) => JSON.stringify(event));
  for (let start = 0; start < events.length; start += TOGETHER) {
    const page = events.slice(start, start + TOGETHER);
    const values = texts.slice(start, start + TOGETHER);
    await engine.log.appendText('events.raw', page.map(logKeyOf), values);
  }
  const batchesMs: number[] = [];
  let applied = 0;
  const startedMs = performance.now();
  while (applied < events.length) {
    const batchMs = performance.now();
    const report = await engine.live.runOnce();
    batchesMs.push(performance.now() - batchMs);
    applied += report.records;
    if (report.records === 0) throw new Error(`the log ended after ${applied} events`);
  }
  const eventsPerS = (applied / (performance.now() - startedMs)) * 1_000;
  const { rows } = await database.query<{ n: number }>('SELECT count(*) AS n FROM profile');
  const plain = await plainPerS(database, texts);
  return {
    profiles: rows[0]?.n ?? 0,
    events_per_s: Math.round(eventsPerS),
    batch_p99_ms: rounded(percentile(batchesMs, 0.99), 1),
    events: applied,
    batch_p50_ms: rounded(percentile(batchesMs, 0.5), 1),
    batches: batchesMs.length,
    seed,
    plain_insert_per_s: Math.round(plain),
    share_of_plain: rounded(eventsPerS / plain, 3),
  };
});
