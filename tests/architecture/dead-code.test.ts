import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { plant, root, type Fixture } from './fixture.js';

const fixtures: Fixture[] = [];
afterAll(() => fixtures.forEach((fixture) => fixture.remove()));

/** What knip finds: `file: kind name`, sorted. */
function unused(cwd: string): readonly string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/knip/bin/knip.js'), '--reporter', 'json'],
    { cwd, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(`knip: ${stderr}`);
  const { issues } = JSON.parse(stdout) as {
    issues: readonly ({ readonly file: string } & Readonly<Record<string, unknown>>)[];
  };
  return issues
    .flatMap(({ file, ...kinds }) =>
      Object.entries(kinds).flatMap(([kind, found]) =>
        Array.isArray(found)
          ? (found as readonly { name: string }[]).map(({ name }) => `${file}: ${kind} ${name}`)
          : [],
      ),
    )
    .sort();
}

test('a file, an export and a package that nothing uses are found', () => {
  const fixture = plant({
    'libs/kernel/src/index.ts': "export { used } from './used.js';\n",
    'libs/kernel/src/used.ts': 'export const used = 1;\nexport const unused = 2;\n',
    'libs/kernel/src/lonely.ts': 'export const lonely = 1;\n',
    'apps/api/src/main.ts': "import { used } from '#libs/kernel';\nexport const api = used;\n",
  });
  fixtures.push(fixture);
  copyFileSync(join(root, 'knip.jsonc'), join(fixture.dir, 'knip.jsonc'));
  const found = unused(fixture.dir);
  expect(found).toEqual(
    expect.arrayContaining([
      'libs/kernel/src/lonely.ts: files libs/kernel/src/lonely.ts',
      'libs/kernel/src/used.ts: exports unused',
      'package.json: dependencies fastify',
    ]),
  );
  expect(found.join('\n')).not.toContain('exports used\n');
});

test('our own tree has none', () => {
  expect(unused(root)).toEqual([]);
});
