import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { StoreError, type Tx } from '#libs/application';
import {
  Database,
  EmbeddedLog,
  LOG_CHANNEL,
  migrate,
  migrations,
  publishOutbox,
  Wakeups,
} from '#libs/adapter-postgres';
import { startPostgres, waitUntil } from '#libs/embedded';
import { openTestStore } from '#libs/testkit';
import { engineWorld, known } from '../engine/world.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
});

test('a reader that cannot look up where it stood reads the same again when it can', async () => {
  const home = mkdtempSync(join(tmpdir(), 'relance-reader-'));
  undo.push(() => rmSync(home, { recursive: true, force: true }));
  const place = { dataDir: join(home, 'postgres'), password: 'test', endsWithUs: true };
  const first = await startPostgres(place);
  const database = new Database({ url: first.url });
  undo.push(() => database.close());
  await migrate(database, migrations);
  const wakeups = new Wakeups(database, LOG_CHANNEL);
  const log = await EmbeddedLog.open(database, wakeups, { partitions: 2, wallMs: Date.now });
  const reader = await log.reader('crash', ['facts']);
  await log.append('facts', [{ key: 'a', value: { number: 1 } }]);
  expect((await reader.poll({ maxRecords: 10, waitMs: 0 })).records).toHaveLength(1);

  first.kill();
  await first.ended;
  // A server process of a connection outlives the one that was killed for a moment.
  const isAway = (): Promise<boolean> =>
    reader.seekToStored().then(
      () => false,
      () => true,
    );
  expect(await waitUntil(isAway, 20_000)).toBe(true);
  const second = await startPostgres({ ...place, port: first.port });
  undo.push(() => second.stop());
  expect((await reader.poll({ maxRecords: 10, waitMs: 0 })).records).toHaveLength(1);
});

/** A store that commits, and then breaks the connection before it says so, when asked to. */
function forgetful(database: Database): { database: Database; forgetNext: () => void } {
  let forgets = false;
  const broken = Object.create(database) as Database;
  broken.transaction = async <Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> => {
    const value = await database.transaction(work);
    if (!forgets) return value;
    forgets = false;
    throw new StoreError('Connection terminated unexpectedly', true);
  };
  return { database: broken, forgetNext: () => (forgets = true) };
}

test('a message claimed by a commit whose answer was lost does not stay in hand for ever', async () => {
  const store = await openTestStore();
  undo.push(() => store.close());
  const { database, forgetNext } = forgetful(await store.fresh());
  const startMs = Date.parse('2026-03-30T10:00:00+02:00');
  const world = await engineWorld(database, { workspace: 'tests/workspaces/pipeline', startMs });
  undo.push(() => world.close());
  const { sender, store: enrolments, options, host, log } = world.engine;
  await world.send(known('u1'));
  await world.settle();
  await world.send([{ name: 'signed_up', ids: { user_id: 'u1' } }]);
  await world.engine.live.runOnce(AbortSignal.abort());
  await publishOutbox(database, log, { outbox: 'change_outbox', maxRows: 100 });
  const lease = await enrolments.acquire('router', options.runId, 60_000);
  const reader = await log.reader('router', ['profile.changes']);
  if (lease === null) throw new Error('the lease is held by another');
  await host.turn(lease, await reader.poll({ maxRecords: 100, waitMs: 0 }), reader);
  await enrolments.acquire(`sender/${options.runId}`, options.runId, 60_000);

  forgetNext();
  await expect(sender.round(20, new AbortController().signal)).rejects.toThrow('Connection');
  expect(world.mails).toHaveLength(0);
  expect(await sender.recover()).toBe(1);
  const { rows } = await database.query<{ state: string }>('SELECT state FROM delivery');
  expect(rows).toEqual([{ state: 'uncertain' }]);
});
