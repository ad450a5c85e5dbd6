import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '#libs/kernel';
import { identify, isAlive, type ProcessIdentity } from '../process/identity.js';

const pathOf = (homeDir: string): string => join(homeDir, 'supervisor.lock');

function holder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function write(file: string): boolean {
  const ours = present(identify(process.pid), 'our own process');
  // Written aside and linked: no one ever reads a lock that is not whole.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(ours), { mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Makes this process the only one that may start a home. False where another living process is;
 * a lock whose holder is gone does not count. `releaseHome` gives it back.
 */
export function takeHome(homeDir: string): boolean {
  const file = pathOf(homeDir);
  if (write(file)) return true;
  const other = holder(file);
  if (other !== undefined && isAlive(other)) return false;
  // Moved aside first: of several processes that find it stale, one succeeds.
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  rmSync(aside, { force: true });
  return write(file);
}

/** Gives the home back; nothing happens where another process holds it. */
export function releaseHome(homeDir: string): void {
  if (holder(pathOf(homeDir))?.pid === process.pid) rmSync(pathOf(homeDir), { force: true });
}
