import { spawn } from 'node:child_process';
import { sendSignal } from './end.js';
import type { Kept } from './handle.js';

/**
 * Ends a process when this one is gone, killed included: a small shell waits for the end of a pipe
 * that we hold open, and goes when the process ends before us.
 */
export function endWithUs({ ended, identity }: Kept, signal: 'INT' | 'TERM'): void {
  const script = `cat >/dev/null; kill -${signal} "$1" 2>/dev/null`;
  const watch = spawn('/bin/sh', ['-c', script, 'sh', String(identity.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.on('error', () => undefined);
  watch.stdin.on('error', () => undefined);
  watch.unref();
  // A pipe is a socket here; it must not keep us running.
  if ('unref' in watch.stdin && typeof watch.stdin.unref === 'function') watch.stdin.unref();
  void ended.then(() => {
    // Its group: the shell and what it waits with. It must not outlive the pid it would signal.
    if (watch.pid !== undefined) sendSignal(-watch.pid, 'SIGKILL');
  });
}
