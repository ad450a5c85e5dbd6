import { pause } from '#libs/application';

/**
 * What makes the analysts' tables, once: whoever asks while it is at work waits for the same one, and
 * whoever asks after a failure tries again.
 */
export function madeOnce(make: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}

/**
 * Resolves when the tables are there, or cannot be in time: an engine that is away stops no start. Why
 * not is for the loop to tell that needs them next.
 */
export async function awaitTables(
  tables: () => Promise<void>,
  atMostMs: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const made = tables()
    .catch(() => undefined)
    .finally(() => over.abort());
  await Promise.race([made, pause(atMostMs, AbortSignal.any([signal, over.signal]))]);
}
