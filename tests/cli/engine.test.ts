import { appendFile, cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoop, Turnstile } from '#libs/application';
import { PostgresSampleRemoval } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { sampleRemovalLoop } from '../../apps/worker/src/sample-removal.js';
import { consoleWorld, type ConsoleWorld } from '../console-api/world.js';
import { relance, STACK_TRACE, type CliRun } from './cli.js';
import { homeOf } from './home.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const WORKSPACE = 'tests/workspaces/pipeline';
const ROWS = 3_000;

let store: TestStore;
let world: ConsoleWorld;
let home: string;

const run = (...args: string[]): Promise<CliRun> => relance(args, { RELANCE_HOME: home });
const count = async (sql: string): Promise<number> => {
  const rows = await world.console.options.database.query<{ n: number }>(sql);
  return rows.rows[0]?.n ?? 0;
};
const ORDERS = `SELECT count(*)::int AS n FROM event WHERE name = 'order_completed'`;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), { workspace: WORKSPACE, startMs: START_MS });
  home = await homeOf(world.url);
});
afterAll(async () => {
  await world.close();
  await store.close();
  await rm(home, { recursive: true, force: true });
});

describe('publishing', () => {
  it('plans, refuses what is broken, and knows what is in force', async () => {
    const same = await run('apply', WORKSPACE, '--json');
    expect([same.code, same.json()]).toMatchObject([0, { isNew: false }]);
    const plan = await run('plan', 'scenarios');
    expect(plan.code).toBe(0);
    expect(plan.out).toMatch(/^Scenario “welcome”: new\./m);
    const broken = join(home, 'broken');
    await relance(['init', broken]);
    await writeFile(join(broken, 'bad.yaml'), 'scenario: bad\n');
    const refused = await run('apply', broken);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/^bad\.yaml:\d+:\d+ error RLN-/m);
    expect((await run('apply', WORKSPACE, '--json')).json()).toMatchObject({ isNew: false });
  });

  it('takes no file for removed that is only too large to be read', async () => {
    const grown = join(home, 'grown');
    await cp(WORKSPACE, grown, { recursive: true });
    await appendFile(join(grown, 'hello.yaml'), `#${'x'.repeat(1_048_576)}`);
    for (const command of ['plan', 'apply']) {
      const refused = await run(command, grown);
      expect([command, refused.code]).toEqual([command, 1]);
      expect(refused.out).toMatch(/^hello\.yaml:1:1 error RLN-1002 /m);
      expect(refused.out).not.toMatch(/hello.*removed/);
      const told = (await run(command, grown, '--json')).json();
      expect(told).toMatchObject({ isPublishable: false, problems: [{ code: 'RLN-1002' }] });
    }
    expect((await run('apply', WORKSPACE, '--json')).json()).toMatchObject({ isNew: false });
  });
});

