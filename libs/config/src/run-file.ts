import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const runFile = z.object({
  url: z.string(),
  pid: z.number(),
  writeKey: z.string(),
  apiKey: z.string(),
  clickhouse: z.object({
    url: z.string(),
    database: z.string(),
    user: z.string(),
    password: z.string(),
  }),
  /** The embedded store, for commands that read much; absent where DATABASE_URL names another. */
  postgres: z.object({ url: z.string() }).optional(),
  smtpSandbox: z.object({ host: z.string(), port: z.number() }),
  logins: z.array(z.object({ email: z.string(), password: z.string(), role: z.string() })),
  engines: z.object({
    log: z.string(),
    runtime: z.string(),
    store: z.string(),
    analytics: z.string(),
  }),
});

/** How programs on this machine reach a running engine: `$RELANCE_HOME/run.json`, mode 0600. */
export type RunFile = Readonly<z.infer<typeof runFile>>;

const pathOf = (homeDir: string): string => join(homeDir, 'run.json');

/** What is written of a running engine; undefined where none is, or the file is not whole. */
export function readRunFile(homeDir: string): RunFile | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(pathOf(homeDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the file whole or not at all. */
export function writeRunFile(homeDir: string, content: RunFile): void {
  const aside = `${pathOf(homeDir)}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, pathOf(homeDir));
}

/** Removes the file; nothing happens where there is none. */
export function removeRunFile(homeDir: string): void {
  rmSync(pathOf(homeDir), { force: true });
}
