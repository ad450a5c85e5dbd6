import {
  erasedHash,
  type ErasureReport,
  type ErasureStore,
  type Pseudonyms,
  type Tx,
} from '#libs/application';
import { hashUuid } from '#libs/kernel';
import { inside } from '../base/database.js';

/** Tables that hold rows of a node, and the column that names it. */
const BY_NODE = [
  'event',
  'claim',
  'bucket_day',
  'consent_event',
  'account_member',
  'profile_identity',
] as const;
/** Tables that hold rows of a profile. */
const BY_PROFILE = ['contact_point', 'profile_date', 'segment_member', 'agg_deadline'] as const;

interface Known {
  readonly ids: readonly { readonly ns: string; readonly value_norm: string }[];
  readonly points: readonly { readonly channel: string; readonly address: string }[];
}

/** Erases people from PostgreSQL's profile tables. */
export class PostgresErasureStore implements ErasureStore {
  constructor(private readonly pseudonyms: Pseudonyms) {}

  async erase(tx: Tx, profileId: string, atMs: number): Promise<ErasureReport | null> {
    const store = inside(tx);
    // Under the lock nothing can be added to the person meanwhile.
    const locked = await store.query<{ profile_id: string }>(
      `SELECT p.profile_id FROM profile p
       WHERE p.profile_id = (SELECT profile_id FROM node WHERE node_id = $1) FOR UPDATE`,
      [profileId],
    );
    const current = locked.rows[0]?.profile_id;
    if (current === undefined) return null;
    const found = await store.query<{ node_id: string }>(
      'SELECT node_id FROM node WHERE profile_id = $1',
      [current],
    );
    const nodeIds = found.rows.map((row) => row.node_id);
    const known = await this.knownOf(tx, current, nodeIds);
    const rows: Record<string, number> = {};
    for (const table of BY_NODE) {
      const gone = await store.query(`DELETE FROM ${table} WHERE node_id = ANY($1)`, [nodeIds]);
      rows[table] = gone.rowCount ?? 0;
    }
    for (const table of BY_PROFILE) {
      const gone = await store.query(`DELETE FROM ${table} WHERE profile_id = ANY($1)`, [nodeIds]);
      rows[table] = gone.rowCount ?? 0;
    }
    rows['merge_log'] = await this.removeMerges(tx, nodeIds);
    rows['dead_letter'] = await this.removeLetters(tx, known);
    rows['outbox'] = await this.removeUnsent(tx, nodeIds);
    // Tombstones of those merged into it are profiles too.
    for (const table of ['node', 'profile'] as const) {
      const column = table === 'node' ? 'node_id' : 'profile_id';
      const gone = await store.query(`DELETE FROM ${table} WHERE ${column} = ANY($1)`, [nodeIds]);
      rows[table] = gone.rowCount ?? 0;
    }
    await this.remember(tx, known, atMs);
    return { profileIds: nodeIds, rows };
  }

  private async knownOf(tx: Tx, current: string, nodeIds: readonly string[]): Promise<Known> {
    const ids = await inside(tx).query<{ ns: string; value_norm: string }>(
      'SELECT ns, value_norm FROM profile_identity WHERE node_id = ANY($1)',
      [nodeIds],
    );
    const points = await inside(tx).query<{ channel: string; address: string }>(
      'SELECT channel, address FROM contact_point WHERE profile_id = $1',
      [current],
    );
    return { ids: ids.rows, points: points.rows };
  }

  private async removeMerges(tx: Tx, nodeIds: readonly string[]): Promise<number> {
    const store = inside(tx);
    await store.query(
      'DELETE FROM merge_refused WHERE profile_id = ANY($1) OR other_id = ANY($1)',
      [nodeIds],
    );
    await store.query('DELETE FROM cannot_link WHERE node_a = ANY($1) OR node_b = ANY($1)', [
      nodeIds,
    ]);
    const gone = await store.query(
      'DELETE FROM merge_log WHERE source = ANY($1) OR target = ANY($1)',
      [nodeIds],
    );
    return gone.rowCount ?? 0;
  }

  /** Messages that could not be applied may name the person by any of their ids. */
  private async removeLetters(tx: Tx, { ids }: Known): Promise<number> {
    const quoted = ids.map(({ value_norm: value }) => JSON.stringify(value).toLowerCase());
    if (quoted.length === 0) return 0;
    const gone = await inside(tx).query(
      `DELETE FROM dead_letter d USING unnest($1::text[]) AS q(text)
       WHERE position(q.text IN lower(d.raw)) > 0
         OR position(q.text IN lower(d.corrected_raw)) > 0`,
      [quoted],
    );
    return gone.rowCount ?? 0;
  }

  private async removeUnsent(tx: Tx, nodeIds: readonly string[]): Promise<number> {
    const store = inside(tx);
    const changes = await store.query('DELETE FROM change_outbox WHERE key = ANY($1)', [nodeIds]);
    const facts = await store.query('DELETE FROM fact_outbox WHERE key = ANY($1)', [nodeIds]);
    return (changes.rowCount ?? 0) + (facts.rowCount ?? 0);
  }

  private async remember(tx: Tx, { ids, points }: Known, atMs: number): Promise<void> {
    const store = inside(tx);
    await store.query(
      `INSERT INTO erased_identity (id_hash, erased_at_ms)
       SELECT h, $2 FROM unnest($1::text[]) AS t(h)
       ON CONFLICT (id_hash) DO UPDATE SET erased_at_ms = excluded.erased_at_ms`,
      [ids.map((id) => erasedHash(this.pseudonyms, { ns: id.ns, value: id.value_norm })), atMs],
    );
    const hashes = points.map(({ channel, address }) => this.pseudonyms.hash(channel, address));
    await store.query(
      `INSERT INTO suppression (id, scope, channel, address_hash, reason, is_active, from_ms)
       SELECT id, 'address', c, h, 'erased', true, $4
       FROM unnest($1::text[], $2::text[], $3::text[]) AS t(id, c, h)
       ON CONFLICT (id) DO NOTHING`,
      [
        points.map((point, index) => hashUuid('erased', point.channel, hashes[index] ?? '')),
        points.map((point) => point.channel),
        hashes,
        atMs,
      ],
    );
  }
}
