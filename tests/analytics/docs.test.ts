import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderTableDocs, tableExamples } from '#libs/adapter-clickhouse';
import { openWorld, type World } from './world.js';

describe('the analyst’s reference', () => {
  // After a change of the schema: npx vitest run tests/analytics/docs -u
  it.each([
    ['en', 'tables.md'],
    ['fr', 'tables.fr.md'],
  ] as const)('in %s is what the schema says', async (locale, file) => {
    const text = await format(renderTableDocs(locale), { parser: 'markdown', printWidth: 100 });
    await expect(text).toMatchFileSnapshot(`../../docs/analyst/${file}`);
  });
});

describe('its examples', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await world.sink.migrate();
  });
  afterAll(() => world.close());

  it.each(tableExamples())('$table', async ({ sql }) => {
    const params = {
      param_profile: 'p1',
      param_owner: 'rep@example.test',
      param_scenario: 'welcome',
    };
    const answer = await world.ask(sql, { params });
    expect(answer.status, answer.text).toBe(200);
  });
});
