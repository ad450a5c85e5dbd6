import { isAlive, type ProcessIdentity } from './identity.js';
import { waitUntil } from './wait.js';

/** One signal and how long to wait for it to work. */
export interface EndingStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** Sends a signal; false where the process (or group) is gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends that very process, by each step in turn until it is gone, then with it whatever is left of
 * the process group it led. True when it is gone.
 */
export async function endProcess(
  identity: ProcessIdentity,
  steps: readonly EndingStep[],
): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    if (!isAlive(identity)) break;
    sendSignal(identity.pid, signal);
    if (await waitUntil(() => !isAlive(identity), waitMs)) break;
  }
  return !isAlive(identity);
}
