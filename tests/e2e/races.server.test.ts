import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import {
  PostgresContactPreferences,
  PostgresTrackingStore,
  writeFacts,
} from '#libs/adapter-postgres';
import { keyedPseudonyms, Tracker } from '#libs/application';
import { classifyClick } from '#libs/channel-email';
import { seededRandom } from '#libs/kernel';
import { consent, engineWorld, known, ofKind } from '../engine/world.js';
import { DELIVERS, policies, scenario } from './scenarios.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const PEOPLE = 500;
const SEED = 'opt-outs';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/**
 * 500 people leave while their second mail goes out: half by the link of the first, half by a form.
 * Nothing is taken up for anybody whose refusal is committed. What is in hand at that instant is
 * with the mail server already: the test prints how many of those came late, and by how much.
 */
test('500 people racing opt-outs against sends: nothing is taken up after the commit', async () => {
  console.info(`races: seed ${SEED}`);
  const random = seededRandom(SEED);
  const database = await store.fresh(10);
  const receivedMs = new Map<string, number>();
  const refusedMs = new Map<string, number>();
  // Ticks, not times: a round that began after a commit was answered has seen that commit.
  let tick = 0;
  const begun = new AsyncLocalStorage<number>();
  const takenAt = new Map<string, number>();
  const refusedAt = new Map<string, number>();
  let round = 1;
  const world = await engineWorld(database, {
    workspace: 'tests/workspaces/pipeline',
    startMs: MONDAY_MS,
    files: { ...policies(), ...scenario('one', { steps: DELIVERS }) },
    onHandover: (message) => {
      if (round === 2) takenAt.set(message.to, begun.getStore() ?? 0);
    },
    onMail: async (mail) => {
      if (round === 2) receivedMs.set(mail.to[0] ?? '', performance.now());
      await Promise.resolve();
    },
  });
  const { engine } = world;
  const users = Array.from({ length: PEOPLE }, (_, at) => `u${at}`);
  const ask = async (): Promise<void> => {
    await world.send(users.map((user_id) => ({ name: 'one_asked', ids: { user_id } })));
    await world.settle({ without: ['sender'] });
  };
  await world.send(users.flatMap((id) => known(id)));
  await world.settle();
  await ask();
  await world.settle();
  expect(world.mails).toHaveLength(PEOPLE);
  const firstOf = new Map(world.mails.map((mail) => [mail.to[0] ?? '', mail.deliveryId ?? '']));
  round = 2;
  world.clock.advance(1_000);
  await ask();
  const pseudonyms = keyedPseudonyms('a test key');
  const tracking = new PostgresTrackingStore(database);
  const tracker = new Tracker({
    work: database,
    store: tracking,
    preferences: new PostgresContactPreferences((channel, address) =>
      pseudonyms.hash(channel, address),
    ),
    log: engine.log,
    writeFacts,
    classify: classifyClick,
    clock: world.clock,
    newId: () => 'unused',
  });
  let isOver = false;
  const never = new AbortController().signal;
  const send = async (): Promise<void> => {
    let looked = 0;
    do looked = await begun.run((tick += 1), () => engine.sender.round(10, never));
    while (looked > 0);
  };
  const order = users
    .map((user) => ({ user, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ user }) => user);
  const leave = async (by: 'link' | 'form'): Promise<void> => {
    const mine = order.filter((_, at) => (at % 2 === 0) === (by === 'link'));
    for (const user of mine) {
      const to = `${user}@example.test`;
      if (by === 'link') {
        const deliveryId = firstOf.get(to) ?? '';
        const left = {
          deliveryId,
          channel: 'email',
          purpose: 'marketing',
          isOneClick: true,
        } as const;
        await tracker.unsubscribe(left);
      } else {
        await world.send([consent({ user_id: user }, 'denied')]);
        await engine.live.runOnce(AbortSignal.abort());
      }
      refusedMs.set(to, performance.now());
      refusedAt.set(to, (tick += 1));
      if (isOver) return;
    }
  };
  const leaving = [leave('link'), leave('form')];
  await Promise.all([send(), send()]);
  isOver = true;
  await Promise.all(leaving);
  await world.settle();
  const late = [...receivedMs].filter(([to, atMs]) => (refusedMs.get(to) ?? Infinity) < atMs);
  const worstMs = Math.max(0, ...late.map(([to, atMs]) => atMs - (refusedMs.get(to) ?? 0)));
  const withheld = ofKind(await world.facts(), 'withheld');
  console.info(
    `${receivedMs.size} sent, ${withheld.length} withheld, ${refusedMs.size} left, ` +
      `${late.length} late by at most ${worstMs.toFixed(1)} ms`,
  );
  expect(receivedMs.size + withheld.length).toBe(PEOPLE);
  expect(receivedMs.size).toBeGreaterThan(10);
  expect(withheld.length).toBeGreaterThan(10);
  expect(new Set(withheld.map(({ body }) => body.stage))).toEqual(
    new Set(['consent', 'suppression']),
  );
  expect(takenAt.size).toBe(receivedMs.size);
  const tooLate = [...takenAt].filter(([to, at]) => at > (refusedAt.get(to) ?? Infinity));
  expect(tooLate).toEqual([]);
  await world.close();
}, 60_000);
