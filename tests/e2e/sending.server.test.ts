import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { MOST_IN_HAND } from '#libs/application';
import type { EnrolmentId } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, engineWorld, known, ofKind, type EngineWorld } from '../engine/world.js';
import { DECIDES, policies, scenario } from './scenarios.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const workspace = 'tests/workspaces/pipeline';
const files = {
  ...policies(),
  ...scenario('one', { steps: [...DECIDES, '{ wait: 1h }'] }),
};

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const users = (count: number): string[] => Array.from({ length: count }, (_, at) => `u${at + 1}`);
const asked = (ids: readonly string[]) =>
  ids.map((user_id) => ({ name: 'one_asked', ids: { user_id } }));

/** People with an address and consent who have asked; their mails are intended, none is sent. */
async function intended(world: EngineWorld, ids: readonly string[]): Promise<void> {
  await world.send(ids.flatMap((id) => known(id)));
  await world.settle();
  await world.send(asked(ids));
  await world.settle({ without: ['sender'] });
}

const statesOf = async (database: Database): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await database.query<{ state: string; n: number }>(
        'SELECT state, count(*)::int AS n FROM delivery GROUP BY state',
      )
    ).rows.map(({ state, n }) => [state, n]),
  );

test('consent withdrawn between decision and send: withheld at stage consent, and it goes on', async () => {
  const database = await store.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS, files });
  await intended(world, users(2));
  world.clock.advance(1_000);
  await world.send([consent({ user_id: 'u1' }, 'denied')]);
  await world.settle({ without: ['sender'] });
  await world.settle();
  expect(world.mails.map((mail) => mail.to)).toEqual([['u2@example.test']]);
  const facts = await world.facts();
  expect(ofKind(facts, 'withheld').map(({ body }) => [body.stage, body.reason])).toEqual([
    ['consent', 'consent_denied'],
  ]);
  const steps = ofKind(facts, 'step').map(({ body }) => `${body.stepId} ${body.result}`);
  expect(steps).toEqual(expect.arrayContaining(['deliver-1 accepted', 'deliver-1 withheld']));
  const places = await database.query<{ state: string }>(
    'SELECT state FROM cap_reservation ORDER BY state',
  );
  expect(places.rows.map(({ state }) => state)).toEqual(['consumed', 'released']);
  await world.close();
});

