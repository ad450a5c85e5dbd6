import {
  EVERYTHING,
  type CompiledWorkspace,
  type HoldAct,
  type HoldReach,
  type HoldRow,
  type HoldStore,
  type Tx,
} from '#libs/application';
import { inside, tellAfter, type Database } from '../base/database.js';
import { scenarioFacts } from '../workspace/published-facts.js';
import { changeHolds } from './holds-sql.js';
import { writeFacts } from './save.js';

/** What operators hold, in PostgreSQL. */
export class PostgresHoldStore implements HoldStore {
  constructor(private readonly database: Database) {}

  async current(): Promise<readonly HoldRow[]> {
    const found = await this.database.query<{ scope: string; since_ms: number; author: string }>(
      'SELECT scope, since_ms, author FROM engine_hold ORDER BY scope',
    );
    return found.rows.map((row) => ({
      scope: row.scope,
      sinceMs: row.since_ms,
      author: row.author,
    }));
  }

  async reach(scope: string): Promise<HoldReach> {
    const scenario = scope === EVERYTHING ? null : scope;
    const found = await this.database.query<HoldReach & Record<string, unknown>>(
      `SELECT (SELECT count(DISTINCT profile_id)::int FROM enrolment
           WHERE status <> 'held_out' AND ($1::text IS NULL OR scenario = $1)) AS people,
         (SELECT count(*)::int FROM delivery
           WHERE state = 'intended' AND ($1::text IS NULL OR scenario = $1)) AS messages,
         (SELECT count(*)::int FROM delivery
           WHERE state = 'sending' AND claimed_by IS NOT NULL
             AND ($1::text IS NULL OR scenario = $1)) AS "inHand"`,
      [scenario],
    );
    return found.rows[0] ?? { people: 0, messages: 0, inHand: 0 };
  }

  async pause(tx: Tx, act: HoldAct): Promise<boolean> {
    await changeHolds(tx);
    const made = await inside(tx).query(
      `INSERT INTO engine_hold (scope, since_ms, author) VALUES ($1, $2, $3)
       ON CONFLICT (scope) DO NOTHING`,
      [act.scope, act.nowMs, act.author],
    );
    if (made.rowCount !== 1) return false;
    await turn(tx, act, { from: 'live', to: 'paused' });
    return true;
  }

  async resume(tx: Tx, act: HoldAct): Promise<boolean> {
    await changeHolds(tx);
    const gone = await inside(tx).query('DELETE FROM engine_hold WHERE scope = $1', [act.scope]);
    if (gone.rowCount !== 1) return false;
    await turn(tx, act, { from: 'paused', to: 'live' });
    return true;
  }
}

/** Turns the state of a scenario, and tells of it; a hold over everything leaves each as it is. */
async function turn(
  tx: Tx,
  { scope, nowMs }: HoldAct,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const store = inside(tx);
  tellAfter(tx, 'inbox');
  tellAfter(tx, 'delivery');
  await store.query(`SELECT pg_notify('relance_log', 'workspace')`);
  if (scope === EVERYTHING) return;
  const turned = await store.query(
    `UPDATE scenario_state SET state = $2, version = version + 1
     WHERE scenario = $1 AND state = $3`,
    [scope, to, from],
  );
  if (turned.rowCount === 1) await tellOf(tx, scope, nowMs);
}

async function tellOf(tx: Tx, scenario: string, nowMs: number): Promise<void> {
  const latest = await inside(tx).query<{ seq: number; compiled: string; is_sample: boolean }>(
    'SELECT seq, compiled, is_sample FROM workspace_version ORDER BY seq DESC LIMIT 1',
  );
  const [row] = latest.rows;
  if (row === undefined) return;
  const compiled = JSON.parse(row.compiled) as CompiledWorkspace;
  const now = { compiled, isSample: row.is_sample };
  const facts = await scenarioFacts(tx, { before: null, now, seq: row.seq, nowMs });
  await writeFacts(
    tx,
    facts.filter(({ body }) => body.scenario === scenario),
  );
}
