import type {
  CrmCommand,
  CrmOutbox,
  KnownRow,
  OutboxBatch,
  OutboxDraft,
  SettledRow,
  Tx,
} from '#libs/application';
import { inside, type Database, type Queryable } from '../base/database.js';

type BatchAsk = Parameters<CrmOutbox['openBatch']>[0];

interface BatchRecord {
  [column: string]: unknown;
  id: number;
  first_id: number;
  last_id: number;
  attempts: number;
  first_tried_wall_ms: number | null;
  next_at: number;
}

// A pending row of the same subject takes the newer word; one in a batch is on its way already.
const MERGE_SQL = `
UPDATE crm_outbox o SET payload = i.payload, dedupe_key = i.dedupe_key, ref = i.ref
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  WITH ORDINALITY AS i(partition_key, dedupe_key, type, merge_key, payload, ref, ordinal)
WHERE o.connector = $1 AND o.partition_key = i.partition_key AND o.merge_key = i.merge_key
  AND o.type = i.type AND o.state = 'pending'
  AND NOT EXISTS (SELECT 1 FROM crm_outbox d WHERE d.dedupe_key = i.dedupe_key AND d.id <> o.id)
RETURNING i.ordinal::int AS ordinal`;

const INSERT_SQL = `
INSERT INTO crm_outbox (connector, partition_key, dedupe_key, type, merge_key, payload, ref)
SELECT $1, i.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  AS i(partition_key, dedupe_key, type, merge_key, payload, ref)
ON CONFLICT (dedupe_key) DO NOTHING`;

const CLAIM_SQL = `
WITH taken AS (
  SELECT id FROM crm_outbox WHERE connector = $1 AND type = $2 AND state = 'pending'
  ORDER BY id LIMIT $3 FOR UPDATE
), bounds AS (
  SELECT min(id) AS first_id, max(id) AS last_id, count(*)::int AS n FROM taken
), batch AS (
  INSERT INTO crm_batch (connector, type, first_id, last_id, n)
  SELECT $1, $2, first_id, last_id, n FROM bounds WHERE n > 0
  RETURNING id, first_id, last_id, attempts, first_tried_wall_ms, next_at
), marked AS (
  UPDATE crm_outbox o SET state = 'batched', batch_id = b.id
  FROM taken t, batch b WHERE o.id = t.id
)
SELECT * FROM batch`;

/** Commands for CRMs in PostgreSQL. */
export class PostgresCrmOutbox implements CrmOutbox {
  constructor(private readonly database: Database) {}

  async known(
    tx: Tx,
    connector: string,
    keys: readonly Pick<KnownRow, 'contact' | 'what'>[],
  ): Promise<readonly KnownRow[]> {
    if (keys.length === 0) return [];
    const rows = await inside(tx).query<KnownRow & Record<string, unknown>>(
      `SELECT DISTINCT k.contact, k.what, k.value, k.mark
       FROM unnest($2::text[], $3::text[]) AS i(contact, what)
       JOIN crm_known k ON k.connector = $1 AND k.contact = i.contact AND k.what = i.what`,
      [connector, keys.map(({ contact }) => contact), keys.map(({ what }) => what)],
    );
    return rows.rows;
  }

