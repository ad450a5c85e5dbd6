import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXAMPLES } from '../../apps/console/src/pages/tables/examples.js';
import { openWorld, type World } from '../analytics/world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.sink.migrate();
});
afterAll(() => world.close());

test.each(EXAMPLES)('the query “$title” that analysts copy runs as it stands', async ({ sql }) => {
  expect(Array.isArray(await world.reader.query(sql))).toBe(true);
});
