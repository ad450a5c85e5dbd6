import { FencedError, type Lease, type Tx } from '#libs/application';
import { inside, type Database, type Queryable } from '../base/database.js';

/**
 * Takes or renews a named lease for some wall time. The epoch rises with each new owner, so that
 * what an old owner still has in hand cannot commit. Null while somebody else holds it.
 */
export async function acquireLease(
  database: Database,
  request: { name: string; owner: string; forMs: number; wallMs: number },
): Promise<Lease | null> {
  const rows = await database.query<{ epoch: number }>(
    `INSERT INTO lease AS l (name, owner, epoch, until_wall_ms) VALUES ($1, $2, 1, $3::bigint + $4)
     ON CONFLICT (name) DO UPDATE SET
       epoch = CASE WHEN l.owner = $2 THEN l.epoch ELSE l.epoch + 1 END,
       owner = $2, until_wall_ms = $3::bigint + $4
     WHERE l.owner = $2 OR l.until_wall_ms < $3 RETURNING epoch`,
    [request.name, request.owner, request.wallMs, request.forMs],
  );
  const epoch = rows.rows[0]?.epoch;
  return epoch === undefined ? null : { name: request.name, owner: request.owner, epoch };
}

/** Whether somebody holds the lease at that wall time. */
export async function isLeaseHeld(
  store: Queryable,
  name: string,
  wallMs: number,
): Promise<boolean> {
  const held = await store.query('SELECT 1 FROM lease WHERE name = $1 AND until_wall_ms >= $2', [
    name,
    wallMs,
  ]);
  return held.rowCount === 1;
}

/** Gives the lease back, so that the next owner need not wait for its end. */
export async function releaseLease(database: Database, lease: Lease): Promise<void> {
  await database.query(`UPDATE lease SET until_wall_ms = 0 WHERE name = $1 AND owner = $2`, [
    lease.name,
    lease.owner,
  ]);
}

/** Locks the lease for the transaction; throws `FencedError` when another owner took it. */
export async function fenceLease(tx: Tx, lease: Lease): Promise<void> {
  const held = await inside(tx).query(
    `SELECT 1 FROM lease WHERE name = $1 AND owner = $2 AND epoch = $3 FOR SHARE`,
    [lease.name, lease.owner, lease.epoch],
  );
  if (held.rowCount !== 1) throw new FencedError(`the lease ${lease.name} has another owner`);
}
