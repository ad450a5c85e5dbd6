import type { Database } from '#libs/adapter-postgres';
import type { RunFile } from '#libs/config';
import { addressOf } from '../../bench/harness/load.js';
import type { ReceivedMail } from '../../bench/harness/sink.js';
import { HOLDERS, lossesOf, uncertainHands, type Hand } from './hands.js';
import type { Kill } from './killer.js';

/** One promise, with what was counted for it. */
export interface Check {
  readonly name: string;
  readonly isKept: boolean;
  readonly counted: string;
}

const check = (name: string, isKept: boolean, counted: string): Check => ({
  name,
  isKept,
  counted,
});

/** What the run was meant to do. */
export interface Meant {
  readonly people: number;
  /** The first so many people ordered. */
  readonly orders: number;
  readonly kills: readonly Kill[];
}

const UNCERTAIN_PER_KILL = 20;

async function countsOf(database: Database, sql: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query<{ name: string; n: number }>(sql);
  return new Map(rows.map(({ name, n }) => [name, n]));
}

const shown = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([name, n]) => `${name} ${n}`).join(', ') || 'none';

/** Every acknowledged event is there, once. */
async function eventChecks(database: Database, meant: Meant): Promise<readonly Check[]> {
  const counts = await countsOf(
    database,
    `SELECT name, count(*) AS n FROM event WHERE name NOT LIKE 'relance_%' GROUP BY name`,
  );
  const expected = new Map([
    ['identify', meant.people],
    ['consent_changed', meant.people],
    ['signed_up', meant.people],
    ['order_completed', meant.orders],
  ]);
  const letters = await countsOf(
    database,
    `SELECT code AS name, count(*) AS n FROM dead_letter GROUP BY code`,
  );
  return [
    check(
      'events lost or counted twice: 0',
      [...expected].every(([name, n]) => (counts.get(name) ?? 0) === n),
      `stored ${shown(counts)}; sent ${shown(expected)}`,
    ),
    check('dead letters: 0', letters.size === 0, shown(letters)),
  ];
}

/** No kill leaves more uncertain than a worker has in hand, and nothing but a kill does. */
export function uncertainCheck(
  hands: readonly Hand[],
  kills: readonly Pick<Kill, 'victim' | 'atWallMs'>[],
): Check {
  const losses = lossesOf(hands, kills);
  const able = kills.filter(({ victim }) => HOLDERS.has(victim)).length;
  const isEachKept = losses.every(({ kill, count }) => kill > 0 && count <= UNCERTAIN_PER_KILL);
  const told = losses.map(
    ({ kill, count }) => `${count} by ${kill === 0 ? 'none' : `kill ${kill}`}`,
  );
  return check(
    `uncertain: at most ${UNCERTAIN_PER_KILL} a kill`,
    isEachKept && hands.length <= UNCERTAIN_PER_KILL * able,
    `${hands.length} over ${able} kills that can cost a message: ${told.join(', ') || 'none'}`,
  );
}

/** Everybody's message is at the receiver once, or told to be uncertain. */
async function mailChecks(
  database: Database,
  mails: readonly ReceivedMail[],
  meant: Meant,
): Promise<readonly Check[]> {
  const { rows } = await database.query<{ id: string; state: string; address: string | null }>(
    `SELECT d.id, d.state, p.doc->'traits'->>'email' AS address
     FROM delivery d JOIN profile p USING (profile_id)`,
  );
  const states = new Map<string, number>();
  for (const { state } of rows) states.set(state, (states.get(state) ?? 0) + 1);
  const uncertain = rows.filter(({ state }) => state === 'uncertain');
  const accounted = new Set([
    ...mails.map(({ to }) => to),
    ...uncertain.map(({ address }) => address ?? ''),
  ]);
  const wanted = Array.from({ length: meant.people }, (_, index) => addressOf(index));
  const lost = wanted.filter((address) => !accounted.has(address));
  const doubled = mails.length - new Set(mails.map(({ deliveryId }) => deliveryId)).size;
  const doubledPeople = mails.length - new Set(mails.map(({ to }) => to)).size;
  const known = new Set(rows.map(({ id }) => id));
  const accepted = rows.filter(({ state }) => state === 'accepted').map(({ id }) => id);
  const reached = new Set(mails.map(({ deliveryId }) => deliveryId));
  const untrue = accepted.filter((id) => !reached.has(id)).length;
  const told = `${mails.length} mails at the sink, deliveries ${shown(states)}`;
  return [
    check('messages lost: 0', lost.length === 0, `${lost.length} of ${meant.people}; ${told}`),
    check('mails doubled at the sink: 0', doubled === 0, `${doubled} of ${mails.length}`),
    check('people with two mails: 0', doubledPeople === 0, `${doubledPeople}`),
    check('accepted, but not at the sink: 0', untrue === 0, `${untrue} of ${accepted.length}`),
    check(
      'mails of no delivery: 0',
      mails.every(({ deliveryId }) => known.has(deliveryId)),
      `${mails.filter(({ deliveryId }) => !known.has(deliveryId)).length}`,
    ),
    uncertainCheck(await uncertainHands(database), meant.kills),
  ];
}