/** A mail server that takes each message whole and hangs up instead of answering. */
async function silentServer(): Promise<{ server: Server; port: number; taken: () => number }> {
  let taken = 0;
  const converse = (socket: Socket): void => {
    let isData = false;
    let text = '';
    socket.write('220 here\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isData && text.endsWith('\r\n.\r\n')) {
        taken += 1;
        socket.destroy();
        return;
      }
      for (let end = text.indexOf('\r\n'); !isData && end >= 0; end = text.indexOf('\r\n')) {
        isData = /^DATA/i.test(text.slice(0, end));
        text = text.slice(end + 2);
        socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  };
  const server = createServer(converse);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { server, port, taken: () => taken };
}

test('a server that hangs up after the final dot: uncertain, told, gone on from, never sent again', async () => {
  const { server, port, taken } = await silentServer();
  const database = await store.fresh();
  const world = await engineWorld(database, {
    workspace,
    startMs: MONDAY_MS,
    files,
    smtpUrl: `smtp://127.0.0.1:${port}`,
  });
  await intended(world, ['u1']);
  await world.settle();
  expect(taken()).toBe(1);
  expect(await statesOf(database)).toEqual({ uncertain: 1 });
  world.clock.advance(2 * 3_600_000);
  await world.settle();
  await world.engine.sender.recover();
  world.clock.advance(24 * 3_600_000);
  await world.settle();
  expect(taken()).toBe(1);
  const facts = await world.facts();
  expect(ofKind(facts, 'delivery').map(({ body }) => body.state)).toEqual([
    'intended',
    'uncertain',
  ]);
  expect(ofKind(facts, 'enrolment').map(({ body }) => body.endedAs)).toEqual([null, 'done']);
  const places = await database.query<{ state: string }>('SELECT state FROM cap_reservation');
  expect(places.rows).toEqual([{ state: 'consumed' }]);
  await world.close();
  await new Promise((resolve) => server.close(resolve));
});

test('a worker that died with messages in hand: at most 20 uncertain, the rest sent once', async () => {
  const database = await store.fresh();
  let wallMs = Date.now();
  const base = { workspace, startMs: MONDAY_MS, files, wallMs: () => wallMs };
  // Its mail server never answers a message, so what it took up stays in hand.
  const stuck: string[] = [];
  const first = await engineWorld(database, {
    ...base,
    onMail: async (mail) => {
      stuck.push(mail.to[0] ?? '');
      await new Promise(() => undefined);
    },
  });
  const people = users(50);
  await intended(first, people);
  await first.engine.store.acquire(
    `sender/${first.engine.options.runId}`,
    first.engine.options.runId,
    6_000,
  );
  const dying = new AbortController();
  const rounds = [first.engine.sender.round(100, dying.signal)];
  await expect.poll(() => statesOf(database)).toEqual({ intended: 30, sending: 20 });
  // The process is gone: nothing it holds is written any more.
  const second = await engineWorld(database, { ...base, publishes: false, clock: first.clock });
  expect(await second.engine.sender.recover()).toBe(0);
  wallMs += 6_001;
  const marked = await second.engine.sender.recover();
  expect(marked).toBe(20);
  expect(marked).toBeLessThanOrEqual(MOST_IN_HAND);
  expect(await second.engine.sender.recover()).toBe(0);
  await first.engine.store.release({
    name: 'router',
    owner: first.engine.options.runId,
    epoch: 1,
  });
  await second.settle();
  expect(await statesOf(database)).toEqual({ accepted: 30, uncertain: 20 });
  const received = second.mails.map((mail) => mail.to[0] ?? '');
  expect(new Set(received).size).toBe(30);
  expect(received.filter((to) => stuck.includes(to))).toEqual([]);
  const waiting = await database.query(`SELECT 1 FROM inbox`);
  expect(waiting.rowCount).toBe(0);
  dying.abort();
  await Promise.allSettled(rounds);
  // Even what the dead one would have written late takes nothing back.
  expect(await statesOf(database)).toEqual({ accepted: 30, uncertain: 20 });
  await second.close();
  await first.close();
}, 60_000);

/** Claimed by a worker, or free to be. */
const claimedOf = async (database: Database): Promise<readonly (readonly [string, boolean])[]> =>
  (
    await database.query<{ state: string; claimed: boolean }>(
      'SELECT DISTINCT state, claimed_by IS NOT NULL AS claimed FROM delivery ORDER BY 1',
    )
  ).rows.map(({ state, claimed }) => [state, claimed]);

/** Claims grow while they come full: the second one is of more than is handed over at once. */
async function firstRound(world: EngineWorld): Promise<void> {
  const never = new AbortController().signal;
  expect(await world.engine.sender.round(100, never)).toBe(MOST_IN_HAND);
}

test('what a slow provider left of a claim is free again, judged anew and sent once', async () => {
  const database = await store.fresh();
  let wallMs = Date.now();
  const world = await engineWorld(database, {
    workspace,
    startMs: MONDAY_MS,
    files,
    wallMs: () => wallMs,
    onHandover: () => (wallMs += 1_000),
  });
  await intended(world, users(60));
  await firstRound(world);
  expect(await world.engine.sender.round(100, new AbortController().signal)).toBe(40);
  expect(await statesOf(database)).toEqual({ accepted: 40, intended: 20 });
  expect(await claimedOf(database)).toEqual([
    ['accepted', false],
    ['intended', false],
  ]);
  const sent = new Set(world.mails.map((mail) => mail.to[0]));
  const left = users(60).filter((user) => !sent.has(`${user}@example.test`));
  await world.send(left.slice(0, 3).map((user_id) => consent({ user_id }, 'denied')));
  await world.settle({ without: ['sender'] });
  await world.settle();
  expect(await statesOf(database)).toEqual({ accepted: 57, withheld: 3 });
  expect(new Set(world.mails.map((mail) => mail.to[0])).size).toBe(57);
  expect(world.mails).toHaveLength(57);
  await world.close();
});

test('an enrolment that ends while its message is claimed withholds it', async () => {
  const database = await store.fresh();
  let isFirst = false;
  const world: EngineWorld = await engineWorld(database, {
    workspace,
    startMs: MONDAY_MS,
    files,
    onMail: async () => {
      if (!isFirst) return;
      isFirst = false;
      const { rows } = await database.query<{ enrolment_id: EnrolmentId }>(
        `SELECT enrolment_id FROM delivery WHERE state = 'intended'`,
      );
      await database.transaction((tx) =>
        world.engine.store.post(
          tx,
          rows.map(({ enrolment_id: enrolmentId }) => ({
            enrolmentId,
            input: { type: 'control', control: { action: 'stop', as: 'stopped' } },
          })),
        ),
      );
      await world.settle({ without: ['sender'] });
    },
  });
  await intended(world, users(60));
  await firstRound(world);
  isFirst = true;
  expect(await world.engine.sender.round(100, new AbortController().signal)).toBe(40);
  expect(await statesOf(database)).toEqual({ accepted: 40, withheld: 20 });
  expect(world.mails).toHaveLength(40);
  await world.close();
});

test('a bounce and a complaint told before the provider’s answer is recorded lose nothing', async () => {
  const database = await store.fresh();
  const told = ['relance_message_bounced', 'relance_message_complained'];
  const world: EngineWorld = await engineWorld(database, {
    workspace,
    startMs: MONDAY_MS,
    files,
    onMail: async (mail) => {
      const rows = await database.query<{ profile_id: string }>(
        'SELECT profile_id FROM delivery WHERE id = $1',
        [mail.deliveryId],
      );
      const [row] = rows.rows;
      await world.send(
        told.map((name) => ({
          type: 'engine' as const,
          source: 'relance',
          name,
          profileId: row?.profile_id ?? '',
          properties: { delivery_id: mail.deliveryId ?? '' },
        })),
      );
      await world.settle({ without: ['sender'] });
    },
  });
  await intended(world, ['u1']);
  await world.settle();
  expect(await statesOf(database)).toEqual({ complained: 1 });
  const facts = await world.facts();
  const versions = ofKind(facts, 'delivery').map((fact) => fact.version);
  expect(new Set(versions).size).toBe(versions.length);
  expect(ofKind(facts, 'delivery').at(-1)?.body).toMatchObject({
    state: 'complained',
    acceptedAtMs: MONDAY_MS,
  });
  expect(ofKind(facts, 'step').map(({ body }) => body.result)).toContain('accepted');
  const suppressed = ofKind(facts, 'suppression').map(({ body }) => body.reason);
  expect(suppressed.sort()).toEqual(['complaint', 'hard_bounce']);
  await world.close();
});
