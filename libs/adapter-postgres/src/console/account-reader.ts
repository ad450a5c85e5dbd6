import type {
  AccountQuery,
  AccountReader,
  AccountRow,
  ComplaintRow,
  Delivery,
  MemberRow,
  OrderRow,
  OutcomeRow,
  TaskCloser,
  TaskQuery,
  TaskRow,
  Tx,
  UpcomingRow,
  WithheldRow,
} from '#libs/application';
import { inside, type Database } from '../base/database.js';
import { deliveryOf, type DeliveryRecord } from '../runtime/delivery-rows.js';
import {
  outcomeOf,
  taskOf,
  withheldOf,
  type OutcomeRecord,
  type TaskRecord,
  type WithheldRecord,
} from '../runtime/result-rows.js';
import { accountTraitSql, foldedSql, likePrefix } from './names.js';

const NODES = `SELECT n.node_id, n.profile_id FROM profile p JOIN node n ON n.profile_id = p.profile_id
  WHERE p.account_id = a.account_id AND p.merged_into IS NULL`;

/** The latest word of each person of an account on complaints, where it is that one is open. */
const OPEN_COMPLAINTS = `
SELECT DISTINCT ON (m.profile_id) m.profile_id, e.name, e.at_ms, e.body
FROM (${NODES}) m JOIN event e ON e.node_id = m.node_id
WHERE e.name IN ('complaint_opened', 'complaint_closed')
ORDER BY m.profile_id, e.at_ms DESC, e.msg_key DESC`;

/** Parameters: $1 now, $2 aggregate. */
const ACCOUNT_COLUMNS = `a.account_id AS id,
  coalesce(${accountTraitSql('a', 'name')}, a.account_id) AS name,
  lower(coalesce(${accountTraitSql('a', 'owner')}, '')) AS owner,
  coalesce(${accountTraitSql('a', 'country')}, '') AS country,
  coalesce(${accountTraitSql('a', 'siren')}, '') AS siren,
  s.people, s.revenue, t.open_tasks, t.overdue_tasks, c.open_complaints, to_jsonb(o) AS outcome`;

const ACCOUNT_JOINS = `
CROSS JOIN LATERAL (
  SELECT count(*)::int AS people,
    coalesce(sum((p.doc->'aggregates'->>$2)::numeric), 0)::numeric(18,2)::text AS revenue
  FROM profile p WHERE p.account_id = a.account_id AND p.merged_into IS NULL
) s
CROSS JOIN LATERAL (
  SELECT count(*)::int AS open_tasks,
    count(*) FILTER (WHERE due_at_ms < $1::bigint)::int AS overdue_tasks
  FROM task WHERE account_id = a.account_id AND state = 'open'
) t
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE l.name = 'complaint_opened')::int AS open_complaints
  FROM (${OPEN_COMPLAINTS}) l
) c
LEFT JOIN LATERAL (
  SELECT id, watch_id, kind, profile_id, account_id, at_ms, value::text, currency, event_key,
    delivery_id, decision_id, enrolment_id, scenario, attributed_by
  FROM outcome WHERE account_id = a.account_id
    AND NOT (kind = 'converted' AND attributed_by IN ('window', 'holdout'))
  ORDER BY at_ms DESC LIMIT 1
) o ON true`;

interface AccountRecord {
  [column: string]: unknown;
  id: string;
  name: string;
  owner: string;
  country: string;
  siren: string;
  people: number;
  revenue: string;
  open_tasks: number;
  overdue_tasks: number;
  open_complaints: number;
  outcome: OutcomeRecord | null;
}

function accountOf(row: AccountRecord): AccountRow {
  return {
    id: row.id,
    name: row.name,
    owner: row.owner,
    country: row.country,
    siren: row.siren,
    people: row.people,
    revenue365d: row.revenue,
    openTasks: row.open_tasks,
    overdueTasks: row.overdue_tasks,
    openComplaints: row.open_complaints,
    lastOutcome: row.outcome === null ? null : outcomeOf(row.outcome),
  };
}

/** Accounts and tasks for the console, in PostgreSQL. */
export class PostgresAccountReader implements AccountReader, TaskCloser {
  constructor(private readonly database: Database) {}

