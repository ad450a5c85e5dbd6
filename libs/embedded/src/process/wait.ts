import { setTimeout as delay } from 'node:timers/promises';

/** Asks every `everyMs` until the condition holds; false when `withinMs` of monotonic time passed. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 20,
): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= endMs) return false;
    await delay(everyMs);
  }
}
