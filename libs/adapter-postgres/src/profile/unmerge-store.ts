import type { Membership, NodeBase, Tx, UndoneMerge, UnmergeStore } from '#libs/application';
import type { ConsentStatement } from '#libs/policy';
import { foldStatements } from '#libs/profile';
import { inside } from '../base/database.js';

/** Takes merges back in PostgreSQL. */
export class PostgresUnmergeStore implements UnmergeStore {
  async undo(tx: Tx, mergeId: number, atMs: number): Promise<UndoneMerge | null> {
    const store = inside(tx);
    const found = await store.query<{ source: string; node_ids: string[]; kept: string }>(
      `SELECT m.source, m.node_ids, n.profile_id AS kept
       FROM merge_log m JOIN node n ON n.node_id = m.source
       WHERE m.merge_id = $1 AND m.undone_at_ms IS NULL FOR UPDATE OF m`,
      [mergeId],
    );
    const [merge] = found.rows;
    if (merge === undefined || merge.kept === merge.source) return null;
    const { source, kept } = merge;
    await store.query(
      `SELECT 1 FROM profile WHERE profile_id = ANY($1::text[]) ORDER BY profile_id
       FOR NO KEY UPDATE`,
      [[source, kept]],
    );
    const moved = await store.query(
      'UPDATE node SET profile_id = $2 WHERE node_id = ANY($1::text[]) AND profile_id = $3',
      [merge.node_ids, source, kept],
    );
    // Moved on meanwhile by another merge: that one has to be taken back first.
    if (moved.rowCount !== merge.node_ids.length) return null;
    await store.query('UPDATE profile SET merged_into = NULL WHERE profile_id = $1', [source]);
    await store.query(
      `INSERT INTO cannot_link (node_a, node_b) VALUES (least($1::text, $2), greatest($1, $2))
       ON CONFLICT DO NOTHING`,
      [source, kept],
    );
    await store.query('UPDATE merge_log SET undone_at_ms = $2 WHERE merge_id = $1', [
      mergeId,
      atMs,
    ]);
    return { kept, revived: source };
  }

  async baseOf(tx: Tx, nodeIds: readonly string[]): Promise<NodeBase> {
    const store = inside(tx);
    const found = await store.query<{
      has_purchased: boolean;
      first_seen_ms: number;
      earliest: string;
      merges: number;
    }>(
      `SELECT EXISTS (SELECT 1 FROM event
           WHERE node_id = ANY($1::text[]) AND name = 'order_completed' AND NOT is_bot)
           AS has_purchased,
         s.first_seen_ms, s.node_id AS earliest,
         (SELECT count(*)::int FROM merge_log
           WHERE target = ANY($1::text[]) AND undone_at_ms IS NULL) AS merges
       FROM (SELECT n.node_id, coalesce(min(i.first_seen_ms), n.created_at_ms) AS first_seen_ms
         FROM node n LEFT JOIN profile_identity i USING (node_id)
         WHERE n.node_id = ANY($1::text[]) GROUP BY n.node_id
         ORDER BY 2, 1 LIMIT 1) s`,
      [nodeIds],
    );
    const [row] = found.rows;
    return {
      statements: await this.statementsOf(tx, nodeIds),
      memberships: await this.membershipsOf(tx, nodeIds),
      hasPurchased: row?.has_purchased ?? false,
      firstSeenMs: row?.first_seen_ms ?? 0,
      earliestNodeId: row?.earliest ?? nodeIds[0] ?? '',
      mergeCount: row?.merges ?? 0,
    };
  }

  private async statementsOf(tx: Tx, nodeIds: readonly string[]): Promise<ConsentStatement[]> {
    const found = await inside(tx).query<{
      channel: ConsentStatement['channel'];
      purpose: string;
      status: ConsentStatement['status'];
      basis: string | null;
      source: string;
      proof: string | null;
      at_ms: number;
      is_bulk: boolean;
    }>(
      `SELECT channel, purpose, status, basis, source, proof, at_ms, is_bulk
       FROM consent_event WHERE node_id = ANY($1::text[])`,
      [nodeIds],
    );
    return foldStatements(
      found.rows.map(({ at_ms: atMs, is_bulk: bulk, ...statement }) => ({
        ...statement,
        atMs,
        ...(bulk ? { bulk } : {}),
      })),
    );
  }

  private async membershipsOf(tx: Tx, nodeIds: readonly string[]): Promise<Membership[]> {
    const found = await inside(tx).query<{
      account_id: string;
      is_member: boolean;
      role: string | null;
      at_ms: number;
      event_key: string;
    }>(
      `SELECT DISTINCT ON (account_id) account_id, is_member, role, at_ms, event_key
       FROM account_member WHERE node_id = ANY($1::text[])
       ORDER BY account_id, at_ms DESC, event_key DESC`,
      [nodeIds],
    );
    return found.rows.map((row) => ({
      accountId: row.account_id,
      isMember: row.is_member,
      role: row.role,
      atMs: row.at_ms,
      eventKey: row.event_key,
    }));
  }
}