  async list(query: AccountQuery): Promise<readonly AccountRow[]> {
    // The page is chosen first: what is reckoned for an account is reckoned for those shown only.
    const found = await this.database.query<AccountRecord>(
      `WITH page AS MATERIALIZED (
         SELECT * FROM account a
         WHERE ($3::text IS NULL OR lower(${accountTraitSql('a', 'owner')}) = $3)
           AND ($4::text = '%' OR ${foldedSql(accountTraitSql('a', 'name'))} LIKE $4)
           AND a.account_id > $5 ORDER BY a.account_id LIMIT $6
       )
       SELECT ${ACCOUNT_COLUMNS} FROM page a ${ACCOUNT_JOINS} ORDER BY a.account_id`,
      [
        query.nowMs,
        query.aggregate,
        query.owner,
        likePrefix(folded(query.text)),
        query.after,
        query.limit,
      ],
    );
    return found.rows.map(accountOf);
  }

  async one(
    id: string,
    query: Omit<AccountQuery, 'text' | 'after' | 'limit'>,
  ): Promise<AccountRow | null> {
    const found = await this.database.query<AccountRecord>(
      `SELECT ${ACCOUNT_COLUMNS} FROM account a ${ACCOUNT_JOINS}
       WHERE a.account_id = $3
         AND ($4::text IS NULL OR lower(${accountTraitSql('a', 'owner')}) = $4)`,
      [query.nowMs, query.aggregate, id, query.owner],
    );
    const [row] = found.rows;
    return row === undefined ? null : accountOf(row);
  }

  async members(accountId: string, limit: number): Promise<readonly MemberRow[]> {
    const found = await this.database.query<{ id: string; last: number | null }>(
      `SELECT p.profile_id AS id, o.last FROM profile p
       CROSS JOIN LATERAL (
         SELECT max(e.at_ms) AS last FROM node n JOIN event e ON e.node_id = n.node_id
         WHERE n.profile_id = p.profile_id AND e.name = 'order_completed'
       ) o
       WHERE p.account_id = $1 AND p.merged_into IS NULL
       ORDER BY o.last DESC NULLS LAST, p.profile_id LIMIT $2`,
      [accountId, limit],
    );
    return found.rows.map(({ id, last }) => ({ id, lastOrderAtMs: last }));
  }

  async orders(accountId: string, sinceMs: number, limit: number): Promise<readonly OrderRow[]> {
    const found = await this.database.query<{ at_ms: number; total: string; currency: string }>(
      `SELECT e.at_ms, coalesce(e.body::jsonb->'properties'->>'total', '0') AS total,
         coalesce(e.body::jsonb->'properties'->>'currency', $4) AS currency
       FROM profile p JOIN node n ON n.profile_id = p.profile_id
       JOIN event e ON e.node_id = n.node_id
       WHERE p.account_id = $1 AND p.merged_into IS NULL AND e.name = 'order_completed'
         AND e.at_ms >= $2 ORDER BY e.at_ms DESC LIMIT $3`,
      [accountId, sinceMs, limit, ''],
    );
    return found.rows.flatMap(({ at_ms: atMs, total, currency }) => {
      const amount = Number(total);
      return Number.isFinite(amount) ? [{ atMs, amount: amount.toFixed(2), currency }] : [];
    });
  }

  async complaints(accountId: string, limit: number): Promise<readonly ComplaintRow[]> {
    const found = await this.database.query<{ profile_id: string; at_ms: number; body: string }>(
      `SELECT l.profile_id, l.at_ms, l.body FROM account a
       CROSS JOIN LATERAL (${OPEN_COMPLAINTS}) l
       WHERE a.account_id = $1 AND l.name = 'complaint_opened' ORDER BY l.at_ms DESC LIMIT $2`,
      [accountId, limit],
    );
    return found.rows.map(({ profile_id: profileId, at_ms: openedAtMs, body }) => ({
      profileId,
      openedAtMs,
      subject: subjectOf(body),
    }));
  }

  async deliveries(
    accountId: string,
    sinceMs: number,
    limit: number,
  ): Promise<readonly Delivery[]> {
    const found = await this.database.query<DeliveryRecord>(
      `SELECT * FROM delivery WHERE account_id = $1 AND intended_at_ms >= $2
         AND state <> 'withheld' ORDER BY intended_at_ms DESC, id LIMIT $3`,
      [accountId, sinceMs, limit],
    );
    return found.rows.map(deliveryOf);
  }

  async outcomes(accountId: string, limit: number): Promise<readonly OutcomeRow[]> {
    const found = await this.database.query<OutcomeRecord>(
      `SELECT * FROM outcome WHERE account_id = $1
         AND NOT (kind = 'converted' AND attributed_by IN ('window', 'holdout'))
       ORDER BY at_ms DESC, id LIMIT $2`,
      [accountId, limit],
    );
    return found.rows.map(outcomeOf);
  }

