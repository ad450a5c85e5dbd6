import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relance, STACK_TRACE } from './cli.js';

const COMMANDS = [
  'init',
  'up',
  'doctor',
  'lint',
  'test',
  'simulate',
  'plan',
  'apply',
  'versions',
  'rollback',
  'import',
  'send-event',
  'explain',
  'pause',
  'resume',
  'stop',
  'dead-letters',
  'keys',
  'users',
  'sample',
];

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'relance-cli-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe('help', () => {
  it('lists every command, in the language of the terminal or the one asked for', async () => {
    const english = await relance(['--help']);
    const french = await relance(['--help'], { LANG: 'fr_FR.UTF-8' });
    const asked = await relance(['--locale', 'fr', 'help'].slice(2).concat('--locale', 'fr'));
    for (const name of COMMANDS) {
      expect(english.out).toMatch(new RegExp(`^  ${name} `, 'm'));
      expect(french.out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
    expect(english.out).toContain('Usage: relance COMMAND');
    expect(french.out).toContain('Usage : relance COMMANDE');
    expect(asked.out).toBe(french.out);
    expect([english.code, french.code]).toEqual([0, 0]);
    expect((await relance([])).code).toBe(2);
  });

  it.each(COMMANDS)('of %s has an example and its options, in both languages', async (name) => {
    const [english, french] = await Promise.all([
      relance([name, '--help']),
      relance([name, '-h', '--locale', 'fr']),
    ]);
    expect([english.code, french.code]).toEqual([0, 0]);
    expect(english.out).toMatch(new RegExp(`^Example:\n  relance ${name}`, 'm'));
    expect(french.out).toMatch(new RegExp(`^Exemple :\n  relance ${name}`, 'm'));
    expect(english.out).toContain('--json');
    expect(english.out).not.toBe(french.out);
  });
});

describe('misuse', () => {
  const wrong: readonly (readonly string[])[] = [
    ['frobnicate'],
    ['lint', 'a', 'b'],
    ['lint', '--nope'],
    ['lint', '/nowhere/at/all'],
    ['lint', '--locale', 'xx'],
    ['simulate'],
    ['simulate', 'a', 'b', 'c'],
    ['test', 'a', 'b'],
    ['test', 'scenarios', '--scenario', 'nobody'],
    ['init'],
    ['up', 'now'],
    ['versions', '--limit', 'all'],
    ['rollback', '1', '2'],
    ['import'],
    ['import', 'orders', 'x.csv'],
    ['import', 'cats', 'x.csv', '--mapping', 'm.yaml'],
    ['import', 'orders', '/nowhere.csv', '--mapping', '/nowhere.yaml'],
    ['import', 'orders', '--mapping'],
    ['send-event'],
    ['send-event', 'signed_up'],
    ['send-event', 'signed_up', '--id', 'novalue'],
    ['send-event', 'signed_up', '--id', 'user_id=1', '--at', 'yesterday'],
    ['explain'],
    ['pause'],
    ['pause', 'hello', '--all'],
    ['resume'],
    ['stop'],
    ['stop', '--trouble', 'sadness'],
    ['dead-letters', 'eat'],
    ['dead-letters', 'replay'],
    ['dead-letters', 'replay', 'a', '--all'],
    ['dead-letters', 'replay', '--with', 'package.json'],
    ['dead-letters', 'replay', 'a', '--with', '/nowhere.json'],
    ['dead-letters', 'dismiss', 'a', '--with', 'package.json'],
    ['keys'],
    ['keys', 'create'],
    ['keys', 'list', 'x'],
    ['users', 'add', 'a@b.test'],
    ['users', 'add', 'a@b.test', '--role', 'king'],
    ['__proto__'],
    ['constructor'],
  ];

  it.each(wrong)(
    '%s %s %s: exit 2, what to do, no stack trace, in both languages',
    async (...args) => {
      const [english, french, json] = await Promise.all([
        relance(args),
        relance(args, { LANG: 'fr_FR.UTF-8' }),
        relance([...args, '--json']),
      ]);
      expect([args, english.code, french.code]).toEqual([args, 2, 2]);
      expect(english.out).toBe('');
      expect(english.err).toMatch(/\w{3,}/);
      expect(english.err).not.toBe(french.err);
      for (const run of [english, french, json]) expect(run.err).not.toMatch(STACK_TRACE);
      if (args.at(-1) === '--mapping') return;
      expect(json.json()).toMatchObject({ error: { message: expect.any(String), exitCode: 2 } });
    },
  );

  it('suggests the command that was meant', async () => {
    expect((await relance(['aply'])).err).toContain('relance apply');
  });

  it('says which variable is wrong instead of failing', async () => {
    const run = await relance(['doctor'], { PORT: 'eighty', LANG: 'fr_FR.UTF-8' });
    expect(run.code).toBe(2);
    expect(run.err).toContain('PORT');
    expect(run.err).not.toMatch(STACK_TRACE);
  });
});

