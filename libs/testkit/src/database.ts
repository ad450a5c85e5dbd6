import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, migrate, migrations } from '#libs/adapter-postgres';
import { startPostgres, type PostgresServer } from '#libs/embedded';

const PASSWORD = 'testonly';

/** A real PostgreSQL for one test file, with databases of its own. */
export interface TestStore {
  readonly server: PostgresServer;
  /** A fresh database with the schema of this version, cloned from a template. */
  readonly fresh: (maxConnections?: number) => Promise<Database>;
  /** Address of a fresh database, for another process. */
  readonly freshUrl: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Starts a PostgreSQL that does not wait for the disk, unless the test is about just that. */
export async function openTestStore(options: { durable?: boolean } = {}): Promise<TestStore> {
  const home = await mkdtemp(join(tmpdir(), 'relance-test-'));
  const server = await startPostgres({
    dataDir: join(home, 'postgres'),
    password: PASSWORD,
    durable: options.durable ?? false,
    endsWithUs: true,
  });
  const admin = new Database({ url: server.url, maxConnections: 2 });
  const open: Database[] = [];
  const urlOf = (name: string): string => server.url.replace(/\/[^/]*$/, `/${name}`);
  await admin.query('CREATE DATABASE template_relance');
  const template = new Database({ url: urlOf('template_relance'), maxConnections: 1 });
  await migrate(template, migrations);
  await template.close();
  let count = 0;
  const freshUrl = async (): Promise<string> => {
    count += 1;
    const name = `test_${count}`;
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template_relance`);
    return urlOf(name);
  };
  return {
    server,
    freshUrl,
    fresh: async (maxConnections = 6) => {
      const database = new Database({ url: await freshUrl(), maxConnections });
      open.push(database);
      return database;
    },
    close: async () => {
      await Promise.all(open.map((database) => database.close().catch(() => undefined)));
      await admin.close().catch(() => undefined);
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
