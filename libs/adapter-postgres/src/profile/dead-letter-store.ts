import type {
  Correction,
  DeadLetter,
  DeadLetterQuery,
  DeadLetterStore,
  Tx,
} from '#libs/application';
import { inside, type Database } from '../base/database.js';

/** A row of `dead_letter`. */
export interface LetterRecord {
  [column: string]: unknown;
  id: string;
  source: string;
  stage: 'profile';
  code: string;
  detail: string;
  topic: string;
  key: string;
  raw: string;
  first_at_ms: number;
  attempts: number;
  state: DeadLetter['state'];
  corrected_raw: string | null;
  corrected_by: string | null;
  corrected_at_ms: number | null;
}

const COLUMNS = 'id, source, stage, code, detail, topic, key, raw, first_at_ms, attempts, state';

const ALL_COLUMNS = `${COLUMNS}, corrected_raw, corrected_by, corrected_at_ms`;

function correctionOf(row: LetterRecord): Correction | null {
  if (row.corrected_raw === null) return null;
  return { raw: row.corrected_raw, by: row.corrected_by ?? '', atMs: row.corrected_at_ms ?? 0 };
}

/** A letter as its row says. */
export function letterOf(row: LetterRecord): DeadLetter {
  const { id, source, stage, code, detail, topic, key, raw, attempts, state } = row;
  const rest = { firstAtMs: row.first_at_ms, attempts, state, correction: correctionOf(row) };
  return { id, source, stage, code, detail, topic, key, raw, ...rest };
}

// PostgreSQL's text holds no NUL; everything else a message says may be told.
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd');
}

/** Dead letters in PostgreSQL. */
export class PostgresDeadLetterStore implements DeadLetterStore {
  constructor(private readonly database: Database) {}

  async put(tx: Tx, letters: readonly DeadLetter[]): Promise<void> {
    const some = [...new Map(letters.map((letter) => [letter.id, letter])).values()];
    if (some.length === 0) return;
    await inside(tx).query(
      `INSERT INTO dead_letter (${COLUMNS})
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
         $6::text[], $7::text[], $8::text[], $9::bigint[], $10::int[], $11::text[])
         AS t(a, b, c, d, e, f, g, h, i, j, k) ORDER BY a
       ON CONFLICT (id) DO UPDATE SET attempts = dead_letter.attempts + 1, state = 'open',
         detail = excluded.detail`,
      [
        some.map((one) => one.id),
        some.map((one) => storable(one.source)),
        some.map((one) => one.stage),
        some.map((one) => one.code),
        some.map((one) => storable(one.detail)),
        some.map((one) => one.topic),
        some.map((one) => storable(one.key)),
        some.map((one) => one.raw),
        some.map((one) => one.firstAtMs),
        some.map((one) => one.attempts),
        some.map((one) => one.state),
      ],
    );
  }

  async list(query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    const found = await this.database.query<LetterRecord>(
      `SELECT ${ALL_COLUMNS} FROM dead_letter
       WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR code = $2)
         AND ($3::text IS NULL OR source = $3) AND ($4::bigint IS NULL OR first_at_ms < $4)
       ORDER BY first_at_ms DESC, id LIMIT $5`,
      [
        query.state ?? null,
        query.code ?? null,
        query.source ?? null,
        query.beforeMs ?? null,
        query.limit,
      ],
    );
    return found.rows.map(letterOf);
  }

  async open(tx: Tx, ids: readonly string[]): Promise<readonly DeadLetter[]> {
    const found = await inside(tx).query<LetterRecord>(
      `SELECT ${ALL_COLUMNS} FROM dead_letter WHERE id = ANY($1::text[]) AND state = 'open'
       ORDER BY id FOR UPDATE`,
      [ids],
    );
    return found.rows.map(letterOf);
  }

  async close(tx: Tx, ids: readonly string[], state: 'replayed' | 'dismissed'): Promise<void> {
    await inside(tx).query('UPDATE dead_letter SET state = $2 WHERE id = ANY($1::text[])', [
      ids,
      state,
    ]);
  }

  async correct(tx: Tx, id: string, { raw, by, atMs }: Correction): Promise<void> {
    await inside(tx).query(
      `UPDATE dead_letter SET state = 'replayed', corrected_raw = $2, corrected_by = $3,
         corrected_at_ms = $4 WHERE id = $1`,
      [id, raw, by, atMs],
    );
  }
}
