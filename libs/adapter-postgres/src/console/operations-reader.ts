import type {
  DeadLetter,
  DeadLetterAsk,
  DeadLetterCause,
  JobRow,
  OperationsReader,
  QueueRow,
  SandboxOrigin,
  SandboxRow,
  TroubleCounts,
} from '#libs/application';
import type { Database } from '../base/database.js';
import { letterOf, type LetterRecord } from '../profile/dead-letter-store.js';

interface SandboxRecord {
  [column: string]: unknown;
  seq: number;
  delivery_id: string | null;
  channel: SandboxRow['channel'];
  recipient: string;
  sender: string;
  subject: string;
  html: string;
  body: string;
  headers: string;
  at_ms: number;
}

/** Counting stops here: beyond it the exact number tells nobody more. */
const COUNTED = 100_000;

const bounded = (from: string): string =>
  `(SELECT count(*)::int FROM (SELECT 1 FROM ${from} LIMIT ${COUNTED}) t)`;

const QUEUES_SQL = `
SELECT 'facts' AS name, ${bounded('fact_outbox')} AS waiting, NULL::bigint AS oldest
UNION ALL SELECT 'changes', ${bounded('change_outbox')}, NULL
UNION ALL SELECT 'inbox', ${bounded('inbox')}, NULL
UNION ALL SELECT 'timers', ${bounded('enrolment WHERE due_at_ms <= $1')},
  (SELECT min(due_at_ms) FROM enrolment WHERE due_at_ms <= $1)
UNION ALL SELECT 'deliveries', ${bounded("delivery WHERE state = 'intended' AND send_at_ms <= $1")},
  (SELECT min(send_at_ms) FROM delivery WHERE state = 'intended' AND send_at_ms <= $1)
UNION ALL SELECT 'jobs', ${bounded("job WHERE state = 'running'")}, NULL`;

const TROUBLE_SQL = `
SELECT ${bounded("dead_letter WHERE state = 'open'")} AS letters,
  ${bounded("delivery WHERE state = 'uncertain'")} AS uncertain,
  ${bounded("task WHERE state = 'open' AND due_at_ms < $2")} AS overdue,
  ${bounded("delivery WHERE state = 'failed' AND intended_at_ms >= $1")} AS failed`;

function sandboxOf(row: SandboxRecord): SandboxRow {
  return {
    seq: row.seq,
    deliveryId: row.delivery_id,
    channel: row.channel,
    recipient: row.recipient,
    sender: row.sender,
    subject: row.subject,
    html: row.html,
    text: row.body,
    headers: headersOf(row.headers),
    atMs: row.at_ms,
  };
}

/** Headers are kept as pairs; the first of a name is the one shown. */
function headersOf(text: string): Readonly<Record<string, string>> {
  const stored: unknown = JSON.parse(text);
  const headers: Record<string, string> = {};
  const pairs = Array.isArray(stored)
    ? (stored as [string, string][])
    : Object.entries(stored as object);
  for (const [name, value] of pairs) headers[name] ??= String(value);
  return headers;
}

/** The sandbox, dead letters and the engine's queues, in PostgreSQL. */
export class PostgresOperationsReader implements OperationsReader {
  constructor(private readonly database: Database) {}

  async sandbox(query: {
    readonly to: string | null;
    readonly channel: string | null;
    readonly before: number | null;
    readonly limit: number;
  }): Promise<readonly SandboxRow[]> {
    const { to, channel, before, limit } = query;
    const isWhole = to !== null && (/^[^@\s]+@[^@\s]+$/.test(to) || /^\+\d{6,}$/.test(to));
    const match = isWhole ? 'recipient = $1' : 'strpos(lower(recipient), $1) > 0';
    const found = await this.database.query<SandboxRecord>(
      `SELECT * FROM sandbox_message
       WHERE ($1::text IS NULL OR ${match}) AND ($2::text IS NULL OR channel = $2)
         AND ($3::bigint IS NULL OR seq < $3) ORDER BY seq DESC LIMIT $4`,
      [to, channel, before, limit],
    );
    return found.rows.map(sandboxOf);
  }

  async sandboxOne(seq: number): Promise<SandboxRow | null> {
    const found = await this.database.query<SandboxRecord>(
      'SELECT * FROM sandbox_message WHERE seq = $1',
      [seq],
    );
    const [row] = found.rows;
    return row === undefined ? null : sandboxOf(row);
  }

  async originOf(deliveryId: string): Promise<SandboxOrigin | null> {
    const found = await this.database.query<{
      profile_id: string;
      scenario: string | null;
      state: string;
      links: string;
      happened: { kind: string; atMs: number; link: string | null }[] | null;
    }>(
      `SELECT d.profile_id, d.scenario, d.state, d.links, (
         SELECT jsonb_agg(jsonb_build_object('kind', e.kind, 'atMs', e.at_ms, 'link', e.link)
           ORDER BY e.at_ms) FROM delivery_event e WHERE e.delivery_id = d.id
       ) AS happened
       FROM delivery d WHERE d.id = $1`,
      [deliveryId],
    );
    const [row] = found.rows;
    if (row === undefined) return null;
    return {
      profileId: row.profile_id,
      scenario: row.scenario,
      state: row.state,
      links: JSON.parse(row.links) as string[],
      happenings: (row.happened ?? []).map((one) => ({ deliveryId, ...one })),
    };
  }

