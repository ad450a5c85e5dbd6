import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRunFile } from '#libs/config';
import { HOME_KEY } from '../console-api/world.js';

/** A home by which the command line finds a console of these tests. The caller removes it. */
export async function homeOf(url: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'relance-cli-home-'));
  writeRunFile(home, {
    url,
    pid: process.pid,
    writeKey: 'w',
    apiKey: HOME_KEY,
    clickhouse: { url, database: 'd', user: 'u', password: 'p' },
    smtpSandbox: { host: 'h', port: 1 },
    logins: [],
    engines: { log: '', runtime: '', store: '', analytics: '' },
  });
  return home;
}
