import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkoutDir } from '#libs/config';
import type { Product } from './product.js';

/** What a command came to. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All of stdout; with `--json` one document. */
  readonly out: string;
  readonly err: string;
}

/** A command of the CLI that runs in a process of its own. */
export interface RunningCommand {
  readonly pid: number;
  readonly ended: Promise<CommandEnd>;
}

/** Starts a command of the CLI against a product, as `npx relance` does. */
export function startCommand(product: Product, args: readonly string[]): RunningCommand {
  const program = join(checkoutDir(), 'dist', 'apps', 'cli', 'src', 'main.js');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: checkoutDir(),
    env: product.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<CommandEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { pid: child.pid ?? 0, ended };
}

/** A command that must succeed; answers the document it printed. */
export async function documentOf<Document>(command: RunningCommand): Promise<Document> {
  const { code, signal, out, err } = await command.ended;
  if (code !== 0) throw new Error(`ended with ${signal ?? code}: ${err.slice(-1_000)}`);
  return JSON.parse(out) as Document;
}