  async withheld(accountId: string, limit: number): Promise<readonly WithheldRow[]> {
    const found = await this.database.query<WithheldRecord>(
      `SELECT w.* FROM profile p JOIN withheld w ON w.profile_id = p.profile_id
       WHERE p.account_id = $1 AND p.merged_into IS NULL ORDER BY w.at_ms DESC, w.id LIMIT $2`,
      [accountId, limit],
    );
    return found.rows.map(withheldOf);
  }

  async openTasks(accountId: string, limit: number): Promise<readonly TaskRow[]> {
    const found = await this.database.query<TaskRecord>(
      `SELECT * FROM task WHERE account_id = $1 AND state = 'open'
       ORDER BY due_at_ms NULLS LAST, id LIMIT $2`,
      [accountId, limit],
    );
    return found.rows.map(taskOf);
  }

  async closedTasks(accountId: string, limit: number): Promise<readonly TaskRow[]> {
    const found = await this.database.query<TaskRecord>(
      `SELECT * FROM task WHERE account_id = $1 AND state IN ('done', 'declined', 'expired')
       ORDER BY closed_at_ms DESC NULLS LAST, id LIMIT $2`,
      [accountId, limit],
    );
    return found.rows.map(taskOf);
  }

  async upcoming(
    accountId: string,
    untilMs: number,
    limit: number,
  ): Promise<readonly UpcomingRow[]> {
    const found = await this.database.query<{
      profile_id: string;
      scenario: string;
      definition: string;
      step_id: string;
      due: number;
    }>(
      `SELECT e.profile_id, e.scenario, e.definition, e.step_id,
         coalesce(d.send_at_ms, e.due_at_ms) AS due
       FROM profile p JOIN enrolment e ON e.profile_id = p.profile_id
       LEFT JOIN delivery d ON d.enrolment_id = e.id AND d.state = 'intended'
       WHERE p.account_id = $1 AND p.merged_into IS NULL AND e.status = 'running'
         AND coalesce(d.send_at_ms, e.due_at_ms) <= $2
       ORDER BY due, e.id LIMIT $3`,
      [accountId, untilMs, limit],
    );
    return found.rows.map((row) => ({
      profileId: row.profile_id,
      scenario: row.scenario,
      definition: row.definition,
      stepId: row.step_id,
      dueAtMs: row.due,
    }));
  }

  async tasks(query: TaskQuery): Promise<readonly TaskRow[]> {
    const { owner, state, before, limit } = query;
    const never = `coalesce(due_at_ms, ${Number.MAX_SAFE_INTEGER})`;
    const sql =
      state === 'open'
        ? `SELECT * FROM task WHERE ($1::text IS NULL OR owner = $1) AND state = 'open'
             AND (${never}, id COLLATE "C") > ($2::bigint, $3)
           ORDER BY ${never}, id COLLATE "C" LIMIT $4`
        : `SELECT * FROM task WHERE ($1::text IS NULL OR owner = $1) AND state <> 'open'
             AND (coalesce(closed_at_ms, 0), id COLLATE "C") < ($2::bigint, $3)
           ORDER BY coalesce(closed_at_ms, 0) DESC, id COLLATE "C" DESC LIMIT $4`;
    const found = await this.database.query<TaskRecord>(sql, [
      owner,
      before.atMs,
      before.id,
      limit,
    ]);
    return found.rows.map(taskOf);
  }

  async accountNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const found = await this.database.query<{ id: string; name: string }>(
      `SELECT a.account_id AS id, coalesce(${accountTraitSql('a', 'name')}, a.account_id) AS name
       FROM account a WHERE a.account_id = ANY($1)`,
      [ids],
    );
    return new Map(found.rows.map(({ id, name }) => [id, name]));
  }

  async lock(tx: Tx, id: string): Promise<TaskRow | null> {
    const found = await inside(tx).query<TaskRecord>(
      'SELECT * FROM task WHERE id = $1 FOR UPDATE',
      [id],
    );
    const [row] = found.rows;
    return row === undefined ? null : taskOf(row);
  }

  async save(tx: Tx, row: TaskRow): Promise<void> {
    await inside(tx).query(
      `UPDATE task SET state = $2, outcome = $3, note = $4, version = $5, closed_at_ms = $6
       WHERE id = $1`,
      [row.id, row.state, row.outcome, row.note, row.version, row.closedAtMs],
    );
  }
}

function folded(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

function subjectOf(body: string): string {
  const { properties = {} } = JSON.parse(body) as { properties?: Record<string, unknown> };
  const subject = properties['subject'] ?? properties['reason'] ?? properties['title'];
  return typeof subject === 'string' ? subject.slice(0, 200) : '';
}
