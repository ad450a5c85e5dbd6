import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { scenario, policies } from '../e2e/scenarios.js';
import { engineWorld, publish } from '../engine/world.js';
import { buildApps } from './built.js';
import { count, LoneWorkers } from './lone-workers.js';

const START = '2026-03-30T10:00:00+02:00';
const START_MS = Date.parse(START);
const DAY_MS = 86_400_000;
const WORKSPACE = 'tests/workspaces/pipeline';
const MEMBERS = 4_000;
const OTHERS = 400;
const PARTITIONS = 4;

let store: TestStore;
const workers = new LoneWorkers({ workspace: WORKSPACE, start: START, partitions: PARTITIONS });
beforeAll(async () => {
  buildApps(['worker']);
  store = await openTestStore();
});
afterAll(async () => {
  workers.remove();
  await store.close();
});

const asleep = {
  'segments/asleep.yaml': `segment: asleep
name: { fr: Endormis, en: Asleep }
when: profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) > 30.0
`,
};
const rouse = scenario('rouse', {
  entry: '{ segment: { enters: asleep }, existing: enter, reentry: never }',
  steps: ['{ wait: 9d }'],
});

/** Who ordered, the members 60 days ago and the others 5 days ago. */
async function know(database: Database): Promise<void> {
  const files = { ...policies(), ...asleep };
  const world = await engineWorld(database, { workspace: WORKSPACE, startMs: START_MS, files });
  const people = Array.from({ length: MEMBERS + OTHERS }, (_, at) => at);
  await world.send(
    people.map((at) => ({
      name: 'order_completed',
      ids: { user_id: at < MEMBERS ? `member-${at}` : `other-${at}` },
      properties: { order_id: `o-${at}`, total: 80 },
      historical: true,
      atMs: START_MS - (at < MEMBERS ? 60 : 5) * DAY_MS,
    })),
  );
  await world.close();
}

test('existing: enter, the worker killed at 30 % and at 70 % of the job: every member, each once', async () => {
  const database = await store.fresh();
  await know(database);
  const first = await workers.start(database);
  const isMember = `segment_member WHERE segment = 'asleep' AND left_at_ms IS NULL`;
  await workers.until(
    'everybody is known',
    async () => (await count(database, 'profile')) === MEMBERS + OTHERS,
  );
  expect(await count(database, isMember)).toBe(MEMBERS);
  const files = { ...policies(), ...asleep, ...rouse };
  await publish(database, { workspace: WORKSPACE, files }, START_MS);

  const done = () => count(database, 'enrolment');
  const at30 = { table: 'enrolment', done, least: 0.3 * MEMBERS } as const;
  const early = await workers.killAt(database, first, at30);
  const second = await workers.start(database);
  const at70 = { table: 'fact_outbox', done, least: 0.7 * MEMBERS } as const;
  const late = await workers.killAt(database, second, at70);
  console.info(`killed with ${early} and ${late} of ${MEMBERS} in`);
  expect(early).toBeLessThan(0.5 * MEMBERS);
  expect(late).toBeLessThan(0.9 * MEMBERS);

  const third = await workers.start(database);
  const isLeft = `(SELECT 1 FROM job WHERE kind = 'existing' AND state = 'running'
    UNION ALL SELECT 1 FROM fact_outbox) rest`;
  await workers.until('the job is done', async () => (await count(database, isLeft)) === 0);
  await third.stop();

  const { rows } = await database.query<{ name: string; times: number }>(
    `SELECT i.value_norm AS name, count(*)::int AS times
     FROM enrolment e JOIN node n USING (profile_id) JOIN profile_identity i USING (node_id)
     GROUP BY 1`,
  );
  const times = new Map(rows.map((row) => [row.name, row.times]));
  const members = Array.from({ length: MEMBERS }, (_, at) => `member-${at}`);
  const missing = members.filter((name) => !times.has(name)).length;
  const doubled = rows.filter((row) => row.times > 1).length;
  expect({ missing, doubled, people: times.size }).toEqual({
    missing: 0,
    doubled: 0,
    people: MEMBERS,
  });
  expect(await count(database, 'entry_ledger')).toBe(MEMBERS);
  const told = `(SELECT value::json->>'id' AS id FROM log_facts
    WHERE value::json->>'kind' = 'enrolment' GROUP BY 1 HAVING count(*) = 1) facts`;
  expect(await count(database, told)).toBe(MEMBERS);
}, 180_000);
