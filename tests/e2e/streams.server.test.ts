import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawEvent } from '#libs/contracts';
import { canonicalJson, seededRandom, type Random } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, engineWorld, rawEvent } from '../engine/world.js';
import { shuffled } from '../profile/history.js';
import { policies, scenario } from './scenarios.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const STREAMS = 30;
const PEOPLE = 3;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const files = {
  ...policies(),
  'segments/big.yaml': `segment: big
name: { fr: Gros, en: Big }
when: profile.aggregates.orders_365d >= 2
`,
  ...scenario('cart', {
    entry: '{ on: cart_updated, when: "event.total >= 30.0", key: event.cart_id, reentry: never }',
    steps: ['{ wait: 20d }'],
  }),
  ...scenario('bought', {
    entry: '{ on: order_completed, reentry: never }',
    steps: ['{ wait: 20d }'],
  }),
};

/** A day of a few people: devices before and after they log in, carts, orders, traits, consents. */
function aStream(seed: string): RawEvent[] {
  const random = seededRandom('stream', seed);
  const events: RawEvent[] = [];
  const add = (given: Partial<RawEvent>): void => {
    const atMs = MONDAY_MS - Math.floor(random() * 20 * HOUR_MS);
    const messageId = `${seed}-${events.length}`;
    events.push({ ...rawEvent({ atMs, messageId, ...given }, MONDAY_MS), receivedAtMs: MONDAY_MS });
  };
  const oneOf = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  for (let person = 0; person < PEOPLE; person += 1) {
    const user_id = `${seed}-u${person}`;
    const devices = ['x', 'y'].map((name) => `${seed}-${person}${name}`);
    for (const anonymous_id of devices) add({ ids: { anonymous_id, user_id } });
    const ids = () => oneOf([{ user_id }, ...devices.map((anonymous_id) => ({ anonymous_id }))]);
    for (let event = 0; event < 8; event += 1) {
      const total = Math.floor(random() * 90);
      const cart_id = `${user_id}-c${Math.floor(random() * 3)}`;
      const order_id = `${user_id}-o${event}`;
      const kind = random();
      if (kind < 0.4) add({ ids: ids(), name: 'cart_updated', properties: { cart_id, total } });
      else if (kind < 0.6) {
        add({ ids: ids(), name: 'order_completed', properties: { order_id, total } });
      } else if (kind < 0.8) {
        const traits = { firstName: oneOf(['A', 'B']), country: oneOf(['FR', 'DE']) };
        const source = oneOf(['web', 'form']);
        add({ ids: ids(), type: 'identify', name: 'identify', source, traits });
      } else add(consent(ids(), oneOf(['granted', 'denied'])));
    }
  }
  return events;
}

interface Outcome {
  readonly profiles: readonly string[];
  readonly entries: readonly string[];
}

/** What came of an arrival, by stream: golden profiles, and who entered what under which key. */
async function live(
  arrival: readonly (readonly RawEvent[])[],
): Promise<ReadonlyMap<string, Outcome>> {
  const database = await store.fresh();
  const world = await engineWorld(database, {
    workspace: 'tests/workspaces/pipeline',
    startMs: MONDAY_MS,
    files,
  });
  for (const batch of arrival) {
    await world.send(batch);
    await world.settle();
  }
  const profiles = await database.query<{ ids: string[]; doc: unknown; seen: number }>(
    `SELECT p.doc, p.first_seen_ms AS seen,
       array_agg(i.ns || '=' || i.value_norm ORDER BY i.ns, i.value_norm) AS ids
     FROM profile p JOIN node n ON n.profile_id = p.profile_id
     JOIN profile_identity i ON i.node_id = n.node_id
     WHERE p.merged_into IS NULL GROUP BY p.profile_id`,
  );
  const entries = await database.query<{ scenario: string; entry_key: string; person: string }>(
    `SELECT l.scenario, l.entry_key, i.value_norm AS person FROM entry_ledger l
     JOIN node n ON n.profile_id = l.profile_id
     JOIN profile_identity i ON i.node_id = n.node_id AND i.ns = 'user_id'`,
  );
  const running = await database.query(
    `SELECT 1 FROM enrolment GROUP BY scenario, profile_id, entry_key HAVING count(*) > 1`,
  );
  expect(running.rowCount).toBe(0);
  await world.close();
  const found = new Map<string, { profiles: string[]; entries: string[] }>();
  const of = (id: string) => {
    const seed = /^(?:\w+=)?(s\d+)-/.exec(id)?.[1] ?? '';
    const known = found.get(seed) ?? { profiles: [], entries: [] };
    found.set(seed, known);
    return known;
  };
  for (const { ids, doc, seen } of profiles.rows) {
    of(ids[0] ?? '').profiles.push(canonicalJson([ids, doc, seen] as never));
  }
  for (const { scenario: name, entry_key, person } of entries.rows) {
    of(person).entries.push(`${person} ${name} ${name === 'bought' ? '' : entry_key}`);
  }
  for (const outcome of found.values()) {
    outcome.profiles.sort();
    outcome.entries.sort();
  }
  return found;
}

function cut(events: readonly RawEvent[], random: Random): RawEvent[][] {
  const batches: RawEvent[][] = [];
  for (let at = 0; at < events.length;) {
    const size = 1 + Math.floor(random() * 160);
    batches.push(events.slice(at, at + size));
    at += size;
  }
  return batches;
}

test('30 streams in any order, with repeats: the same profiles and the same entries', async () => {
  const seeds = Array.from({ length: STREAMS }, (_, at) => `s${at}`);
  console.info(`streams: seeds ${seeds[0]} to ${seeds.at(-1)}`);
  const events = seeds.flatMap(aStream);
  const first = await live([events.toSorted((one, other) => one.atMs - other.atMs)]);
  expect(first.size).toBe(STREAMS);
  for (const order of ['a', 'b']) {
    const random = seededRandom('arrival', order);
    const again = events.filter(() => random() < 0.3);
    const other = await live(cut(shuffled([...events, ...again], random), random));
    for (const seed of seeds) {
      expect(other.get(seed), `stream ${seed}, order ${order}`).toEqual(first.get(seed));
      expect(other.get(seed)?.profiles).toHaveLength(PEOPLE);
    }
  }
  const entries = [...first.values()].flatMap((outcome) => outcome.entries);
  expect(entries.length).toBeGreaterThan(3 * STREAMS);
}, 90_000);
