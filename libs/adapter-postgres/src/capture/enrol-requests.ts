import type { EnrolRequestStore, Tx } from '#libs/application';
import { inside } from '../base/database.js';

const KEPT_MS = 30 * 86_400_000;
const MOST_FORGOTTEN = 100;

/** Remembers requests for enrolments by hash; forgets a few old ones with each new one. */
export class PostgresEnrolRequests implements EnrolRequestStore {
  async remember(
    tx: Tx,
    { keyHash, bodyHash, wallMs }: Parameters<EnrolRequestStore['remember']>[1],
  ): Promise<'fresh' | 'repeated' | 'taken'> {
    const store = inside(tx);
    await store.query(
      `DELETE FROM enrol_request WHERE key_hash IN (SELECT key_hash FROM enrol_request
         WHERE at_wall_ms < $1 ORDER BY at_wall_ms LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [wallMs - KEPT_MS, MOST_FORGOTTEN],
    );
    const inserted = await store.query(
      `INSERT INTO enrol_request (key_hash, body_hash, at_wall_ms) VALUES ($1, $2, $3)
       ON CONFLICT (key_hash) DO NOTHING`,
      [keyHash, bodyHash, wallMs],
    );
    if (inserted.rowCount === 1) return 'fresh';
    const known = await store.query<{ body_hash: string }>(
      'SELECT body_hash FROM enrol_request WHERE key_hash = $1',
      [keyHash],
    );
    return known.rows[0]?.body_hash === bodyHash ? 'repeated' : 'taken';
  }
}