describe('up', () => {
  it('puts one document on stdout with --json, also where it does not start', async () => {
    const env = { RELANCE_HOME: join(dir, 'up-home'), KAFKA_BROKERS: 'k:9092' };
    const [english, french] = await Promise.all([
      relance(['up', '--json'], env),
      relance(['up', '--json'], { ...env, LANG: 'fr_FR.UTF-8' }),
    ]);
    expect([english.code, french.code]).toEqual([1, 1]);
    const { error } = english.json() as { error: { code: string; message: string } };
    expect(error).toMatchObject({
      code: 'RLN-0103',
      message: expect.stringContaining('not supported'),
      exitCode: 1,
    });
    expect(english.err).toBe(`${error.code} ${error.message}\n`);
    expect(french.json()).toMatchObject({
      error: { message: expect.stringContaining('pas encore prise en charge') },
    });
  });
});

describe('without a running engine', () => {
  it.each([
    ['plan', 'scenarios'],
    ['apply', 'scenarios'],
    ['versions'],
    ['rollback', '1'],
    ['keys', 'list'],
    ['users', 'list'],
    ['explain', 'x'],
    ['dead-letters', 'list'],
    ['doctor'],
  ])('%s %s: exit 3 and how to start it', async (...args) => {
    const home = join(dir, 'no-home');
    const run = await relance([...args, '--json'], { RELANCE_HOME: home });
    expect([args, run.code]).toEqual([args, 3]);
    expect(run.err).toContain('relance up');
    expect(run.json()).toBeTypeOf('object');
  });

  it('says so of one that wrote run.json and is gone', async () => {
    const home = join(dir, 'dead-home');
    await mkdir(home);
    const url = 'http://127.0.0.1:9';
    await writeFile(
      join(home, 'run.json'),
      JSON.stringify({
        url,
        pid: 1,
        writeKey: 'w',
        apiKey: 'a',
        clickhouse: { url, database: 'd', user: 'u', password: 'p' },
        smtpSandbox: { host: 'h', port: 1 },
        logins: [],
        engines: { log: '', runtime: '', store: '', analytics: '' },
      }),
    );
    const run = await relance(['keys', 'list'], { RELANCE_HOME: home });
    expect([run.code, run.err.includes(url)]).toEqual([3, true]);
    expect(run.err).not.toMatch(STACK_TRACE);
  });
});

describe('lint and init', () => {
  it('finds nothing wrong with the sample, nor with a new workspace', async () => {
    expect((await relance(['lint', 'scenarios'])).code).toBe(0);
    const folder = join(dir, 'My Shop!');
    const made = await relance(['init', folder, '--json']);
    expect(made.code).toBe(0);
    expect(made.json()).toMatchObject({ folder, home: join(folder, '.relance') });
    const lint = await relance(['lint', folder, '--json']);
    expect([lint.code, lint.json()]).toMatchObject([0, { isPublishable: true, problems: [] }]);
    const before = await readFile(join(folder, 'relance.yaml'), 'utf8');
    const onFile = await relance(['init', join(folder, 'relance.yaml')]);
    expect(onFile.code).toBe(1);
    expect(onFile.err).toContain('is not a folder');
    const again = await relance(['init', folder]);
    expect(again.code).toBe(1);
    expect(await readFile(join(folder, 'relance.yaml'), 'utf8')).toBe(before);
  });

  it('tells each problem with its place, its number and what to do', async () => {
    const folder = join(dir, 'broken');
    await relance(['init', folder]);
    await writeFile(join(folder, 'bad.yaml'), 'scenario: bad\nname: { fr: x, en: x }\nstepz: []\n');
    await writeFile(join(folder, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9, 0x0a]));
    const [english, french, json] = await Promise.all([
      relance(['lint', folder]),
      relance(['lint', folder, '--locale', 'fr']),
      relance(['lint', folder, '--json']),
    ]);
    expect([english.code, french.code, json.code]).toEqual([1, 1, 1]);
    expect(english.out).toMatch(/^bad\.yaml:3:\d+ error RLN-1101 /m);
    expect(french.out).toMatch(/^bad\.yaml:3:\d+ erreur RLN-1101 /m);
    expect(english.err).toMatch(/\d+ errors?, \d+ warnings?/);
    const { problems } = json.json() as { problems: { code: string; place: { file: string } }[] };
    expect(problems.map(({ place }) => place.file)).toContain('bad.yaml');
  });

  it('tells of a file too large to be read, which would else count as removed', async () => {
    const folder = join(dir, 'grown');
    await relance(['init', folder]);
    await writeFile(join(folder, 'cart.yaml'), `scenario: cart\n#${'x'.repeat(1_048_576)}`);
    const [english, french] = await Promise.all([
      relance(['lint', folder]),
      relance(['lint', folder, '--locale', 'fr']),
    ]);
    expect([english.code, french.code]).toEqual([1, 1]);
    expect(english.out).toMatch(/^cart\.yaml:1:1 error RLN-1002 This file is 1025 KB/m);
    expect(french.out).toMatch(/^cart\.yaml:1:1 erreur RLN-1002 Ce fichier pèse 1025 Ko/m);
  });
});
