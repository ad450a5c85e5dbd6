import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutDir, readRunFile, type RunFile } from '#libs/config';
import { freePort, waitUntil } from '#libs/embedded';

const READY_MS = 60_000;

/** A supervisor started by a test, seen from outside. */
export interface Product {
  readonly child: ChildProcess;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  output(): string;
  /** Of stdout alone. */
  stdout(): string;
  /** Lines the stand-ins wrote: what they did, in order. */
  trace(): readonly string[];
  /** Waits for a text in the output; fails with the output where it does not come. */
  says(text: string | RegExp): Promise<void>;
  exited(withinMs?: number): Promise<number | null>;
  run(): RunFile;
}

/** Builds what the supervisor runs from; quick when nothing changed. */
export function buildSupervisor(): void {
  const tsc = join(checkoutDir(), 'node_modules', 'typescript', 'bin', 'tsc');
  const project = join(checkoutDir(), 'apps', 'standalone');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', project], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
}

/** A new home and ports for one product. */
export async function newPlace(): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
  const home = mkdtempSync(join(tmpdir(), 'relance-up-'));
  const [http, clickhouse, smtp] = [await freePort(), await freePort(), await freePort()];
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    LANG: 'C',
    RELANCE_HOME: home,
    TEST_TRACE: join(home, 'trace.txt'),
    PORT: String(http),
    CLICKHOUSE_PORT: String(clickhouse),
    SMTP_SANDBOX_PORT: String(smtp),
  };
  return { home, env };
}

/** Starts the supervisor in its own process group, as a terminal would. */
export function launch(
  home: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Product {
  const main = join(checkoutDir(), 'apps', 'standalone', 'test', 'main.mjs');
  const child = spawn(process.execPath, [main, ...args], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const traceFile = join(home, 'trace.txt');
  return {
    child,
    home,
    env,
    output: () => output,
    stdout: () => stdout,
    trace: () => (existsSync(traceFile) ? readFileSync(traceFile, 'utf8').trim().split('\n') : []),
    async says(text) {
      const found = (): boolean =>
        typeof text === 'string' ? output.includes(text) : text.test(output);
      await waitUntil(() => found() || isOver(), READY_MS);
      await waitUntil(found, 500);
      if (!found()) throw new Error(`did not say ${String(text)}: ${output}`);
    },
    async exited(withinMs = 12_000) {
      if (!(await waitUntil(isOver, withinMs))) throw new Error(`did not exit: ${output}`);
      return child.exitCode;
    },
    run() {
      const run = readRunFile(home);
      if (run === undefined) throw new Error('no run.json');
      return run;
    },
  };
}

/** Signals the product's whole process group, as Ctrl-C in a terminal does. */
export function signalGroup({ child }: Product, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}

/** Removes a home and whatever runs on it. */
export async function clear(home: string): Promise<void> {
  const children = join(home, 'children.json');
  const left = existsSync(children)
    ? (JSON.parse(readFileSync(children, 'utf8')) as { pid: number }[])
    : [];
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already, as it should be.
    }
  }
  await waitUntil(() => {
    try {
      rmSync(home, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  }, 5_000);
}
