import { sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkoutDir } from './checkout.js';
import { clockText, parseClock } from './clock-setting.js';
import { readConfig, type Config, type Environment } from './config.js';
import { describeVariables } from './describe.js';
import { ConfigError } from './load.js';
import { unsafeClock } from './sample.js';
import { SETTING_PROBLEMS, settingLine, settingProblem } from './setting-problems.js';

function config(env: Environment, workingDir = '/somewhere'): Config {
  const read = readConfig(env, workingDir);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const refusals = (env: Environment): readonly string[] => {
  const read = readConfig(env);
  return read.ok ? [] : read.error.map(({ message }) => message['en'] ?? '');
};

test('an empty environment gives the documented defaults', () => {
  const read = config({});
  expect(read).toMatchObject({
    host: '127.0.0.1',
    http: { port: 8080, isSet: false },
    publicUrl: 'http://127.0.0.1:8080',
    clickhousePort: { port: 8123, isSet: false },
    smtpSandboxPort: { port: 1025, isSet: false },
    partitions: 12,
    clock: { kind: 'wall' },
    clockIsSet: false,
    logLevel: 'info',
    empty: false,
  });
  expect(read.homeDir).toBe(`${checkoutDir()}${sep}.relance`);
  expect(read.workspaceDir).toBe(`${checkoutDir()}${sep}scenarios`);
  expect([read.postgres, read.clickhouse, read.kafkaBrokers, read.temporal, read.smtpUrl]).toEqual(
    Array(5).fill(undefined),
  );
});

test('an external address wins over the embedded one of the supervisor', () => {
  const embedded = { RELANCE_EMBEDDED_DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' };
  expect(config(embedded).postgres?.origin).toBe('embedded');
  const both = { ...embedded, DATABASE_URL: 'postgres://c:d@db/y' };
  expect(config(both).postgres).toEqual({ url: 'postgres://c:d@db/y', origin: 'external' });
});

test('folders given are relative to where the command was called; empty means not set', () => {
  expect(config({ RELANCE_HOME: 'h', PORT: ' ' }, '/a')).toMatchObject({
    homeDir: '/a/h',
    http: { isSet: false },
  });
  expect(config({ PORT: '9', HOST: '::' }).publicUrl).toBe('http://127.0.0.1:9');
});

test.each([
  ['PORT', '0'],
  ['PORT', '80a'],
  ['DATABASE_URL', 'mysql://x'],
  ['KAFKA_BROKERS', 'one,two:9092'],
  ['RELANCE_PARTITIONS', '1.5'],
  ['RELANCE_CLOCK', 'yesterday'],
  ['RELANCE_CLOCK', '2026-11-02T09:00:00@60'],
  ['LOG_LEVEL', 'loud'],
  ['SMTP_URL', 'http://x'],
])('%s=%s is refused by name', (name, value) => {
  expect(refusals({ [name]: value })).toEqual([expect.stringContaining(name)]);
});

test('every problem is told at once, in both languages, without the value', () => {
  const read = readConfig({ PORT: 'x', DATABASE_URL: 'secret-thing', TWILIO_AUTH_TOKEN: 't' });
  expect(read.ok ? [] : read.error.map((problem) => problem.code)).toEqual([
    'RLN-0101',
    'RLN-0101',
    'RLN-0102',
  ]);
  expect(JSON.stringify(read)).not.toContain('secret-thing');
});

test('a fast clock with a real route is a problem that names the route', () => {
  const told = (env: Environment): unknown => unsafeClock(config(env));
  const fast = { RELANCE_CLOCK: 'now@60' };
  const twilio = { TWILIO_ACCOUNT_SID: 'a', TWILIO_AUTH_TOKEN: 't' };
  expect(told({ ...fast, SMTP_URL: 'smtp://mail' })).toMatchObject({
    code: 'RLN-0104',
    message: { en: expect.stringContaining('SMTP_URL') as string },
  });
  expect(told({ ...fast, ...twilio })).toMatchObject({
    message: { fr: expect.stringContaining('TWILIO_ACCOUNT_SID') as string },
  });
  expect([told(fast), told(twilio), told({ RELANCE_CLOCK: 'now@1', ...twilio })]).toEqual(
    Array(3).fill(undefined),
  );
});

test('what is told of settings is filled in whole, in both languages, after its code', () => {
  const params = { name: 'PORT', other: 'o', expected: { fr: 'x', en: 'x' }, port: 1, hours: 2 };
  for (const code of Object.keys(SETTING_PROBLEMS) as (keyof typeof SETTING_PROBLEMS)[]) {
    const line = settingLine(settingProblem(code, { ...params, partitions: 3 }));
    for (const text of [line['fr'], line['en']]) {
      expect(text).toMatch(new RegExp(`^${code} \\S.*[.] \\S.*[.]$`));
      expect(text).not.toMatch(/[{}]/);
    }
  }
});

test('an error of several variables tells the code and the advice of each', () => {
  const read = readConfig({ PORT: 'x', TWILIO_AUTH_TOKEN: 't' });
  const { message } = new ConfigError(read.ok ? [] : read.error);
  expect(message.match(/RLN-\d{4}|^ {2}\S/gm)).toHaveLength(4);
});

test('no secret is shown', () => {
  const shown = describeVariables({
    DATABASE_URL: 'postgres://me:hunter2@db/x?sslpassword=hunter2',
    TWILIO_AUTH_TOKEN: 'hunter2',
    SMTP_URL: 'hunter2',
  });
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown.find(({ name }) => name === 'DATABASE_URL')).toMatchObject({ origin: 'env' });
  expect(shown.find(({ name }) => name === 'PORT')).toMatchObject({
    value: '8080',
    origin: 'default',
  });
  expect(shown.some(({ name }) => name.startsWith('RELANCE_EMBEDDED'))).toBe(false);
});

test('the clock shown is the one that runs: the sample has its own until somebody chooses', () => {
  const shown = (env: Environment) =>
    describeVariables(env).find(({ name }) => name === 'RELANCE_CLOCK');
  expect(shown({})).toMatchObject({ value: 'now@1440', origin: 'default' });
  expect(shown({ RELANCE_CLOCK: 'wall' })).toMatchObject({ value: 'wall', origin: 'env' });
  expect(shown({ RELANCE_EMPTY: '1' })).toMatchObject({ value: 'wall', origin: 'default' });
  expect(shown({ SMTP_URL: 'smtp://mail' })).toMatchObject({ value: 'wall', origin: 'default' });
  expect(shown({ RELANCE_CLOCK: 'x' })).toMatchObject({ value: 'x', origin: 'env' });
});

test('a clock of any start and permitted speed is read back', () => {
  const start = fc.date({
    min: new Date('1990-01-01'),
    max: new Date('2090-01-01'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(start, fc.integer({ min: 1, max: 100_000 }), (date, speed) => {
      const startMs = date.getTime();
      const clock = { kind: 'accelerated', startMs, speed } as const;
      expect(parseClock(`${date.toISOString()}@${speed}`)).toEqual(clock);
      expect(parseClock(clockText(clock))).toEqual(clock);
    }),
  );
  expect(parseClock('now@1440x')).toEqual({ kind: 'accelerated', startMs: 'now', speed: 1440 });
  expect(clockText({ kind: 'accelerated', startMs: 'now', speed: 60 })).toBe('now@60');
  expect(parseClock('now@0.5')).toBeUndefined();
});