describe('operating', () => {
  it('makes a key that works, shows it once, and revokes it', async () => {
    const made = await run('keys', 'create', 'from the test', '--json');
    const { secret, key } = made.json() as { secret: string; key: { id: string } };
    expect((await world.ask('/api/me', { key: secret })).status).toBe(200);
    expect((await run('keys', 'list')).out).not.toContain(secret);
    expect((await run('keys', 'revoke', key.id)).code).toBe(0);
    expect((await world.ask('/api/me', { key: secret })).status).toBe(401);
    const again = await run('keys', 'revoke', key.id);
    expect([again.code, again.err.includes('RLN-2103')]).toEqual([1, true]);
  });

  it('adds a user who can sign in by the link, and refuses a second of the name', async () => {
    const add = ['users', 'add', 'ana@example.test', '--role', 'marketer'];
    const made = await run(...add, '--json');
    const { signInUrl } = made.json() as { signInUrl: string };
    const answer = await world.ask(new URL(signInUrl).pathname);
    expect(answer.headers.get('location')).toBe('/today');
    expect((await run('users', 'list')).out).toContain('ana@example.test');
    const twice = await run(...add);
    expect([twice.code, twice.err.includes('RLN-2109')]).toEqual([1, true]);
    expect(twice.err).not.toMatch(STACK_TRACE);
  });

  it('sends an event, and explains where it led', async () => {
    const sent = await run('send-event', 'signed_up', '--id', 'user_id=cli-1', '--property', 'n=1');
    expect([sent.code, sent.out.trim()]).toEqual([0, expect.stringMatching(/^[\w-]{36}$/)]);
    await world.engine.settle();
    const told = await run('explain', 'user_id:cli-1');
    expect(told.code).toBe(0);
    // Nobody knows how to write to them: that comes before any question of consent.
    expect(told.out).toMatch(/Not reachable by e-mail: No address is known/);
    const unknown = await run('explain', 'user_id:cli-1', 'helo');
    expect([unknown.code, unknown.out, unknown.err.includes('RLN-2040')]).toEqual([1, '', true]);
    expect(unknown.err).toMatch(/nearest first: hello/);
    const nobody = await run('explain', 'user_id:nobody');
    expect([nobody.code, nobody.err.includes('RLN-2103')]).toEqual([1, true]);
  });

  it('pauses and resumes everything or a scenario, and stops some, saying who is touched', async () => {
    const dry = await run('pause', '--all', '--dry-run', '--json');
    expect([dry.code, dry.json()]).toMatchObject([0, { isDone: false, inHand: 0 }]);
    expect((await run('pause', '--all', '--json')).json()).toMatchObject({ isDone: true });
    const twice = await run('pause', '--all', '--locale', 'fr');
    expect([twice.code, twice.out.trim()]).toEqual([0, 'Tout était suspendu déjà.']);
    expect((await run('resume', '--all', '--json')).json()).toMatchObject({ isDone: true });
    const unknown = await run('pause', 'helo');
    expect([unknown.code, unknown.err.includes('RLN-2040')]).toEqual([1, true]);
    expect(unknown.err).toContain('hello');
    const paused = await run('pause', 'hello', '--trouble', 'overdue', '--json');
    expect([paused.code, paused.json()]).toMatchObject([0, { enrolments: 0, job: null }]);
    const stopped = await run('stop', 'hello', '--dry-run');
    expect([stopped.code, stopped.out]).toEqual([0, expect.stringMatching(/touched|^Stop /)]);
    expect(stopped.err).not.toMatch(STACK_TRACE);
  });

  it('replays dead letters only when told which', async () => {
    await world.console.options.database.query(
      `INSERT INTO dead_letter (id, source, stage, code, detail, topic, key, raw, first_at_ms,
         attempts, state)
       VALUES ('l1', 'form', 'profile', 'malformed', 'x', 'events.raw', 'k', '{}', 1, 1, 'open')`,
    );
    expect((await run('dead-letters', 'list')).out).toContain('malformed');
    expect((await run('dead-letters', 'replay', '--code', 'other', '--json')).json()).toEqual({
      count: 0,
    });
    expect((await run('dead-letters', 'dismiss', '--all', '--json')).json()).toEqual({ count: 1 });
  });

  it('shows one dead letter whole, and replays it as corrected', async () => {
    const message = {
      messageId: 'cli-consent',
      type: 'track',
      name: 'consent_changed',
      source: 'form',
      ids: { user_id: 'cli-corrected' },
      properties: { channel: 'email', purpose: 'marketing', status: 'yes' },
      atMs: START_MS,
      originalAtMs: START_MS,
      receivedAtMs: START_MS,
      hasTimestamp: true,
      eventDay: '2026-03-30',
      historical: false,
    };
    await world.engine.engine.log.append('events.raw', [{ key: 'k', value: message }]);
    await world.engine.settle();
    const listed = await run('dead-letters', 'list', '--code', 'invalid_consent', '--json');
    const id = (listed.json() as { items: { id: string }[] }).items[0]?.id ?? '';
    const shown = await run('dead-letters', 'list', '--id', id);
    expect([shown.err.includes('properties.status'), JSON.parse(shown.out)]).toEqual([
      true,
      message,
    ]);
    expect((await run('dead-letters', 'list', '--id', 'none')).code).toBe(1);

    const path = join(home, 'message.json');
    const replay = async (text: string, ...more: string[]): Promise<CliRun> => {
      await writeFile(path, text);
      return await run('dead-letters', 'replay', ...more, '--with', path);
    };
    const broken = await replay('{\n  "messageId": "x }', id);
    expect([broken.code, broken.out]).toMatchObject([
      1,
      expect.stringMatching(/message\.json:2:\d+ error RLN-1001 /),
    ]);
    const list = await replay('[]', id);
    expect([list.code, list.err.includes('one JSON object')]).toEqual([1, true]);
    const wrong = await replay(JSON.stringify({ ...message, eventDay: 'today' }), id);
    expect([wrong.code, wrong.err]).toMatchObject([
      1,
      expect.stringMatching(/RLN-2104[^]*message\.eventDay: /),
    ]);
    for (const words of [[], [id, 'another'], [id, '--all']]) {
      expect((await replay('{}', ...words)).code).toBe(2);
    }
    const properties = { ...message.properties, status: 'granted' };
    const right = JSON.stringify({ ...message, properties });
    const [first, second] = [await replay(right, id, '--json'), await replay(right, id, '--json')];
    expect([first.json(), second.json()]).toEqual([{ count: 1 }, { count: 0 }]);
    expect((await replay('', id)).out).toContain('RLN-1007');
    for (const one of [broken, list, wrong, first]) expect(one.err).not.toMatch(STACK_TRACE);
    await world.engine.settle();
    expect(await count(`SELECT count(*)::int AS n FROM event WHERE name = 'consent_changed'`)).toBe(
      1,
    );
  });

  it('doctor hides secrets and answers for programs', async () => {
    const secret = 'hunter2hunter2';
    const doctor = await relance(['doctor', '--json'], {
      RELANCE_HOME: home,
      SMTP_URL: `smtp://me:${secret}@mail.example.test:25`,
    });
    expect(doctor.out + doctor.err).not.toContain(secret);
    expect(doctor.json()).toMatchObject({ url: world.url, status: { version: '0.0.0' } });
  });

  it('doctor shows the clock that runs, and the one that would where none does', async () => {
    const clockIn = async (dir: string): Promise<unknown> => {
      const doctor = await relance(['doctor', '--json'], { RELANCE_HOME: dir });
      const { variables } = doctor.json() as { variables: { name: string; value: string }[] };
      return variables.find(({ name }) => name === 'RELANCE_CLOCK');
    };
    expect(await clockIn(home)).toMatchObject({ value: 'wall', origin: 'default' });
    expect(await clockIn(join(home, 'none'))).toMatchObject({
      value: 'now@1440',
      origin: 'default',
    });
    const told = await relance(['doctor'], { RELANCE_HOME: home });
    expect(told.out).toMatch(/^Clock: \S+, in real time\.$/m);
  });
});

