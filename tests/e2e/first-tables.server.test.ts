import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClickHouseReader, connect, DATABASE } from '#libs/adapter-clickhouse';
import { checkoutDir } from '#libs/config';
import { Product } from '../../bench/harness/product.js';
import { buildApps } from '../crash/built.js';

const NAMES = ['events', 'profiles', 'decisions', 'deliveries', 'campaign_lift', 'freshness'];

let product: Product;
beforeAll(async () => {
  buildApps(['standalone', 'api', 'worker']);
  product = await Product.start({
    workspace: join(checkoutDir(), 'scenarios'),
    withSample: true,
    clock: 'now@1440',
  });
});
afterAll(() => product.remove());

test('a new home that says it is ready has the tables of analysts', async () => {
  const client = connect(product.run.clickhouse);
  const reader = new ClickHouseReader(client);
  for (const name of NAMES) {
    expect(await reader.query(`SELECT count() AS n FROM ${DATABASE}.${name}`)).toHaveLength(1);
  }
  await client.close();
});