  async saveKnown(tx: Tx, connector: string, rows: readonly KnownRow[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO crm_known (connector, contact, what, value, mark)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
       ON CONFLICT (connector, contact, what) DO UPDATE SET value = excluded.value,
         mark = excluded.mark`,
      [
        connector,
        rows.map((row) => row.contact),
        rows.map((row) => row.what),
        rows.map((row) => row.value),
        rows.map((row) => row.mark),
      ],
    );
  }

  async credit(
    tx: Tx,
    orders: readonly { readonly eventKey: string; readonly scenario: string }[],
  ): Promise<ReadonlyMap<string, string>> {
    if (orders.length === 0) return new Map();
    const keys = orders.map(({ eventKey }) => eventKey);
    await inside(tx).query(
      `INSERT INTO crm_credit (event_key, scenario) SELECT * FROM unnest($1::text[], $2::text[])
       ON CONFLICT DO NOTHING`,
      [keys, orders.map(({ scenario }) => scenario)],
    );
    const rows = await inside(tx).query<{ event_key: string; scenario: string }>(
      'SELECT event_key, scenario FROM crm_credit WHERE event_key = ANY($1)',
      [keys],
    );
    return new Map(rows.rows.map((row) => [row.event_key, row.scenario]));
  }

  async enqueue(tx: Tx, connector: string, drafts: readonly OutboxDraft[]): Promise<number> {
    const last = lastWords(drafts);
    if (last.length === 0) return 0;
    const merging = last.filter(({ mergeKey }) => mergeKey !== null);
    const merged =
      merging.length === 0
        ? []
        : (await inside(tx).query<{ ordinal: number }>(MERGE_SQL, columnsOf(connector, merging)))
            .rows;
    const gone = new Set(merged.map(({ ordinal }) => merging[ordinal - 1]));
    const fresh = last.filter((draft) => !gone.has(draft));
    if (fresh.length === 0) return merged.length;
    const added = await inside(tx).query(INSERT_SQL, columnsOf(connector, fresh));
    return merged.length + (added.rowCount ?? 0);
  }

  async countSkipped(
    tx: Tx,
    connector: string,
    counts: ReadonlyMap<string, number>,
  ): Promise<void> {
    if (counts.size === 0) return;
    await inside(tx).query(
      `INSERT INTO crm_skipped AS s (connector, reason, n)
       SELECT $1, * FROM unnest($2::text[], $3::bigint[])
       ON CONFLICT (connector, reason) DO UPDATE SET n = s.n + excluded.n`,
      [connector, [...counts.keys()], [...counts.values()]],
    );
  }

  async skipped(connector: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.query<{ reason: string; n: number }>(
      'SELECT reason, n FROM crm_skipped WHERE connector = $1',
      [connector],
    );
    return new Map(rows.rows.map((row) => [row.reason, row.n]));
  }

  async openBatch(ask: BatchAsk): Promise<OutboxBatch | null> {
    return await this.database.transaction(async (tx) => {
      const store = inside(tx);
      const open = await store.query<BatchRecord>(
        `SELECT id, first_id, last_id, attempts, first_tried_wall_ms, next_at FROM crm_batch
         WHERE connector = $1 AND type = $2 AND state = 'open'`,
        [ask.connector, ask.type],
      );
      const begun = open.rows[0];
      if (begun !== undefined) {
        return begun.next_at > ask.wallMs ? null : await batchOf(store, ask, begun);
      }
      if (ask.onlyOpen) return null;
      const made = await store.query<BatchRecord>(CLAIM_SQL, [
        ask.connector,
        ask.type,
        ask.maxRows,
      ]);
      const fresh = made.rows[0];
      return fresh === undefined ? null : await batchOf(store, ask, fresh);
    });
  }

  async settle(
    batchId: number,
    rows: readonly SettledRow[],
    at: { readonly wallMs: number; readonly nextWallMs: number },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      const store = inside(tx);
      await store.query(
        `UPDATE crm_outbox o SET state = s.state, last_error = s.error, attempts = o.attempts + 1,
           next_at = CASE WHEN s.state = 'batched' THEN $6::bigint ELSE 0 END,
           done_wall_ms = CASE WHEN s.state = 'done' THEN $5::bigint END
         FROM unnest($2::bigint[], $3::text[], $4::text[]) AS s(id, state, error)
         WHERE o.id = s.id AND o.batch_id = $1 AND o.state = 'batched'`,
        [
          batchId,
          rows.map((row) => row.id),
          rows.map((row) => row.state),
          rows.map((row) => row.error),
          at.wallMs,
          at.nextWallMs,
        ],
      );
      await store.query(
        `UPDATE crm_batch b SET attempts = attempts + 1,
           first_tried_wall_ms = coalesce(first_tried_wall_ms, $2::bigint), next_at = $3,
           state = CASE WHEN r.is_left THEN 'open' ELSE 'closed' END,
           closed_wall_ms = CASE WHEN r.is_left THEN NULL ELSE $2::bigint END
         FROM (SELECT EXISTS (
           SELECT 1 FROM crm_outbox WHERE batch_id = $1 AND state = 'batched') AS is_left) r
         WHERE b.id = $1`,
        [batchId, at.wallMs, at.nextWallMs],
      );
    });
  }

  async forget(connector: string, beforeWallMs: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM crm_outbox WHERE id IN (
         SELECT id FROM crm_outbox WHERE connector = $1 AND state = 'done'
           AND done_wall_ms < $2 AND type <> 'task' LIMIT 10000)`,
      [connector, beforeWallMs],
    );
    return rows.rowCount ?? 0;
  }
}

/** Of each subject in one batch the last word only. */
function lastWords(drafts: readonly OutboxDraft[]): readonly OutboxDraft[] {
  const last = new Map<string, OutboxDraft>();
  for (const draft of drafts) {
    const { contact, command, mergeKey } = draft;
    const key = mergeKey === null ? command.key : JSON.stringify([contact, command.type, mergeKey]);
    // What was said first keeps its place and its words, unless a newer word replaces it.
    if (mergeKey === null && last.has(key)) continue;
    last.set(key, draft);
  }
  return [...last.values()];
}

function columnsOf(connector: string, drafts: readonly OutboxDraft[]): readonly unknown[] {
  return [
    connector,
    drafts.map((draft) => draft.contact),
    drafts.map((draft) => draft.command.key),
    drafts.map((draft) => draft.command.type),
    drafts.map((draft) => draft.mergeKey),
    drafts.map((draft) => JSON.stringify(draft.command)),
    drafts.map((draft) => draft.ref),
  ];
}

async function batchOf(store: Queryable, ask: BatchAsk, batch: BatchRecord): Promise<OutboxBatch> {
  const rows = await store.query<{ id: number; payload: string }>(
    `SELECT id, payload FROM crm_outbox WHERE batch_id = $1 AND state = 'batched' ORDER BY id`,
    [batch.id],
  );
  return {
    id: batch.id,
    bounds: { type: ask.type, firstId: batch.first_id, lastId: batch.last_id },
    firstTriedWallMs: batch.first_tried_wall_ms,
    attempts: batch.attempts,
    commands: rows.rows.map((row) => ({
      id: row.id,
      command: JSON.parse(row.payload) as CrmCommand,
    })),
  };
}
