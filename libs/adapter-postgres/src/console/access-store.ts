import type { AccessStore, ConsoleUser, StoredKey, Ticket } from '#libs/application';
import type { Database } from '../base/database.js';

interface UserRecord {
  [column: string]: unknown;
  id: string;
  email: string;
  name: string;
  role: ConsoleUser['role'];
  password_hash: string;
  created_wall_ms: number;
  last_sign_in_wall_ms: number | null;
}

interface KeyRecord {
  [column: string]: unknown;
  id: string;
  name: string;
  prefix: string;
  key_hash: string;
  created_by: string;
  created_wall_ms: number;
  last_used_wall_ms: number | null;
  revoked_wall_ms: number | null;
}

const USER =
  'u.id, u.email, u.name, u.role, u.password_hash, u.created_wall_ms, u.last_sign_in_wall_ms';
const KEY =
  'id, name, prefix, key_hash, created_by, created_wall_ms, last_used_wall_ms, revoked_wall_ms';
const USE_NOTED_MS = 60_000;
const MOST_LISTED = 1_000;

function userOf(row: UserRecord): ConsoleUser {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    createdWallMs: row.created_wall_ms,
    lastSignInWallMs: row.last_sign_in_wall_ms,
  };
}

function keyOf(row: KeyRecord): StoredKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    hash: row.key_hash,
    createdBy: row.created_by,
    createdWallMs: row.created_wall_ms,
    lastUsedWallMs: row.last_used_wall_ms,
    revokedWallMs: row.revoked_wall_ms,
  };
}

/** Users, sessions, links and keys in PostgreSQL. */
export class PostgresAccessStore implements AccessStore {
  constructor(private readonly database: Database) {}

  async users(): Promise<readonly ConsoleUser[]> {
    const found = await this.database.query<UserRecord>(
      `SELECT ${USER} FROM console_user u ORDER BY u.email LIMIT ${MOST_LISTED}`,
    );
    return found.rows.map(userOf);
  }

  async userByEmail(email: string): Promise<ConsoleUser | null> {
    return await this.one(`SELECT ${USER} FROM console_user u WHERE u.email = $1`, [email]);
  }

  async addUser(user: ConsoleUser): Promise<boolean> {
    const added = await this.database.query(
      `INSERT INTO console_user (id, email, name, role, password_hash, created_wall_ms)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING`,
      [user.id, user.email, user.name, user.role, user.passwordHash, user.createdWallMs],
    );
    return added.rowCount === 1;
  }

  async setPassword(userId: string, passwordHash: string): Promise<void> {
    await this.database.query('UPDATE console_user SET password_hash = $2 WHERE id = $1', [
      userId,
      passwordHash,
    ]);
  }

  async signedIn(userId: string, wallMs: number): Promise<void> {
    await this.database.query('UPDATE console_user SET last_sign_in_wall_ms = $2 WHERE id = $1', [
      userId,
      wallMs,
    ]);
  }

  async addSession(session: Ticket, wallMs: number): Promise<void> {
    await this.database.query('DELETE FROM console_session WHERE until_wall_ms < $1', [wallMs]);
    await this.database.query(
      `INSERT INTO console_session (hash, user_id, created_wall_ms, until_wall_ms)
       VALUES ($1, $2, $3, $4)`,
      [session.hash, session.userId, wallMs, session.untilWallMs],
    );
  }

  async userOfSession(hash: string, wallMs: number): Promise<ConsoleUser | null> {
    return await this.one(
      `SELECT ${USER} FROM console_session s JOIN console_user u ON u.id = s.user_id
       WHERE s.hash = $1 AND s.until_wall_ms > $2`,
      [hash, wallMs],
    );
  }

  async endSession(hash: string): Promise<void> {
    await this.database.query('DELETE FROM console_session WHERE hash = $1', [hash]);
  }

  async addLink(link: Ticket): Promise<void> {
    await this.database.query(
      'INSERT INTO console_link (hash, user_id, until_wall_ms) VALUES ($1, $2, $3)',
      [link.hash, link.userId, link.untilWallMs],
    );
  }

  async useLink(hash: string, wallMs: number): Promise<ConsoleUser | null> {
    return await this.one(
      `WITH used AS (
         DELETE FROM console_link WHERE hash = $1 OR until_wall_ms < $2
         RETURNING hash, user_id, until_wall_ms
       )
       SELECT ${USER} FROM used JOIN console_user u ON u.id = used.user_id
       WHERE used.hash = $1 AND used.until_wall_ms > $2`,
      [hash, wallMs],
    );
  }

  async keys(): Promise<readonly StoredKey[]> {
    const found = await this.database.query<KeyRecord>(
      `SELECT ${KEY} FROM access_key WHERE kind = 'api' ORDER BY created_wall_ms DESC, id LIMIT ${MOST_LISTED}`,
    );
    return found.rows.map(keyOf);
  }

  async addKey(key: StoredKey): Promise<void> {
    await this.database.query(
      `INSERT INTO access_key
         (id, kind, source, name, prefix, key_hash, created_by, created_wall_ms)
       VALUES ($1, 'api', 'api', $2, $3, $4, $5, $6)`,
      [key.id, key.name, key.prefix, key.hash, key.createdBy, key.createdWallMs],
    );
  }

  async useKey(hash: string, wallMs: number): Promise<StoredKey | null> {
    const found = await this.database.query<KeyRecord>(
      `SELECT ${KEY} FROM access_key
       WHERE key_hash = $1 AND kind = 'api' AND revoked_wall_ms IS NULL`,
      [hash],
    );
    const [row] = found.rows;
    if (row === undefined) return null;
    if (wallMs - (row.last_used_wall_ms ?? 0) > USE_NOTED_MS) {
      await this.database.query('UPDATE access_key SET last_used_wall_ms = $2 WHERE id = $1', [
        row.id,
        wallMs,
      ]);
    }
    return keyOf(row);
  }

  async revokeKey(id: string, wallMs: number): Promise<boolean> {
    const revoked = await this.database.query(
      `UPDATE access_key SET revoked_wall_ms = $2
       WHERE id = $1 AND kind = 'api' AND revoked_wall_ms IS NULL`,
      [id, wallMs],
    );
    return revoked.rowCount === 1;
  }

  private async one(sql: string, values: readonly unknown[]): Promise<ConsoleUser | null> {
    const found = await this.database.query<UserRecord>(sql, values);
    const [row] = found.rows;
    return row === undefined ? null : userOf(row);
  }
}
