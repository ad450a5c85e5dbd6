import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyedPseudonyms, ProfileUnmerge } from '#libs/application';
import { PostgresUnmergeStore } from '#libs/adapter-postgres';
import type { ProfileFact, RawEvent, TraitChange } from '#libs/contracts';
import { canonicalJson, seededRandom, type Json } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { aHistory, shuffled } from './history.js';
import { anEvent, DAY_MS, NOW_MS, profileWorld, RULES, type ProfileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

const SECRET = 'trait history';

const openWorld = async (): Promise<ProfileWorld> =>
  await profileWorld(await store.fresh(), { secret: SECRET });

/** What was told of each trait of each profile, the first first. */
async function toldTraits(world: ProfileWorld): Promise<ReadonlyMap<string, TraitChange[]>> {
  const facts = await world.facts();
  const profiles = facts.filter((fact): fact is ProfileFact => fact.kind === 'profile');
  const told = new Map<string, TraitChange[]>();
  for (const { id, body } of profiles.toSorted((one, other) => one.version - other.version)) {
    for (const change of body.changes) {
      const key = `${id}/${change.trait}`;
      told.set(key, [...(told.get(key) ?? []), change]);
    }
  }
  return told;
}

/** As analysts read it: the greatest `valid_from`, of which the last told replaces the others. */
const readsAs = (changes: readonly TraitChange[]): string | null | undefined =>
  changes.toSorted((one, other) => one.validFromMs - other.validFromMs).at(-1)?.value;

async function keptTraits({ database }: ProfileWorld): Promise<ReadonlyMap<string, string>> {
  const found = await database.query<{ profile_id: string; traits: Record<string, Json> }>(
    `SELECT profile_id, doc->'traits' AS traits FROM profile WHERE merged_into IS NULL`,
  );
  const pseudonyms = keyedPseudonyms(SECRET);
  const textOf = (trait: string, value: Json): string => {
    const text = typeof value === 'string' ? value : canonicalJson(value);
    return (RULES.traits[trait]?.isPersonal ?? true) ? pseudonyms.hash(trait, text) : text;
  };
  return new Map(
    found.rows.flatMap((row) =>
      Object.entries(row.traits).map(
        ([trait, value]) => [`${row.profile_id}/${trait}`, textOf(trait, value)] as const,
      ),
    ),
  );
}

/** The history never goes back, and its last word is the value of today. */
async function expectHistory(world: ProfileWorld, why: string): Promise<void> {
  const told = await toldTraits(world);
  for (const [key, changes] of told) {
    const times = changes.map(({ validFromMs }) => validFromMs);
    expect(times, `${why} ${key}`).toEqual(times.toSorted((one, other) => one - other));
  }
  for (const [key, value] of await keptTraits(world)) {
    expect(readsAs(told.get(key) ?? []), `${why} ${key}`).toBe(value);
  }
}

const says = (source: string, country: string, daysAgo: number): RawEvent =>
  anEvent({
    ids: { user_id: 'u' },
    type: 'identify',
    name: 'identify',
    source,
    traits: { country },
    atMs: NOW_MS - daysAgo * DAY_MS,
    receivedAtMs: NOW_MS,
  });

it('what a master saw long ago holds from the last word of whom it overrules', async () => {
  const world = await openWorld();
  for (const event of [says('web', 'DE', 10), says('erp', 'FR', 50), says('erp', 'GB', 30)]) {
    await world.append([event]);
    await world.drain();
  }
  const [countries] = [...(await toldTraits(world)).values()];
  expect(countries?.map(({ value, validFromMs }) => [value, validFromMs])).toEqual([
    ['DE', NOW_MS - 10 * DAY_MS],
    ['FR', NOW_MS - 10 * DAY_MS],
    ['GB', NOW_MS - 10 * DAY_MS],
  ]);
  await expectHistory(world, 'master');
});

it('holds from when it was seen where nobody said otherwise since', async () => {
  const world = await openWorld();
  for (const event of [says('web', 'DE', 50), says('web', 'FR', 30), says('erp', 'GB', 10)]) {
    await world.append([event]);
    await world.drain();
  }
  const [countries] = [...(await toldTraits(world)).values()];
  expect(countries?.map(({ validFromMs }) => (NOW_MS - validFromMs) / DAY_MS)).toEqual([
    50, 30, 10,
  ]);
});

it('ends in the value of today and never goes back, in whatever order events come', async () => {
  for (let order = 0; order < 8; order += 1) {
    const random = seededRandom('trait-history', String(order));
    const world = await openWorld();
    await world.append(shuffled(aHistory('trait-history', 8), random));
    await world.drain({ maxRecords: 1 + Math.floor(random() * 8) });
    await expectHistory(world, `order ${order}`);
  }
}, 120_000);

it('tells the value that holds again once a merge is taken back', async () => {
  const world = await openWorld();
  const ids = { anonymous_id: 'a' };
  await world.append([says('erp', 'FR', 50), { ...says('erp', 'DE', 10), ids }]);
  await world.drain();
  await world.append([anEvent({ ids: { ...ids, user_id: 'u' } })]);
  await world.drain();
  const { database: unitOfWork, ingest, clock } = world;
  clock.advance(DAY_MS);
  const unmerge = new ProfileUnmerge({
    store: new PostgresUnmergeStore(),
    ingest,
    unitOfWork,
    clock,
  });
  expect(await unmerge.undo(1)).not.toBeNull();
  await expectHistory(world, 'unmerge');
});
