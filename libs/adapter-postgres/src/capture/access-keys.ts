import type { AccessKey, AccessKeyStore } from '#libs/application';
import type { Database } from '../base/database.js';

/** Keys in PostgreSQL: hashes only. */
export class PostgresAccessKeys implements AccessKeyStore {
  constructor(private readonly database: Database) {}

  async find(keyHash: string): Promise<AccessKey | null> {
    const found = await this.database.query<{
      id: string;
      kind: AccessKey['kind'];
      source: string;
    }>(`SELECT id, kind, source FROM access_key WHERE key_hash = $1 AND revoked_wall_ms IS NULL`, [
      keyHash,
    ]);
    return found.rows[0] ?? null;
  }
}
