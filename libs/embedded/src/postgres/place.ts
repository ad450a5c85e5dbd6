import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { hashId } from '#libs/kernel';
import { EngineError } from '../engine-error.js';
import { canEnter, type Account } from './account.js';

/** Where to keep a server's data when it may have to run under another account. */
export interface PlaceOptions {
  /** Where the data should lie. */
  readonly dataDir: string;
  /** Our own folder around it, which may be opened to the account's group (enter, not list). */
  readonly homeDir: string;
  readonly account: Account | undefined;
  /** Base of the folders used when the account cannot reach `dataDir` at all. */
  readonly sharedDir: string;
}

/** Makes a folder of ours that any account may enter, whatever our umask. */
function makeReachable(dir: string): void {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
}

/** Folders on this machine that any account can reach, best first. */
export function sharedBase(): string {
  for (const base of ['/var/lib', '/usr/local/var', '/var/tmp']) {
    if (!existsSync(base)) continue;
    const dir = join(base, 'relance');
    try {
      makeReachable(dir);
      return dir;
    } catch {
      continue;
    }
  }
  throw new EngineError('data_unusable', {
    fr: 'Aucun dossier accessible à un autre compte que root où garder les données de PostgreSQL.',
    en: 'No folder that an account other than root can reach, to keep the data of PostgreSQL in.',
  });
}

function openToGroup(dir: string, account: Account): void {
  const { uid, mode } = statSync(dir);
  if (uid !== process.getuid?.()) return;
  chownSync(dir, uid, account.gid);
  chmodSync(dir, (mode & 0o7777) | 0o010);
}

function openOurs(from: string, upTo: string, account: Account): void {
  const inside = relative(upTo, from);
  if (inside.startsWith('..') || !canEnter(account, dirname(upTo))) return;
  openToGroup(upTo, account);
  let dir = upTo;
  for (const name of inside.split(sep).filter((part) => part !== '')) {
    dir = join(dir, name);
    openToGroup(dir, account);
  }
}

const holdsData = (dir: string): boolean => existsSync(join(dir, 'PG_VERSION'));

/**
 * The folder the data lies in, made and owned as the server needs it. It is `dataDir` wherever the
 * account can reach that; `homeDir`, being ours, lets the account's group pass (not list) if that
 * is all it takes. Otherwise a folder under `sharedDir`, the same for the same `dataDir`. Where
 * data lies already it stays.
 */
export function dataPlace(options: PlaceOptions): string {
  const { account, dataDir, homeDir } = options;
  const elsewhere = join(options.sharedDir, `data-${hashId('home', dataDir)}`);
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
  if (account === undefined) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return dataDir;
  }
  if (holdsData(elsewhere)) return elsewhere;
  const parent = dirname(dataDir);
  if (!canEnter(account, parent)) openOurs(parent, homeDir, account);
  const place = canEnter(account, parent) ? dataDir : elsewhere;
  if (place === elsewhere) makeReachable(options.sharedDir);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  chownSync(place, account.uid, account.gid);
  chmodSync(place, 0o700);
  return place;
}
