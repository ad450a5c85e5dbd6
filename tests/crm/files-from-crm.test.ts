import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, type EngineWorld } from '../engine/world.js';
import { crmConfig } from './config.js';
import { crmWorld, type CrmWorld } from './world.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const workspace = 'tests/workspaces/pipeline';

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

interface Both {
  readonly world: EngineWorld;
  readonly crm: CrmWorld;
  readonly drop: (name: string, text: string | Buffer) => Promise<void>;
  readonly turn: () => Promise<void>;
  readonly close: () => Promise<void>;
}

async function both(): Promise<Both> {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  const crm = await crmWorld(world, crmConfig());
  await mkdir(crm.folder('in'), { recursive: true });
  return {
    world,
    crm,
    drop: (name, text) => writeFile(join(crm.folder('in'), name), text),
    turn: async () => {
      await crm.settle();
      await world.settle();
      await crm.settle();
    },
    close: async () => {
      await crm.close();
      await world.close();
    },
  };
}

async function eventsOf(world: EngineWorld): Promise<readonly string[]> {
  const rows = await world.engine.options.database.query<{ name: string }>(
    `SELECT name FROM event WHERE source = 'crm' OR name LIKE 'relance_task%'
     ORDER BY received_at_ms, name`,
  );
  return rows.rows.map(({ name }) => name);
}

