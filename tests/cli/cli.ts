import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'dist/apps/cli/src/main.js');

/** What a run of the command line came to. */
export interface CliRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** Of stdout; throws where it is not one JSON document. */
  readonly json: () => unknown;
}

/** A run of the command line that goes on. */
export interface StartedRun {
  readonly pid: number;
  readonly ended: Promise<CliRun>;
}

/** Starts the built command line as a person would, in a process of its own. */
export function startRelance(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedRun {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], LANG: 'en_GB.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<CliRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, out, err, json: () => JSON.parse(out) as unknown }),
    );
  });
  return { pid: child.pid ?? 0, ended };
}

/** Runs the built command line to its end. */
export async function relance(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  return await startRelance(args, env).ended;
}

/** What no person should ever be shown. */
export const STACK_TRACE = /^\s+at .+:\d+:\d+/m;
