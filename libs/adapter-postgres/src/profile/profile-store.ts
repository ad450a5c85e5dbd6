import {
  type CountedEvent,
  type EventProbe,
  type IdKey,
  type ProfileChanges,
  type ProfileStore,
  type StoredProfile,
  type StoredTombstone,
  type Tx,
} from '#libs/application';
import { identityKey, type Bucket, type Claim } from '#libs/profile';
import { inside, type Database } from '../base/database.js';
import { EventMonths } from './event-months.js';
import {
  bucketOfRow,
  claimOf,
  storedProfile,
  type BucketRecord,
  type ClaimRecord,
  type IdentityRecord,
  type ProfileRecord,
} from './rows.js';
import { saveProfiles } from './save.js';

/** Profiles in PostgreSQL, read and written in bulk. */
export class PostgresProfileStore implements ProfileStore {
  private readonly months: EventMonths;
  private savepoints = 0;

  constructor(database: Database) {
    this.months = new EventMonths(database);
  }

  async prepareDays(days: readonly string[]): Promise<void> {
    await this.months.prepare(days);
  }

  async storedEvents(tx: Tx, probes: readonly EventProbe[]): Promise<ReadonlyMap<string, string>> {
    const keys = probes.flatMap((probe) => probe.days.map(() => probe.eventKey));
    if (keys.length === 0) return new Map();
    const found = await inside(tx).query<{ msg_key: string; body_hash: string }>(
      `SELECT e.msg_key, e.body_hash
       FROM unnest($1::uuid[], $2::date[]) AS p(msg_key, event_day)
       JOIN event e ON e.event_day = p.event_day AND e.msg_key = p.msg_key`,
      [keys, probes.flatMap((probe) => probe.days)],
    );
    return new Map(found.rows.map((row) => [row.msg_key, row.body_hash]));
  }

