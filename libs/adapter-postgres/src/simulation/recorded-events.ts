import type { RecordedDecision, RecordedEvents, RecordedSpan } from '#libs/application';
import type { RawEvent } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';
import type { Database } from '../base/database.js';

const PAGE = 5_000;

interface EventRecord {
  [column: string]: unknown;
  profile_id: string;
  event_day: string;
  at_ms: string;
  received_at_ms: string;
  is_historical: boolean;
  is_sample: boolean;
  source: string;
  type: string;
  name: string;
  body: string;
}

type Body = Pick<RawEvent, 'messageId' | 'properties'> & Partial<RawEvent>;

/** What was recorded, in PostgreSQL: one cursor in a transaction that may only read. */
export class PostgresRecordedEvents implements RecordedEvents {
  constructor(private readonly database: Database) {}

  async span(): Promise<RecordedSpan | null> {
    const { rows } = await this.database.query<{ n: number; first_ms: number; last_ms: number }>(
      `SELECT count(*) AS n, min(at_ms) AS first_ms, max(at_ms) AS last_ms FROM event
       WHERE NOT is_bot AND node_id IS NOT NULL`,
    );
    const [row] = rows;
    if (row === undefined || row.n === 0) return null;
    return { events: row.n, firstMs: row.first_ms, lastMs: row.last_ms };
  }

  async *pages(toMs: EpochMs): AsyncGenerator<readonly RawEvent[]> {
    const client = await this.database.dedicated();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // The whole past is put in order once.
      await client.query(`SET LOCAL work_mem = '128MB'`);
      await client.query(
        `DECLARE recorded NO SCROLL CURSOR FOR
         SELECT n.profile_id, e.event_day::text AS event_day, e.at_ms, e.received_at_ms,
           e.is_historical, e.is_sample, e.source, e.type, e.name, e.body
         FROM event e JOIN node n USING (node_id)
         WHERE e.at_ms <= $1 AND NOT e.is_bot
         ORDER BY e.at_ms, e.msg_key`,
        [toMs],
      );
      for (;;) {
        const { rows } = await client.query<EventRecord>(`FETCH ${PAGE} FROM recorded`);
        if (rows.length === 0) return;
        yield rows.map(eventOf);
      }
    } finally {
      await client.end();
    }
  }

  async decisions(scenario: string): Promise<readonly RecordedDecision[]> {
    const { rows } = await this.database.query<{
      profile_id: string;
      step_id: string;
      decided_at_ms: number;
      chosen_action: string;
      chosen_treatment: string;
    }>(
      `SELECT profile_id, coalesce(step_id, '') AS step_id, decided_at_ms, chosen_action,
         chosen_treatment
       FROM decision WHERE scenario = $1 ORDER BY profile_id, decided_at_ms, id`,
      [scenario],
    );
    return rows.map((row) => ({
      profileId: row.profile_id,
      stepId: row.step_id,
      atMs: row.decided_at_ms,
      action: row.chosen_action,
      treatment: row.chosen_treatment === '' ? null : row.chosen_treatment,
    }));
  }
}

function eventOf(row: EventRecord): RawEvent {
  const body = JSON.parse(row.body) as Body;
  const atMs = Number(row.at_ms);
  return {
    messageId: body.messageId,
    type: row.type as RawEvent['type'],
    name: row.name,
    source: row.source,
    ids: body.ids ?? {},
    ...(body.traits === undefined ? {} : { traits: body.traits }),
    ...(body.account === undefined ? {} : { account: body.account }),
    properties: body.properties,
    atMs,
    originalAtMs: atMs,
    receivedAtMs: Number(row.received_at_ms),
    hasTimestamp: true,
    eventDay: row.event_day,
    historical: row.is_historical,
    profileId: row.profile_id,
    ...(row.is_sample ? { sample: true } : {}),
  };
}
