import { describe, expect, it } from 'vitest';
import { awaitTables, madeOnce } from './analysts-tables.js';

const away = new Error('away');
const { signal } = new AbortController();

describe('the analysts’ tables', () => {
  it('are made once for all who ask, and again only after a failure', async () => {
    let tries = 0;
    const tables = madeOnce(async () => {
      tries += 1;
      if (tries === 1) throw away;
    });
    expect(await Promise.allSettled([tables(), tables()])).toEqual(
      [1, 2].map(() => ({ status: 'rejected', reason: away })),
    );
    await Promise.all([tables(), tables()]);
    await tables();
    expect(tries).toBe(2);
  });

  it('are waited for', async () => {
    let isThere = false;
    const make = async (): Promise<void> => {
      await Promise.resolve();
      isThere = true;
    };
    await awaitTables(make, 60_000, signal);
    expect(isThere).toBe(true);
  });

  it('keep nobody from starting where they cannot be made, or not in time', async () => {
    await awaitTables(() => Promise.reject(away), 60_000, signal);
    await awaitTables(() => new Promise(() => undefined), 1, signal);
  });
});