interface StateRow {
  [column: string]: unknown;
  due_at_ms: number | null;
  status: string;
  waits_for: string | null;
}

const isStuck = ({ due_at_ms: dueAtMs, waits_for: waitsFor }: StateRow): boolean =>
  dueAtMs === null || waitsFor === null || waitsFor === 'result';

/** Everybody stands where they should: in the wait for an order, or out of it by their order. */
async function enrolmentChecks(database: Database, meant: Meant): Promise<readonly Check[]> {
  const running = await database.query<StateRow>(
    'SELECT due_at_ms, status, waits_for FROM enrolment',
  );
  const ended = await countsOf(
    database,
    `SELECT ended_as AS name, count(*) AS n FROM enrolment_ended GROUP BY ended_as`,
  );
  const stuck = running.rows.filter(isStuck).length;
  const total = running.rows.length + [...ended.values()].reduce((sum, n) => sum + n, 0);
  const goals = await countsOf(
    database,
    `SELECT attributed_by AS name, count(DISTINCT enrolment_id) AS n FROM outcome
     WHERE kind = 'converted' GROUP BY attributed_by`,
  );
  return [
    check('enrolments stuck: 0', stuck === 0, `${stuck} of ${running.rows.length} running`),
    check('enrolments: one a person', total === meant.people, `${total} of ${meant.people}`),
    check(
      'wakes lost or doubled: 0',
      (ended.get('converted') ?? 0) === meant.orders && ended.size <= 1,
      `ended ${shown(ended)}; ${meant.orders} ordered`,
    ),
    check('goals missed or doubled: 0', goals.get('goal') === meant.orders, shown(goals)),
  ];
}

/** The kinds of facts and the public table that each is counted in. */
const TABLES: Readonly<Record<string, string>> = {
  event: 'events',
  profile: 'profiles',
  enrolment: 'enrolments',
  step: 'enrolment_steps',
  decision: 'decisions',
  delivery: 'deliveries',
  delivery_event: 'delivery_events',
  withheld: 'withheld',
  outcome: 'outcomes',
  reward: 'rewards',
};

async function analyticsRows(run: RunFile, sql: string): Promise<readonly string[]> {
  const { url, user, password } = run.clickhouse;
  const response = await fetch(url, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`ClickHouse: ${text.slice(0, 500)}`);
  return text.trim().split('\n');
}

/** ClickHouse shows every fact of the log once, and deliveries in their last state. */
async function analyticsChecks(database: Database, run: RunFile): Promise<readonly Check[]> {
  const written = await countsOf(
    database,
    `SELECT value::json->>'kind' AS name, count(DISTINCT value::json->>'id') AS n
     FROM log_facts GROUP BY 1`,
  );
  const different: string[] = [];
  let facts = 0;
  for (const [kind, table] of Object.entries(TABLES)) {
    const [text] = await analyticsRows(run, `SELECT count() FROM relance.${table}`);
    const expected = written.get(kind) ?? 0;
    facts += expected;
    if (Number(text) !== expected) different.push(`${table} ${text} instead of ${expected}`);
  }
  const states = await countsOf(
    database,
    'SELECT state AS name, count(*) AS n FROM delivery GROUP BY state',
  );
  const lines = await analyticsRows(
    run,
    'SELECT state, count() FROM relance.deliveries GROUP BY state FORMAT TabSeparated',
  );
  const analysed = new Map(
    lines.map((line) => line.split('\t')).map(([state = '', n]) => [state, Number(n)] as const),
  );
  const isSame =
    analysed.size === states.size && [...states].every(([state, n]) => analysed.get(state) === n);
  return [
    check(
      'counts of ClickHouse and PostgreSQL that differ: 0',
      different.length === 0,
      different.join(', ') || `${facts} facts of ${written.size} kinds`,
    ),
    check(
      'delivery states of ClickHouse and PostgreSQL are the same',
      isSame,
      `ClickHouse ${shown(analysed)}; PostgreSQL ${shown(states)}`,
    ),
  ];
}

/** Judges a run that has come to rest. */
export async function judge(
  seen: {
    readonly database: Database;
    readonly run: RunFile;
    readonly mails: readonly ReceivedMail[];
  },
  meant: Meant,
): Promise<readonly Check[]> {
  return [
    ...(await eventChecks(seen.database, meant)),
    ...(await mailChecks(seen.database, seen.mails, meant)),
    ...(await enrolmentChecks(seen.database, meant)),
    ...(await analyticsChecks(seen.database, seen.run)),
  ];
}
