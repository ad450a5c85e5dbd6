import { afterAll, beforeAll, describe, it } from 'vitest';
import { EmbeddedLog, LOG_CHANNEL, Wakeups } from '#libs/adapter-postgres';
import { EVENT_LOG_CASES, openTestStore, type TestStore } from '#libs/testkit';

describe('the embedded event log', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(async () => {
    await store.close();
  });

  it.each(EVENT_LOG_CASES)('$name', async ({ run }) => {
    const database = await store.fresh();
    const wakeups = new Wakeups(database, LOG_CHANNEL);
    await wakeups.listen();
    const open = (partitions: number) =>
      EmbeddedLog.open(database, wakeups, { partitions, wallMs: () => 1_790_000_000_000 });
    try {
      const log = await open(4);
      const fixture = { log, reopenWith: open, unitOfWork: database };
      await run({ ...fixture, isTransactional: true, wakeWithinMs: 1_000 });
    } finally {
      await wakeups.close();
    }
  });
});