async function reasonsOf(crm: CrmWorld, name: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(join(crm.folder('refused'), `${name}.reasons.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const CONTACTS = [
  'code;email;first_name;email_opt_in',
  'u1;u1@example.test;"Zoé; ""Z""";non',
  'u2;u2@example.test;Bob;oui',
  'u3;u3@example.test;Eve;peut-être',
  ';;Nobody;',
  '',
].join('\n');

test('a file of contacts becomes people, refusals become reasons, and again it changes nothing', async () => {
  const { world, crm, drop, turn, close } = await both();
  await drop('contacts-1.csv', CONTACTS);
  await turn();
  expect(await crm.list('done')).toEqual(['contacts-1.csv']);
  expect(await reasonsOf(crm, 'contacts-1.csv')).toMatchObject([
    { line: 4, code: 'bad_value', reason: { en: 'Unknown value.' } },
    { line: 5, code: 'no_key', reason: { fr: 'La ligne n’a pas de clé.' } },
  ]);
  const before = await eventsOf(world);
  // A consent given to the CRM is not ours: only the refusal is believed.
  expect(before).toEqual(['consent_changed', 'identify', 'identify']);
  const { rows } = await world.engine.options.database.query<{ consents: unknown }>(
    `SELECT doc->'consents' AS consents FROM profile ORDER BY consents`,
  );
  expect(rows.map(({ consents }) => consents)).toEqual([{}, { 'email:marketing': 'denied' }]);
  await drop('contacts-1.csv', CONTACTS);
  await drop('contacts-2.csv', CONTACTS);
  await turn();
  expect(await eventsOf(world)).toEqual(before);
  expect(await crm.list('in')).toEqual([]);
  expect((await crm.list('done')).length).toBe(3);
  // Back and forth is news each time.
  await drop('contacts-3.csv', 'code,first_name\nu2,Robert\n');
  await turn();
  await drop('contacts-4.csv', 'code,first_name\nu2,Bob\n');
  await turn();
  await drop('contacts-5.csv', 'code,first_name\nu2,Robert\n');
  await turn();
  expect(await eventsOf(world)).toHaveLength(6);
  await close();
});

test('targets, complaints and accounts come through the same door', async () => {
  const { world, crm, drop, turn, close } = await both();
  await world.send(known('u1'));
  await world.settle();
  await drop('targets-a.jsonl', '{"code":"u1","list":"printemps"}\n');
  await drop('complaints-a.csv', 'code,key,status,changed_at\nu1,T1,ouvert,2026-03-30T09:00\n');
  await drop(
    'accounts-a.csv',
    'code,siren,name,owner_email,country\nA1,732829320,Acme,Rep@X.fr,FR\n',
  );
  await turn();
  expect(await eventsOf(world)).toEqual(['complaint_opened', 'target_listed']);
  const accounts = await world.engine.options.database.query<{ ns: string; owner: string }>(
    `SELECT i.ns, a.traits::jsonb->'owner'->>'value' AS owner FROM account a
     JOIN account_identity i USING (account_id) ORDER BY i.ns`,
  );
  expect(accounts.rows).toEqual([
    { ns: 'crm_id', owner: 'rep@x.fr' },
    { ns: 'siren', owner: 'rep@x.fr' },
  ]);
  const facts = (await world.facts()).filter(({ kind }) => kind === 'account');
  expect(facts).toHaveLength(1);
  await drop('complaints-b.csv', 'code,key,status\nu1,T1,closed\n');
  await turn();
  expect(await eventsOf(world)).toContain('complaint_closed');
  expect(await crm.list('refused')).toEqual([]);
  await close();
});

test('a task told to the CRM and closed there is closed here, once', async () => {
  const { world, crm, drop, turn, close } = await both();
  await world.send(known('u1'));
  await world.settle();
  const { database } = world.engine.options;
  const person = await database.query<{ id: string }>('SELECT profile_id AS id FROM profile');
  const profileId = person.rows[0]?.id ?? '';
  await openTask(world, profileId);
  await crm.settle();
  const [task] = await crm.rows('task');
  expect(task).toMatchObject({ subject: 'Appeler Camille', owner: 'rep@x.fr', body: 'note\nwhy' });
  const key = String(task?.['key']);
  const text = `key,status,outcome,closedAt\n${key},terminé,intéressée,2026-03-30 09:30\nnone,done,,\n`;
  await drop('tasks-1.csv', text);
  await turn();
  await drop('tasks-1b.csv', text);
  await turn();
  const closed = await database.query('SELECT state, outcome FROM task');
  expect(closed.rows).toEqual([{ state: 'done', outcome: 'interested' }]);
  expect(await eventsOf(world)).toEqual(['relance_task_closed']);
  expect((await reasonsOf(crm, 'tasks-1.csv')).map(({ code }) => code)).toEqual(['unknown_task']);
  const activities = await crm.rows('activity');
  expect(activities.map(({ body }) => body)).toEqual([
    'Campagne « Bonjour » : tâche « Appeler Camille » faite le 30/03 (interested).',
  ]);
  await close();
});

async function openTask(world: EngineWorld, profileId: string): Promise<void> {
  const { database } = world.engine.options;
  const { PostgresResultStore, writeFacts } = await import('#libs/adapter-postgres');
  const { taskFact } = await import('#libs/application');
  const row = {
    id: 'task-1',
    commandId: 'c1',
    profileId,
    accountId: null,
    owner: 'rep@x.fr',
    scenario: 'hello',
    enrolmentId: null,
    decisionId: null,
    title: 'Appeler Camille',
    note: 'note',
    reasons: ['why'],
    dueAtMs: MONDAY_MS,
    state: 'open',
    outcome: null,
    version: 1,
    createdAtMs: MONDAY_MS,
    closedAtMs: null,
    isSample: false,
  } as const;
  await database.transaction(async (tx) => {
    await new PostgresResultStore().insert(tx, [row]);
    await writeFacts(tx, [taskFact(row)]);
  });
}

test('hostile files are refused with reasons, and the sound ones go on', async () => {
  const { world, crm, drop, turn, close } = await both();
  await drop('contacts-latin.csv', Buffer.from('code,first_name\nu1,Ren\xe9\n', 'latin1'));
  await drop('contacts-utf16.csv', Buffer.from('\ufeffcode\nu1\n', 'utf16le'));
  await drop('contacts-zero.csv', Buffer.from('code\nu\0\n'));
  await drop('contacts-empty.csv', '');
  await drop('contacts-wide.csv', `${Array.from({ length: 300 }, (_, n) => `c${n}`).join(',')}\n`);
  await drop('contacts-nokey.csv', 'a,b\n1,2\n');
  await drop('contacts-twice.csv', 'code,code\n1,2\n');
  await drop('accounts-list.txt', 'x');
  await drop('x%2f..%2fetc.csv', 'x');
  await drop('contacts-part.csv.part', 'still being written');
  await symlink('/etc/passwd', join(crm.folder('in'), 'contacts-link.csv'));
  await mkdir(join(crm.folder('in'), 'contacts-folder.csv'));
  await drop(
    'contacts-broken.csv',
    `code,first_name\nu1,"open\nu2,Ann\nu3,a"b\nu4,x,y\nu5,${'z'.repeat(400_000)}\nu6,"Two\nlines"\n`,
  );
  await drop('contacts-json.jsonl', '{"code":"u7"}\n{"code":\n[1]\n{"code":"u\\u0000"}\n');
  await turn();
  const refused = (await crm.list('refused')).filter((name) => name.endsWith('.reasons.jsonl'));
  const codes: Record<string, readonly unknown[]> = {};
  for (const name of refused) {
    const reasons = await reasonsOf(crm, name.replace('.reasons.jsonl', ''));
    codes[name.replace('.reasons.jsonl', '')] = reasons.map(({ line, code }) => `${line} ${code}`);
  }
  expect(codes).toEqual({
    'accounts-list.txt': ['0 unknown_name'],
    'contacts-broken.csv': ['2 broken_quotes', '4 broken_quotes', '5 column_count', '6 too_large'],
    'contacts-empty.csv': ['0 empty'],
    'contacts-folder.csv': ['0 not_a_file'],
    'contacts-json.jsonl': ['2 broken_json', '3 broken_json', '4 bad_value'],
    'contacts-latin.csv': ['0 not_utf8'],
    'contacts-link.csv': ['0 not_a_file'],
    'contacts-nokey.csv': ['0 missing_column'],
    'contacts-twice.csv': ['0 duplicate_column'],
    'contacts-utf16.csv': ['0 not_utf8'],
    'contacts-wide.csv': ['0 too_many_columns'],
    'contacts-zero.csv': ['0 binary'],
    'x%2f..%2fetc.csv': ['0 unknown_name'],
  });
  const [latin] = await reasonsOf(crm, 'contacts-latin.csv');
  expect(latin?.['detail']).toBe('ISO-8859-1 (latin1), line 2');
  expect(await crm.list('in')).toEqual(['contacts-part.csv.part']);
  const people = await world.engine.options.database.query<{ value_norm: string }>(
    `SELECT value_norm FROM profile_identity WHERE ns = 'user_id' ORDER BY 1`,
  );
  expect(people.rows.map(({ value_norm: value }) => value)).toEqual(['u2', 'u6', 'u7']);
  await close();
});
