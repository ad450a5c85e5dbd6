import { mkdirSync } from 'node:fs';
import { exitWithParent } from '../supervision/parent.js';
import { Engine } from './engine.js';
import { startFront, type Front } from './front.js';
import { analystGuard } from './guard.js';
import { isChildConfig, type ChildConfig, type ChildMessage } from './messages.js';

/** Longest wait for what writes, at a stop. */
const CLOSE_WITHIN_MS = 4_000;

function say(message: ChildMessage): void {
  if (process.connected === true) process.send?.(message);
}

interface Running {
  readonly engine: Engine;
  readonly front: Front;
}

async function start({ dataDir, port, users }: ChildConfig): Promise<Running> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const engine = await Engine.open(dataDir);
  const guard = analystGuard({ tableFunctions: await engine.tableFunctions() });
  const front = await startFront({ engine, guard, users }, port);
  return { engine, front };
}

let running: Promise<Running> | undefined;
let stopping: Promise<void> | undefined;

async function stop(): Promise<void> {
  const parts = await running?.catch(() => undefined);
  if (parts === undefined) return;
  await Promise.all([parts.front.close(), parts.engine.close(CLOSE_WITHIN_MS)]);
}

function leave(): void {
  stopping ??= stop();
  const exit = (): never => process.exit(0);
  stopping.then(exit, exit);
}

process.on('SIGTERM', leave);
process.on('SIGINT', leave);
process.on('SIGHUP', leave);

process.once('message', (message) => {
  // Only now: it lets go of the channel, which keeps this process waiting for its message.
  exitWithParent(() => (stopping ??= stop()));
  if (!isChildConfig(message)) return;
  running = start(message);
  running.then(
    ({ front }) => say({ type: 'ready', port: front.port }),
    (error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      const isBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      say({ type: 'failed', reason: isBusy ? 'port_busy' : 'engine', text });
      setTimeout(() => process.exit(1), 50);
    },
  );
});
