import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a home keeps to itself; made at its first start, never shown, never logged. */
export interface Secrets {
  /** Signs links in messages. */
  readonly linkSigningKey: string;
  /** Keyed hash that keeps a suppression after an erasure. */
  readonly suppressionKey: string;
  /** Public key of the SDKs, for `/v1/track` and its like. */
  readonly writeKey: string;
  /** Key of programs, for decisions, profiles and the console's API. */
  readonly apiKey: string;
  readonly sessionSecret: string;
  readonly postgresPassword: string;
  /** Of the ClickHouse user that the engine writes with. */
  readonly clickhousePassword: string;
  /** Of the ClickHouse user `analyst`. */
  readonly analystPassword: string;
  readonly webhookSecret: string;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

const MAKERS: { readonly [Name in keyof Secrets]: () => string } = {
  linkSigningKey: () => hex(32),
  suppressionKey: () => hex(32),
  writeKey: () => `wk_${hex(16)}`,
  apiKey: () => `rk_${hex(24)}`,
  sessionSecret: () => hex(32),
  postgresPassword: () => hex(24),
  clickhousePassword: () => hex(24),
  analystPassword: () => hex(12),
  webhookSecret: () => hex(32),
};

function readHeld(file: string): Partial<Secrets> | undefined {
  try {
    // A looser mode, from a copy or a restore, is put right before anything is read.
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

function fillIn(held: Partial<Secrets>): Secrets {
  const made = Object.fromEntries(Object.entries(MAKERS).map(([name, make]) => [name, make()]));
  return { ...(made as unknown as Secrets), ...held };
}

function writeAside(file: string, secrets: Secrets): string {
  const aside = `${file}.${randomUUID()}`;
  writeFileSync(aside, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return aside;
}

/**
 * The secrets of a home, from `secrets.json` (mode 0600), made where they are missing. Two processes
 * that ask a new home at once get the same ones. Idempotent.
 */
export function loadSecrets(homeDir: string): Secrets {
  mkdirSync(homeDir, { recursive: true, mode: 0o700 });
  const file = join(homeDir, 'secrets.json');
  const held = readHeld(file);
  const secrets = fillIn(held ?? {});
  if (held === undefined) {
    const aside = writeAside(file, secrets);
    try {
      linkSync(aside, file); // Fails where another process was first: then theirs hold.
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      return loadSecrets(homeDir);
    } finally {
      rmSync(aside, { force: true });
    }
  } else if (Object.keys(MAKERS).some((name) => held[name as keyof Secrets] === undefined)) {
    renameSync(writeAside(file, secrets), file);
  }
  return secrets;
}