  async deadLetters(ask: DeadLetterAsk): Promise<readonly DeadLetter[]> {
    const found = await this.database.query<LetterRecord>(
      `SELECT * FROM dead_letter
       WHERE state = $1 AND ($2::text IS NULL OR code = $2) AND ($3::text IS NULL OR source = $3)
         AND (first_at_ms, id COLLATE "C") < ($4::bigint, $5)
       ORDER BY first_at_ms DESC, id COLLATE "C" DESC LIMIT $6`,
      [ask.state, ask.code, ask.source, ask.before.atMs, ask.before.id, ask.limit],
    );
    return found.rows.map(letterOf);
  }

  async deadLetter(id: string): Promise<DeadLetter | null> {
    const found = await this.database.query<LetterRecord>(
      'SELECT * FROM dead_letter WHERE id = $1',
      [id],
    );
    return found.rows.map(letterOf)[0] ?? null;
  }

  async causes(state: DeadLetter['state']): Promise<readonly DeadLetterCause[]> {
    const found = await this.database.query<{ code: string; source: string; count: number }>(
      `SELECT code, source, count(*)::int AS count FROM dead_letter WHERE state = $1
       GROUP BY code, source ORDER BY 3 DESC, 1, 2 LIMIT 100`,
      [state],
    );
    return found.rows;
  }

  async openIds(
    filter: { readonly code: string | null; readonly source: string | null },
    limit: number,
  ): Promise<readonly string[]> {
    const found = await this.database.query<{ id: string }>(
      `SELECT id FROM dead_letter
       WHERE state = 'open' AND ($1::text IS NULL OR code = $1)
         AND ($2::text IS NULL OR source = $2) ORDER BY first_at_ms, id LIMIT $3`,
      [filter.code, filter.source, limit],
    );
    return found.rows.map(({ id }) => id);
  }

  async trouble(sinceMs: number, nowMs: number): Promise<TroubleCounts> {
    const found = await this.database.query<{
      letters: number;
      uncertain: number;
      overdue: number;
      failed: number;
    }>(TROUBLE_SQL, [sinceMs, nowMs]);
    const [row] = found.rows;
    return {
      deadLetters: row?.letters ?? 0,
      uncertain: row?.uncertain ?? 0,
      overdueTasks: row?.overdue ?? 0,
      failedSince: row?.failed ?? 0,
    };
  }

  async uncertain(): Promise<{ readonly count: number; readonly oldestAtMs: number | null }> {
    const found = await this.database.query<{ n: number; oldest: number | null }>(
      `SELECT count(*)::int AS n, min(updated_at_ms) AS oldest FROM delivery
       WHERE state = 'uncertain'`,
    );
    const [row] = found.rows;
    return { count: row?.n ?? 0, oldestAtMs: row?.oldest ?? null };
  }

  async queues(nowMs: number): Promise<readonly QueueRow[]> {
    const found = await this.database.query<{
      name: QueueRow['name'];
      waiting: number;
      oldest: number | null;
    }>(QUEUES_SQL, [nowMs]);
    return found.rows.map(({ name, waiting, oldest }) => ({ name, waiting, oldestMs: oldest }));
  }

  async lag(): Promise<readonly { consumer: string; topic: string; records: number }[]> {
    const found = await this.database.query<{ consumer: string; topic: string; records: number }>(
      `SELECT o.consumer, o.topic, sum(h.next_offset - o.next_offset)::bigint AS records
       FROM log_offset o JOIN log_head h USING (topic, part) GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return found.rows;
  }

  async jobs(limit: number): Promise<readonly JobRow[]> {
    const found = await this.database.query<{
      id: string;
      kind: string;
      done: number;
      total: number | null;
      state: string;
      updated_at_ms: number;
    }>(
      `SELECT id, kind, done, total, state, updated_at_ms FROM job
       ORDER BY (state = 'running') DESC, updated_at_ms DESC, id LIMIT $1`,
      [limit],
    );
    return found.rows.map(({ updated_at_ms: updatedAtMs, ...row }) => ({ ...row, updatedAtMs }));
  }

  async store(): Promise<{ readonly version: string; readonly bytes: number }> {
    const found = await this.database.query<{ version: string; bytes: number }>(
      `SELECT current_setting('server_version') AS version,
         pg_database_size(current_database())::bigint AS bytes`,
    );
    const [row] = found.rows;
    return { version: row?.version ?? '', bytes: row?.bytes ?? 0 };
  }
}
