import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../engine-error.js';

/** The operating system's account that runs the server; undefined ids mean our own account. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

// PostgreSQL refuses to run as root. An account that exists is used: making one would change the
// machine for a program that may only be tried.
const CANDIDATES = ['relance', 'postgres', 'nobody'];

function lookUp(flag: '-u' | '-g' | '-un', account: string): string | undefined {
  try {
    const answer = execFileSync('id', [flag, account], { stdio: ['ignore', 'pipe', 'ignore'] });
    return answer.toString().trim();
  } catch {
    return undefined;
  }
}

function named(name: string): Account | undefined {
  const uid = lookUp('-u', name);
  const gid = lookUp('-g', name);
  if (uid === undefined || gid === undefined || uid === '0') return undefined;
  return { name, uid: Number(uid), gid: Number(gid) };
}

function ownerOf(dataDir: string): Account | undefined {
  try {
    const { uid, gid } = statSync(join(dataDir, 'PG_VERSION'));
    return uid === 0 ? undefined : { name: lookUp('-un', String(uid)) ?? `uid ${uid}`, uid, gid };
  } catch {
    return undefined;
  }
}

/**
 * Who must run the server: undefined (ourselves) unless we are root; then whoever owns the data
 * already, else the first unprivileged account of this machine.
 */
export function serverAccount(dataDir: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(dataDir);
  if (owner !== undefined) return owner;
  for (const name of CANDIDATES) {
    const account = named(name);
    if (account !== undefined) return account;
  }
  throw new EngineError('no_account', {
    fr: `PostgreSQL ne démarre pas sous le compte root, et aucun des comptes ${CANDIDATES.join(', ')} n'existe. Créez-en un, ou lancez Relance sous un autre compte.`,
    en: `PostgreSQL does not run as root, and none of the accounts ${CANDIDATES.join(', ')} exists. Create one, or run Relance under another account.`,
  });
}

/** Whether the account can enter the folder; asked of the system, so access lists count too. */
export function canEnter(account: Account, dir: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], {
    cwd: '/',
    stdio: 'ignore',
    ...idsOf(account),
  });
  return status === 0;
}

/** Options for `spawn` that make the child run under the account. */
export function idsOf(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}
