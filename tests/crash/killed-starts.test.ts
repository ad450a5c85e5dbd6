import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startClickHouse, startPostgres, type ProcessIdentity } from '#libs/embedded';

const home = mkdtempSync(join(tmpdir(), 'relance-starts-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const killed = ({ pid }: ProcessIdentity): void => void process.kill(pid, 'SIGKILL');
const place = { password: 'test', endsWithUs: true, dataDir: join(home, 'postgres') };

test.each([
  [
    'ClickHouse',
    () => startClickHouse({ dataDir: join(home, 'clickhouse'), users: [], started: killed }),
  ],
  ['PostgreSQL', () => startPostgres({ ...place, started: killed })],
])('%s killed while it starts may be started again', async (_name, start) => {
  await expect(start()).rejects.toMatchObject({ name: 'EngineError', retryable: true });
});
