import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#libs/kernel';
import { postAll, type Message, type Target } from '../../bench/harness/load.js';

const MOST_COPIES = 3;
const SPREAD = { together: 25, senders: 3 } as const;

/** Every message one to three times, in any order. */
export function repeated(messages: readonly Message[], random: Random): readonly Message[] {
  const all = messages.flatMap((message) =>
    Array.from({ length: 1 + Math.floor(random() * MOST_COPIES) }, () => message),
  );
  for (let place = all.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    const [one, two] = [all[place], all[other]];
    if (one !== undefined && two !== undefined) [all[place], all[other]] = [two, one];
  }
  return all;
}

/**
 * Sends all messages in so many portions while something else goes on, so that there is work
 * whenever it happens; each is sent until it is acknowledged. Answers how many tries failed.
 */
export async function sendSlowly(
  target: Target,
  messages: readonly Message[],
  pace: { readonly portions: number; readonly pauseMs: number },
): Promise<number> {
  const size = Math.max(1, Math.ceil(messages.length / pace.portions));
  let failures = 0;
  for (let start = 0; start < messages.length; start += size) {
    failures += await postAll(target, messages.slice(start, start + size), SPREAD);
    await delay(pace.pauseMs);
  }
  return failures;
}
