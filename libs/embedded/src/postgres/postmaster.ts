import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify, type ProcessIdentity } from '../process/identity.js';

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly identity: ProcessIdentity;
  readonly port: number;
  readonly ready: boolean;
}

function worksIn(pid: number, dataDir: string): boolean {
  try {
    if (process.platform === 'linux')
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(dataDir);
  } catch {
    return false;
  }
}

/**
 * The server that runs on this folder, if one does. A `postmaster.pid` left by a killed server, its
 * pid gone or given to a stranger, is no server.
 */
export function readPostmaster(dataDir: string): Postmaster | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !worksIn(pid, dataDir)) return undefined;
  const identity = identify(pid);
  if (identity === undefined) return undefined;
  return { identity, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Removes a `postmaster.pid` whose server is gone. The server would find that out by itself except
 * where a stranger has its pid now: then it would refuse to start.
 */
export function clearStalePid(dataDir: string): void {
  if (readPostmaster(dataDir) === undefined)
    rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}
