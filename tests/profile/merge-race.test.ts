import { afterAll, beforeAll, expect, it } from 'vitest';
import { StaleReadError, StoreError } from '#libs/application';
import { utcDayOf, type RawEvent } from '#libs/contracts';
import { seededRandom } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, NOW_MS, profileWorld, RULES, settingsOf } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

const WORKERS = 8;
const BATCHES = 40;
const CLUSTER = 12;
const CLUSTERS = 15;

/** People as sets of ids, by plain union and find. */
function reference(events: readonly RawEvent[]): string[] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    const up = parent.get(key) ?? key;
    if (up === key) return key;
    const root = find(up);
    parent.set(key, root);
    return root;
  };
  for (const { ids } of events) {
    const keys = Object.entries(ids).map(([ns, value]) => `${ns}=${value}`);
    for (const key of keys) if (!parent.has(key)) parent.set(key, key);
    const [first = '', ...others] = keys;
    for (const other of others) parent.set(find(other), find(first));
  }
  const sets = new Map<string, string[]>();
  for (const key of parent.keys()) sets.set(find(key), [...(sets.get(find(key)) ?? []), key]);
  return [...sets.values()].map((keys) => keys.sort().join(' ')).sort();
}

it('eight workers that join the same people end where union and find does', async () => {
  const random = seededRandom('race');
  const identities = ['card', 'device', 'login'].map((ns) => ({
    ns,
    unique: false,
    mergeable: 'always' as const,
    normalise: 'text' as const,
  }));
  const settings = settingsOf({ ...RULES, identities });
  const world = await profileWorld(await store.fresh(WORKERS + 2), { settings });
  await world.store.prepareDays([utcDayOf(NOW_MS), utcDayOf(NOW_MS - 43_200_000)]);
  const pick = (ns: string, cluster: number): string =>
    `${ns}${cluster}-${Math.floor(random() * CLUSTER)}`;
  const anyEvent = (): RawEvent => {
    const cluster = Math.floor(random() * CLUSTERS);
    const [left = 'card', right = 'device'] = ['card', 'device', 'login'].sort(
      () => random() - 0.5,
    );
    const ids = { [left]: pick(left, cluster) };
    if (random() < 0.4) ids[right] = pick(right, cluster);
    return anEvent({ ids, name: 'order_completed', properties: { total: 1 } });
  };
  const batches = Array.from({ length: WORKERS * BATCHES }, () =>
    Array.from({ length: 4 }, anyEvent),
  );
  let races = 0;
  const work = async (mine: readonly (readonly RawEvent[])[]): Promise<void> => {
    for (const batch of mine) {
      for (;;) {
        try {
          const report = await world.database.transaction((tx) => world.ingest.apply(tx, batch));
          expect(report).toMatchObject({ fresh: 4, rejected: [] });
          break;
        } catch (error) {
          const isRace =
            error instanceof StaleReadError || (error instanceof StoreError && error.retryable);
          if (!isRace) throw error;
          races += 1;
        }
      }
    }
  };
  const shares = Array.from({ length: WORKERS }, (_, worker) =>
    batches.filter((_batch, index) => index % WORKERS === worker),
  );
  await Promise.all(shares.map(work));
  const found = await world.database.query<{ ids: string }>(
    `SELECT string_agg(i.ns || '=' || i.value_norm, ' ' ORDER BY i.ns || '=' || i.value_norm COLLATE "C") AS ids
     FROM node n JOIN profile_identity i USING (node_id) GROUP BY n.profile_id`,
  );
  expect(found.rows.map(({ ids }) => ids).sort()).toEqual(reference(batches.flat()));
  const state = await world.database.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM node n LEFT JOIN profile p USING (profile_id)
        WHERE p.profile_id IS NULL OR p.merged_into IS NOT NULL) AS orphans,
       (SELECT count(*)::int FROM profile p LEFT JOIN profile t ON t.profile_id = p.merged_into
        WHERE p.merged_into IS NOT NULL AND (t.profile_id IS NULL OR t.merged_into IS NOT NULL)) AS hops,
       (SELECT sum((doc->'aggregates'->>'orders_30d')::int)::int FROM profile
        WHERE merged_into IS NULL) AS orders,
       (SELECT count(*)::int FROM merge_log) AS merges`,
  );
  expect(state.rows[0]).toMatchObject({ orphans: 0, hops: 0, orders: batches.flat().length });
  expect(state.rows[0]?.['merges']).toBeGreaterThan(50);
  expect(races).toBeLessThan(WORKERS * BATCHES);
}, 120_000);
