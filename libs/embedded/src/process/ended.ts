import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './identity.js';
import type { Ending } from './handle.js';

/** The ending of our own child. */
export function endingOfChild(child: ChildProcess): Promise<Ending> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve({ exitCode: child.exitCode, signal: child.signalCode });
  }
  return new Promise((resolve) => {
    child.on('error', () => {
      // Also said of a channel whose reader was killed: only one that never started ends by it.
      if (child.pid === undefined) resolve({ exitCode: null, signal: null });
    });
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** The ending of a process that is not our child: looked for four times a second. */
export async function endingOfStranger(identity: ProcessIdentity): Promise<Ending> {
  while (isAlive(identity)) await delay(250);
  return { exitCode: null, signal: null };
}