describe('importing a file', () => {
  const mapping = (): string => join(home, 'mapping.yaml');
  const file = (): string => join(home, 'orders.csv.gz');

  beforeAll(async () => {
    await writeFile(
      mapping(),
      `mapping: cli-orders
source: form
currency: EUR
from: { format: csv, encoding: utf-8, delimiter: ";", timezone: Europe/Paris }
skip: [ { when: "row.customer == ''", reason: no-customer } ]
event:
  name: "'order_completed'"
  id: row.order
  at: row.date
  identity: { user_id: row.customer }
  properties: { order_id: row.order, total: double(row.total) }
`,
    );
    const lines = ['order;customer;date;total'];
    for (let n = 1; n <= ROWS; n += 1) {
      lines.push(`o${n};${n % 10 === 0 ? '' : `c${n % 50}`};2026-03-${10 + (n % 10)};12.50`);
    }
    lines.push('broken;c1;2026-13-45;1', 'wide;c1;2026-03-10;1;2;3');
    await writeFile(file(), gzipSync(lines.join('\n')));
  });

  const imported = (...more: string[]): Promise<CliRun> =>
    run('import', 'orders', file(), '--mapping', mapping(), ...more);

  it('tells what it did, row by row where it refused, and does nothing the second time', async () => {
    const before = await count(ORDERS);
    const first = await imported('--json');
    expect([first.code, first.err.match(STACK_TRACE)]).toEqual([1, null]);
    expect(first.json()).toMatchObject({
      isNew: true,
      rows: ROWS + 2,
      kept: ROWS - ROWS / 10,
      leftOut: { 'no-customer': ROWS / 10 },
      refused: 2,
      refusals: [
        { line: ROWS + 2, reason: 'broken_date' },
        { line: ROWS + 3, reason: 'too_many_columns' },
      ],
      unlisted: 0,
    });
    await world.engine.settle();
    const after = await count(ORDERS);
    expect(after - before).toBe(ROWS - ROWS / 10);
    const second = await imported('--json');
    expect([second.code, second.json()]).toMatchObject([0, { isNew: false }]);
    expect((await imported('--again')).code).toBe(1);
    await world.engine.settle();
    expect(await count(ORDERS)).toBe(after);
  });

  it('goes on where it was cut off', async () => {
    const { database } = world.console.options;
    await database.query(
      `UPDATE job SET state = 'running', cursor = '2000', done = 2000 WHERE kind = 'import'`,
    );
    const resumed = await imported();
    expect([resumed.code, resumed.err.includes('Going on after 2000 events.')]).toEqual([1, true]);
    const rows = await database.query<{ done: number; state: string }>(
      `SELECT done, state FROM job WHERE kind = 'import'`,
    );
    expect(rows.rows).toEqual([{ done: ROWS - ROWS / 10, state: 'done' }]);
  });

  it('tells every refused row, however many, where it is given a file for them', async () => {
    const many = 12_000;
    const bad = join(home, 'bad.csv');
    const rows = Array.from({ length: many }, (_, n) => `b${n};c1;"so ""soon""";1`);
    await writeFile(bad, `order;customer;date;total\nb;c1;2026-03-10;1\n${rows.join('\n')}\n`);
    const ask = ['import', 'orders', bad, '--mapping', mapping()];
    const refused = join(home, 'refused.csv');
    const first = await run(...ask, '--refused', refused);
    expect([first.code, first.err.match(STACK_TRACE)]).toEqual([1, null]);
    expect(first.err).toContain(`All of them are in ${refused}.`);
    const told = (await readFile(refused, 'utf8')).trimEnd().split('\n');
    expect([told.length, told[0]]).toEqual([many + 1, 'line,reason,detail']);
    expect(told[1]).toMatch(/^3,broken_date,".*""so/);
    expect(told.at(-1)).toMatch(new RegExp(`^${many + 2},broken_date,`));
    expect((await stat(refused)).mode & 0o777).toBe(0o600);

    const listed = await run(...ask, '--again', '--json');
    expect(listed.code).toBe(1);
    const summary = listed.json() as { refusals: unknown[] };
    expect(summary).toMatchObject({ kept: 1, refused: many, unlisted: many - 10_000 });
    expect(summary.refusals).toHaveLength(10_000);
    expect(listed.err).toContain(`… and ${many - 20} more; --again --refused FILE`);

    const over = await run(...ask, '--again', '--refused', bad);
    expect([over.code, over.err.includes('exists already')]).toEqual([2, true]);
    await world.engine.settle();
  });

  it.each([
    ['quote', 'RLN-1701', 'unclosed.csv', (text: string) => `${text}\nq2001;"c1;2026-03-10;1`],
    ['cell', 'RLN-1702', 'huge.csv', (text: string) => `${text}\n${'x'.repeat(1_100_000)};1`],
    ['gzip', 'RLN-1703', 'cut.csv.gz', (text: string) => gzipSync(text).subarray(0, -9)],
  ] as const)('keeps what came before a broken %s, says where, and goes on', async (...given) => {
    const [what, code, name, breaking] = given;
    const header = 'order;customer;date;total';
    const lines = Array.from({ length: 2_000 }, (_, n) => `${what}-${n};c${n % 9};2026-03-10;1.25`);
    const broken = join(home, name);
    await writeFile(broken, breaking([header, ...lines].join('\n')));
    const before = await count(ORDERS);
    const ask = ['import', 'orders', broken, '--mapping', mapping()];
    const first = await run(...ask);
    expect([first.code, first.err.match(STACK_TRACE)]).toEqual([1, null]);
    const at = new RegExp(`^\\S*${name.replaceAll('.', '\\.')}:(\\d+):1 error ${code} `, 'm');
    const line = Number(at.exec(first.out)?.[1]);
    const kept = line - 2;
    expect(kept).toBeGreaterThan(what === 'gzip' ? 1_000 : 1_999);
    await world.engine.settle();
    expect((await count(ORDERS)) - before).toBe(kept);

    const french = await run(...ask, '--locale', 'fr');
    expect(french.out).toContain(`${name}:${line}:1 erreur ${code} `);
    expect(french.err).toContain(`Reprise après ${kept} évènements.`);
    const told = (await run(...ask, '--json')).json();
    expect(told).toMatchObject({ kept, refused: 0, problems: [{ code, place: { line } }] });

    await writeFile(broken, [header, ...lines].join('\n'));
    expect((await run(...ask)).code).toBe(0);
    await world.engine.settle();
    expect((await count(ORDERS)) - before).toBe(2_000);
  });

  it('refuses a mapping that cannot give what is asked for', async () => {
    const profiles = join(home, 'profiles.yaml');
    await writeFile(
      profiles,
      'mapping: p\nsource: form\nfrom: { format: csv }\nidentity: { user_id: row.customer }\n',
    );
    const orders = await run('import', 'orders', file(), '--mapping', profiles);
    expect([orders.code, orders.err.includes('makes no event')]).toEqual([1, true]);
    await writeFile(profiles, 'mapping: p\nnonsense: true\n');
    const broken = await run('import', 'profiles', file(), '--mapping', profiles);
    expect([broken.code, /RLN-11\d\d/.test(broken.out)]).toEqual([1, true]);
  });
});

describe('the sample', () => {
  it('is taken away by the engine, told in both languages and as JSON, and again', async () => {
    const removal = new PostgresSampleRemoval(
      world.console.options.database,
      (_, address) => address,
    );
    const loop = sampleRemovalLoop({
      engine: world.engine.engine,
      analytics: null,
      turnstile: new Turnstile(),
    });
    const stop = new AbortController();
    const running = runLoop(loop, { failed: () => undefined }, stop.signal);
    const told = await run('sample', 'remove');
    expect([told.code, told.out]).toEqual([0, expect.stringMatching(/^0 +people$/m)]);
    expect(told.err).toMatch(/does not come back at the next start/);
    const french = await relance(['sample', 'remove', '--locale', 'fr'], { RELANCE_HOME: home });
    expect([french.code, french.out]).toEqual([0, expect.stringMatching(/^0 +personnes$/m)]);
    expect(french.err).toMatch(/ne reviendra pas au prochain démarrage/);
    const json = await run('sample', 'remove', '--json');
    expect([json.code, json.json()]).toMatchObject([0, { state: 'done', removed: { people: 0 } }]);
    expect((await removal.state()).state).toBe('done');
    expect((await run('sample', 'load')).code).toBe(2);
    stop.abort();
    await running;
  });
});
