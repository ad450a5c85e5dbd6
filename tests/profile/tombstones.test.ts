import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProfileUnmerge } from '#libs/application';
import { PostgresUnmergeStore, type Database } from '#libs/adapter-postgres';
import type { Fact, ProfileFact, RawEvent } from '#libs/contracts';
import { seededRandom, type Random } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, profileWorld, RULES, settingsOf, type ProfileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

const NAMESPACES = ['card', 'device', 'login'];

/** Whatever two ids come together in an event belong to one person. */
async function openWorld(): Promise<ProfileWorld> {
  const identities = NAMESPACES.map((ns) => ({
    ns,
    unique: false,
    mergeable: 'always' as const,
    normalise: 'text' as const,
  }));
  return await profileWorld(await store.fresh(), {
    settings: settingsOf({ ...RULES, identities }),
  });
}

function unmergeIn(world: ProfileWorld): ProfileUnmerge {
  const { database: unitOfWork, ingest, clock } = world;
  return new ProfileUnmerge({ store: new PostgresUnmergeStore(), ingest, unitOfWork, clock });
}

/** Profiles as an analyst sees them: of each the greatest version. */
function toldProfiles(facts: readonly Fact[]): ReadonlyMap<string, ProfileFact> {
  const told = new Map<string, ProfileFact>();
  for (const fact of facts) {
    if (fact.kind !== 'profile') continue;
    expect(fact.version, fact.id).not.toBe(told.get(fact.id)?.version);
    if (fact.version > (told.get(fact.id)?.version ?? 0)) told.set(fact.id, fact);
  }
  return told;
}

/** Every profile id that stands anywhere in the facts. */
function namedIds(facts: readonly Fact[]): ReadonlySet<string> {
  const profiles = facts.filter((fact) => fact.kind === 'profile');
  const ids = [
    ...facts.map(({ profileId }) => profileId),
    ...profiles.flatMap(({ id, body }) => [id, body.mergedInto]),
  ];
  return new Set(ids.filter((id) => id !== null));
}

async function keptProfiles(database: Database) {
  const found = await database.query<{ id: string; version: number; current: string }>(
    `SELECT p.profile_id AS id, p.version, n.profile_id AS current
     FROM profile p JOIN node n ON n.node_id = p.profile_id`,
  );
  return new Map(found.rows.map((row) => [row.id, row] as const));
}

/** One look at `profiles.merged_into` leads from any id that was ever told to today's person. */
async function expectResolved({ database, facts: read }: ProfileWorld): Promise<number> {
  const facts = await read();
  const told = toldProfiles(facts);
  const kept = await keptProfiles(database);
  const named = namedIds(facts);
  for (const id of named) {
    const profile = told.get(id);
    expect(profile?.body.mergedInto ?? id, id).toBe(kept.get(id)?.current);
    expect(profile?.version, id).toBe(kept.get(id)?.version);
  }
  return [...kept.keys()].filter((id) => !named.has(id)).length;
}

const visit = (ids: RawEvent['ids']): RawEvent => anEvent({ ids });

it('whoever was merged into somebody leads on to whom that one was merged into', async () => {
  const world = await openWorld();
  for (const batch of [
    [visit({ device: 'a' })],
    [visit({ device: 'b' })],
    [visit({ device: 'c' })],
    [visit({ device: 'b', login: 'b' }), visit({ device: 'a', login: 'b' })],
    [visit({ device: 'c', login: 'b' })],
  ]) {
    await world.append(batch);
    await world.drain();
    expect(await expectResolved(world)).toBe(0);
  }
  const merges = await world.database.query<{ merge_id: number }>(
    'SELECT merge_id FROM merge_log ORDER BY merge_id DESC',
  );
  const unmerge = unmergeIn(world);
  for (const { merge_id: id } of merges.rows) {
    expect(await unmerge.undo(id)).not.toBeNull();
    expect(await expectResolved(world)).toBe(0);
  }
});

it('an id made and merged within one batch is named by no fact', async () => {
  const world = await openWorld();
  await world.append([
    visit({ device: 'a' }),
    visit({ device: 'b' }),
    visit({ device: 'b', login: 'u' }),
    visit({ device: 'a', login: 'u' }),
  ]);
  await world.drain();
  expect(await expectResolved(world)).toBe(1);
  const undone = await unmergeIn(world).undo(1);
  expect(undone).not.toBeNull();
  // Living now, it is told of.
  expect(await expectResolved(world)).toBe(0);
});

/** Visits that join the ids of a few people in any way. */
function someVisits(random: Random, count: number): RawEvent[] {
  const pick = (size: number): number => Math.floor(random() * size);
  return Array.from({ length: count }, () => {
    const person = pick(4);
    const of = (ns: string) => [ns, `${ns}${person}-${pick(8)}`] as const;
    const namespaces = NAMESPACES.filter(() => random() < 0.5);
    return visit(Object.fromEntries((namespaces.length > 0 ? namespaces : ['device']).map(of)));
  });
}

it('leads from any id to the person of today, however ids come together and apart', async () => {
  let strangers = 0;
  let undone = 0;
  for (let seed = 0; seed < 8; seed += 1) {
    const random = seededRandom('tombstones', String(seed));
    const world = await openWorld();
    const unmerge = unmergeIn(world);
    for (let batch = 0; batch < 12; batch += 1) {
      const visits = someVisits(random, 1 + Math.floor(random() * 12));
      await world.database.transaction((tx) => world.ingest.apply(tx, visits));
      const merges = await world.database.query<{ merge_id: number }>(
        'SELECT merge_id FROM merge_log WHERE undone_at_ms IS NULL ORDER BY merge_id',
      );
      const merge = merges.rows[Math.floor(random() * merges.rows.length)];
      const isUndone = merge !== undefined && random() < 0.3;
      if (isUndone && (await unmerge.undo(merge.merge_id)) !== null) undone += 1;
      strangers += await expectResolved(world);
    }
  }
  expect(strangers).toBeGreaterThan(5);
  expect(undone).toBeGreaterThan(10);
}, 120_000);