  async findByIds(tx: Tx, ids: readonly IdKey[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const found = await inside(tx).query<{ ns: string; value_norm: string; profile_id: string }>(
      `SELECT i.ns, i.value_norm, n.profile_id
       FROM unnest($1::text[], $2::text[]) AS k(ns, value_norm)
       JOIN profile_identity i ON i.ns = k.ns AND i.value_norm = k.value_norm
       JOIN node n ON n.node_id = i.node_id`,
      [ids.map((id) => id.ns), ids.map((id) => id.value)],
    );
    return new Map(found.rows.map((row) => [identityKey(row.ns, row.value_norm), row.profile_id]));
  }

  async redirect(tx: Tx, profileIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (profileIds.length === 0) return new Map();
    const found = await inside(tx).query<{ node_id: string; profile_id: string }>(
      // Every profile has the node it began with, and nodes follow merges.
      `SELECT node_id, profile_id FROM node WHERE node_id = ANY($1::text[])`,
      [profileIds],
    );
    return new Map(found.rows.map((row) => [row.node_id, row.profile_id]));
  }

  async lock(tx: Tx, profileIds: readonly string[]): Promise<readonly StoredProfile[]> {
    if (profileIds.length === 0) return [];
    const store = inside(tx);
    const profiles = await store.query<ProfileRecord>(
      `SELECT profile_id, version, group_unit, account_id, first_seen_ms, updated_at_ms,
         merge_count, is_sample, has_purchased, rfm, memberships, doc
       FROM profile WHERE profile_id = ANY($1::text[]) AND merged_into IS NULL
       ORDER BY profile_id FOR NO KEY UPDATE`,
      [profileIds],
    );
    const locked = profiles.rows.map((row) => row.profile_id);
    const identities = await store.query<IdentityRecord>(
      `SELECT n.profile_id, n.node_id, i.ns, i.value_norm, i.first_seen_ms, i.last_seen_ms,
         i.is_verified
       FROM node n LEFT JOIN profile_identity i ON i.node_id = n.node_id
       WHERE n.profile_id = ANY($1::text[])`,
      [locked],
    );
    const byProfile = new Map<string, IdentityRecord[]>(locked.map((id) => [id, []]));
    for (const row of identities.rows) byProfile.get(row.profile_id)?.push(row);
    const apart = await this.apart(tx, identities.rows);
    return profiles.rows.map((row) => {
      const known = byProfile.get(row.profile_id) ?? [];
      return storedProfile(row, {
        identities: known,
        apart: known.flatMap((one) => apart.get(one.node_id) ?? []),
      });
    });
  }

  async tombstones(tx: Tx, profileIds: readonly string[]): Promise<readonly StoredTombstone[]> {
    const found = await inside(tx).query<ProfileRecord & { merged_into: string }>(
      `SELECT profile_id, version, group_unit, account_id, first_seen_ms, updated_at_ms,
         merge_count, is_sample, has_purchased, memberships, doc, merged_into
       FROM profile WHERE profile_id = ANY($1::text[]) AND merged_into IS NOT NULL
       ORDER BY profile_id`,
      [profileIds],
    );
    return found.rows.map((row) => ({
      ...storedProfile(row, { identities: [], apart: [] }),
      mergedInto: row.merged_into,
    }));
  }

  private async apart(
    tx: Tx,
    nodes: readonly IdentityRecord[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await inside(tx).query<{ node_a: string; node_b: string }>(
      `SELECT node_a, node_b FROM cannot_link WHERE node_a = ANY($1::text[])
       UNION ALL SELECT node_b, node_a FROM cannot_link WHERE node_b = ANY($1::text[])`,
      [nodes.map((one) => one.node_id)],
    );
    const apart = new Map<string, string[]>();
    for (const { node_a: left, node_b: right } of found.rows) {
      apart.set(left, [...(apart.get(left) ?? []), right]);
    }
    return apart;
  }

  async hasErased(tx: Tx): Promise<boolean> {
    const found = await inside(tx).query('SELECT 1 FROM erased_identity LIMIT 1');
    return found.rows.length > 0;
  }

  async erasedIds(tx: Tx, hashes: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await inside(tx).query<{ id_hash: string; erased_at_ms: number }>(
      'SELECT id_hash, erased_at_ms FROM erased_identity WHERE id_hash = ANY($1::text[])',
      [hashes],
    );
    return new Map(found.rows.map((row) => [row.id_hash, row.erased_at_ms]));
  }

  async takenIds(tx: Tx, profileIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await inside(tx).query<{ profile_id: string }>(
      'SELECT profile_id FROM profile WHERE profile_id = ANY($1::text[])',
      [profileIds],
    );
    return new Set(found.rows.map((row) => row.profile_id));
  }

  async claims(
    tx: Tx,
    nodeIds: readonly string[],
  ): Promise<readonly (Claim & { readonly nodeId: string })[]> {
    const found = await inside(tx).query<ClaimRecord>(
      `SELECT node_id, trait, source, value, observed_at_ms, event_key, is_verified
       FROM claim WHERE node_id = ANY($1::text[])`,
      [nodeIds],
    );
    return found.rows.map(claimOf);
  }

  async buckets(
    tx: Tx,
    nodeIds: readonly string[],
  ): Promise<readonly (Bucket & { readonly nodeId: string })[]> {
    const found = await inside(tx).query<BucketRecord>(
      `SELECT node_id, metric, unit, day, n, sum_units, min_units, max_units, first_at_ms,
         first_key, first_units, last_at_ms, last_key, last_units
       FROM bucket_day WHERE node_id = ANY($1::text[])`,
      [nodeIds],
    );
    return found.rows.map(bucketOfRow);
  }

  async eventsOf(
    tx: Tx,
    nodeIds: readonly string[],
    names: readonly string[],
  ): Promise<readonly CountedEvent[]> {
    const found = await inside(tx).query<{
      node_id: string;
      msg_key: string;
      name: string;
      source: string;
      at_ms: number;
      body: string;
    }>(
      `SELECT node_id, msg_key, name, source, at_ms, body FROM event
       WHERE node_id = ANY($1::text[]) AND name = ANY($2::text[]) AND NOT is_bot`,
      [nodeIds, names],
    );
    return found.rows.map((row) => ({
      nodeId: row.node_id,
      eventKey: row.msg_key,
      name: row.name,
      source: row.source,
      atMs: row.at_ms,
      properties: (JSON.parse(row.body) as Pick<CountedEvent, 'properties'>).properties,
    }));
  }

  async save(tx: Tx, changes: ProfileChanges): Promise<void> {
    await saveProfiles(tx, changes);
  }

  async due(tx: Tx, nowMs: number, limit: number): Promise<readonly string[]> {
    const found = await inside(tx).query<{ profile_id: string }>(
      // Unlocked: profiles are locked first everywhere, their deadlines after. Two sweepers do the
      // same work twice at worst.
      `SELECT profile_id FROM agg_deadline WHERE due_at_ms <= $1
       ORDER BY due_at_ms, profile_id LIMIT $2`,
      [nowMs, limit],
    );
    return found.rows.map((row) => row.profile_id);
  }

  async savepoint<Value>(tx: Tx, work: () => Promise<Value>): Promise<Value> {
    this.savepoints += 1;
    const name = `s${this.savepoints}`;
    const store = inside(tx);
    await store.query(`SAVEPOINT ${name}`);
    try {
      const value = await work();
      await store.query(`RELEASE SAVEPOINT ${name}`);
      return value;
    } catch (error) {
      await store.query(`ROLLBACK TO SAVEPOINT ${name}`);
      throw error;
    }
  }
}
