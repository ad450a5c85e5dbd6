import { StoreError, type Tx } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';
import { seededRandom } from '#libs/kernel';

/** A store whose transactions break at a random statement, or lose the answer to their commit. */
export function breaking(
  database: Database,
  seed: string,
): { database: Database; broken: () => number } {
  const random = seededRandom('breaking', seed);
  let broken = 0;
  const gone = (): StoreError => new StoreError('the connection is gone', true);
  const shaky = Object.create(database) as Database;
  shaky.transaction = async (work) => {
    const fails = random() < 0.5;
    let left = Math.floor(random() * 12);
    const value = await database.transaction(async (tx) => {
      const real = tx as unknown as { query: (...args: unknown[]) => Promise<unknown> };
      const query = async (...args: unknown[]): Promise<unknown> => {
        left -= 1;
        if (fails && left < 0) {
          broken += 1;
          throw gone();
        }
        return await real.query(...args);
      };
      return await work(Object.assign(Object.create(real) as object, { query }) as unknown as Tx);
    });
    if (random() < 0.1) {
      broken += 1;
      throw gone();
    }
    return value;
  };
  return { database: shaky, broken: () => broken };
}

/** Tries again whenever the store breaks. */
export async function despite(work: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
  throw new Error('it never ended');
}
