import { StoreError, type Tx } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';

/** A store of which a test ends transactions in the middle, as those of a killed process end. */
export interface Killable {
  readonly database: Database;
  /** The statement of a transaction from which on nothing is answered, counted from 0. */
  readonly killAt: (statement: number) => void;
}

/** Wraps a store; it answers everything until it is told otherwise. */
export function killable(database: Database): Killable {
  let left = Number.POSITIVE_INFINITY;
  const shaky = Object.create(database) as Database;
  shaky.transaction = async (work) =>
    await database.transaction(async (tx) => {
      const real = tx as unknown as { query: (...args: unknown[]) => Promise<unknown> };
      const query = async (...args: unknown[]): Promise<unknown> => {
        left -= 1;
        if (left < 0) throw new StoreError('killed', true);
        return await real.query(...args);
      };
      return await work(Object.assign(Object.create(real) as object, { query }) as unknown as Tx);
    });
  return { database: shaky, killAt: (statement) => (left = statement) };
}
