import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../engine-error.js';
import { idsOf, type Account } from './account.js';
import type { PostgresBinaries } from './binaries.js';

const run = promisify(execFile);

/** The superuser and the database of an embedded server. */
export const POSTGRES_USER = 'relance';
export const POSTGRES_DATABASE = 'relance';

/** What is needed to lay out a server's files. */
export interface ClusterOptions {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly account: Account | undefined;
  readonly password: string;
}

/** Runs one of the server's programs under its account, with an environment that holds no secret. */
function runAs(options: ClusterOptions, program: string, args: readonly string[], input = '') {
  const child = run(program, args, {
    cwd: options.dataDir,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...idsOf(options.account),
  });
  child.child.stdin?.end(input);
  return child;
}

function writePassword(options: ClusterOptions): string {
  const file = `${options.dataDir}.${randomUUID()}`;
  writeFileSync(file, options.password, { mode: 0o600, flag: 'wx' });
  if (options.account !== undefined) chownSync(file, options.account.uid, options.account.gid);
  return file;
}

async function layOut(options: ClusterOptions): Promise<void> {
  const { binaries, dataDir } = options;
  const passwordFile = writePassword(options);
  try {
    // The builtin provider sorts by code point, the same on every system and at no cost; a list
    // shown to people asks for its own collation.
    await runAs(options, binaries.initdb, [
      `--pgdata=${dataDir}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const single = ['--single', '-D', dataDir, 'postgres'];
  await runAs(options, binaries.postgres, single, `CREATE DATABASE ${POSTGRES_DATABASE}\n`);
}

function checkMajor({ binaries, dataDir }: ClusterOptions): void {
  const held = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  const ours = binaries.version.split('.')[0];
  if (held === ours) return;
  throw new EngineError('data_unusable', {
    fr: `Les données de ${dataDir} sont de PostgreSQL ${held}, ce Relance apporte PostgreSQL ${ours}. Revenez à la version de Relance qui les a écrites, faites « relance backup », puis « relance restore » avec celle-ci.`,
    en: `The data in ${dataDir} is of PostgreSQL ${held}, this Relance brings PostgreSQL ${ours}. Go back to the version of Relance that wrote it, run "relance backup", then "relance restore" with this one.`,
  });
}

function refuseForeign(dataDir: string): void {
  if (readdirSync(dataDir).length === 0) return;
  throw new EngineError('data_unusable', {
    fr: `Le dossier ${dataDir} n'est pas vide et ne contient pas de données de PostgreSQL. Videz-le, ou choisissez un autre RELANCE_HOME.`,
    en: `The folder ${dataDir} is not empty and holds no PostgreSQL data. Empty it, or choose another RELANCE_HOME.`,
  });
}

/** A layout whose starter was killed may go on for a moment: each has a folder of its own. */
function clearUnfinished(dataDir: string): void {
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(`${basename(dataDir)}.new-`)) continue;
    try {
      rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
    } catch {
      // Still being written: the next start clears it.
    }
  }
}

/**
 * Lays out the server's files on first use. Done aside and renamed, so that an interrupted layout is
 * never taken for a whole one; a folder that holds something else is refused. Idempotent.
 */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const { account, dataDir } = options;
  if (existsSync(join(dataDir, 'PG_VERSION'))) return checkMajor(options);
  refuseForeign(dataDir);
  clearUnfinished(dataDir);
  const aside = `${dataDir}.new-${randomUUID()}`;
  mkdirSync(aside, { mode: 0o700 });
  if (account !== undefined) chownSync(aside, account.uid, account.gid);
  try {
    await layOut({ ...options, dataDir: aside });
    renameSync(aside, dataDir);
  } catch (cause) {
    throw initialiseFailed(dataDir, cause);
  }
}

function initialiseFailed(dataDir: string, cause: unknown): EngineError {
  const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
  const text = {
    fr: `PostgreSQL n'a pas pu préparer son dossier ${dataDir}. ${said}`,
    en: `PostgreSQL could not prepare its folder ${dataDir}. ${said}`,
  };
  return new EngineError('initialise_failed', text, false, { cause });
}
