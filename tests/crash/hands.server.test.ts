import { expect, test } from 'vitest';
import { openTestStore } from '#libs/testkit';
import { engineWorld, known } from '../engine/world.js';
import { lossesOf, noteHands, uncertainHands } from './hands.js';

test('PostgreSQL notes in whose hand an uncertain message was last, and when', async () => {
  const store = await openTestStore();
  try {
    const database = await store.fresh();
    await noteHands(database);
    let handed = 0;
    const world = await engineWorld(database, {
      workspace: 'tests/workspaces/pipeline',
      startMs: Date.parse('2026-03-30T10:00:00+02:00'),
      // Every second message breaks off on its way.
      onHandover: () => {
        handed += 1;
        if (handed % 2 === 0) throw new Error('cut off');
      },
    });
    const people = ['u1', 'u2', 'u3', 'u4'];
    const startedMs = Date.now();
    await world.send(people.flatMap((id) => known(id)));
    await world.send(people.map((id) => ({ name: 'signed_up', ids: { user_id: id } })));
    await world.settle();
    const endedMs = Date.now();
    const hands = await uncertainHands(database);
    expect(hands).toHaveLength(2);
    for (const { runId, atWallMs } of hands) {
      expect(runId).toBe(world.engine.options.runId);
      expect(atWallMs).toBeGreaterThanOrEqual(startedMs);
      expect(atWallMs).toBeLessThanOrEqual(endedMs);
    }
    const kills = [
      { victim: 'worker', atWallMs: startedMs - 1 },
      { victim: 'postgres', atWallMs: endedMs },
    ] as const;
    expect(lossesOf(hands, kills).map(({ kill, count }) => [kill, count])).toEqual([[2, 2]]);
    await world.close();
  } finally {
    await store.close();
  }
});
