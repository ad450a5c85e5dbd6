import type {
  AccountTrait,
  IdKey,
  Membership,
  ProfileListQuery,
  ProfileReadStore,
  ReadEvent,
  ReadIdentity,
  ReadMerge,
  ReadProfile,
  TimelineQuery,
  Tx,
} from '#libs/application';
import type { Json } from '#libs/kernel';
import type { ConsentStatement } from '#libs/policy';
import { identityKey, type Claim, type ProfileDocument } from '#libs/profile';
import { inside, type Database } from '../base/database.js';
import { claimOf, type ClaimRecord, type ProfileColumns } from './rows.js';

interface ReadRecord extends ProfileColumns {
  /** As text, to be parsed where it is looked at. */
  doc_text: string;
  asked_id: string;
  account_version: number | null;
  account_updated_at_ms: number;
  account_is_sample: boolean;
  account_traits: string;
}

const PROFILE_COLUMNS = `p.profile_id, p.version, p.group_unit, p.account_id, p.first_seen_ms,
  p.updated_at_ms, p.is_sample, p.has_purchased, p.memberships, p.doc::text AS doc_text,
  a.version AS account_version, a.updated_at_ms AS account_updated_at_ms,
  a.is_sample AS account_is_sample, a.traits AS account_traits`;
const EVENT_COLUMNS = `e.msg_key, e.name, e.type, e.source, e.at_ms, e.received_at_ms,
  e.is_historical, e.body`;

interface EventRecord {
  [column: string]: unknown;
  msg_key: string;
  name: string;
  type: string;
  source: string;
  at_ms: number;
  received_at_ms: number;
  is_historical: boolean;
  body: string;
}

function readProfile(row: ReadRecord): ReadProfile {
  let document: ProfileDocument | undefined;
  return {
    askedId: row.asked_id,
    profileId: row.profile_id,
    version: row.version,
    groupUnit: row.group_unit,
    accountId: row.account_id,
    firstSeenMs: row.first_seen_ms,
    updatedAtMs: row.updated_at_ms,
    isSample: row.is_sample,
    hasPurchased: row.has_purchased,
    get document() {
      return (document ??= JSON.parse(row.doc_text) as ProfileDocument);
    },
    memberships: JSON.parse(row.memberships) as Membership[],
    account:
      row.account_version === null || row.account_id === null
        ? null
        : {
            accountId: row.account_id,
            version: row.account_version,
            updatedAtMs: row.account_updated_at_ms,
            isSample: row.account_is_sample,
            traits: JSON.parse(row.account_traits) as Record<string, AccountTrait>,
          },
  };
}

function readEvent(row: EventRecord): ReadEvent {
  const body = JSON.parse(row.body) as { messageId: string; properties: Record<string, Json> };
  return {
    eventKey: row.msg_key,
    messageId: body.messageId,
    name: row.name,
    type: row.type,
    source: row.source,
    atMs: row.at_ms,
    receivedAtMs: row.received_at_ms,
    isHistorical: row.is_historical,
    properties: body.properties,
  };
}

/** Profiles in PostgreSQL, for reading. */
export class PostgresProfileReadStore implements ProfileReadStore {
  constructor(private readonly database: Database) {}

  async load(tx: Tx | null, profileIds: readonly string[]): Promise<readonly ReadProfile[]> {
    if (profileIds.length === 0) return [];
    const store = tx === null ? this.database : inside(tx);
    const found = await store.query<ReadRecord>(
      `SELECT n.node_id AS asked_id, ${PROFILE_COLUMNS}
       FROM node n JOIN profile p ON p.profile_id = n.profile_id
       LEFT JOIN account a ON a.account_id = p.account_id
       WHERE n.node_id = ANY($1::text[])`,
      [profileIds],
    );
    return found.rows.map(readProfile);
  }

  async byIds(ids: readonly IdKey[]): Promise<readonly (string | null)[]> {
    if (ids.length === 0) return [];
    const found = await this.database.query<{ ns: string; value_norm: string; profile_id: string }>(
      `SELECT i.ns, i.value_norm, n.profile_id
       FROM unnest($1::text[], $2::text[]) AS k(ns, value_norm)
       JOIN profile_identity i ON i.ns = k.ns AND i.value_norm = k.value_norm
       JOIN node n ON n.node_id = i.node_id`,
      [ids.map((id) => id.ns), ids.map((id) => id.value)],
    );
    const known = new Map<string, string>(
      found.rows.map((row) => [identityKey(row.ns, row.value_norm), row.profile_id]),
    );
    return ids.map((id) => known.get(identityKey(id.ns, id.value)) ?? null);
  }

  async list(query: ProfileListQuery): Promise<readonly ReadProfile[]> {
    const found = await this.database.query<ReadRecord>(
      `SELECT p.profile_id AS asked_id, ${PROFILE_COLUMNS}
       FROM profile p LEFT JOIN account a ON a.account_id = p.account_id
       WHERE p.merged_into IS NULL AND ($1::text IS NULL OR p.profile_id > $1)
         AND ($2::text IS NULL OR p.account_id = $2)
         AND ($3::text IS NULL OR EXISTS (SELECT 1 FROM segment_member s WHERE s.segment = $3
           AND s.profile_id = p.profile_id AND s.left_at_ms IS NULL))
       ORDER BY p.profile_id LIMIT $4`,
      [query.afterId ?? null, query.accountId ?? null, query.segment ?? null, query.limit],
    );
    return found.rows.map(readProfile);
  }

  async identities(profileId: string): Promise<readonly ReadIdentity[]> {
    const found = await this.database.query<{
      ns: string;
      value_norm: string;
      first_seen_ms: number;
      last_seen_ms: number;
      is_verified: boolean;
    }>(
      `SELECT i.ns, i.value_norm, i.first_seen_ms, i.last_seen_ms, i.is_verified
       FROM node n JOIN profile_identity i ON i.node_id = n.node_id
       WHERE n.profile_id = $1 ORDER BY i.first_seen_ms, i.ns, i.value_norm`,
      [profileId],
    );
    return found.rows.map((row) => ({
      ns: row.ns,
      value: row.value_norm,
      firstSeenMs: row.first_seen_ms,
      lastSeenMs: row.last_seen_ms,
      isVerified: row.is_verified,
    }));
  }

  async claims(profileId: string): Promise<readonly Claim[]> {
    const found = await this.database.query<ClaimRecord>(
      `SELECT c.* FROM node n JOIN claim c ON c.node_id = n.node_id
       WHERE n.profile_id = $1 ORDER BY c.trait, c.observed_at_ms DESC`,
      [profileId],
    );
    return found.rows.map(claimOf);
  }

  async consents(profileId: string): Promise<readonly (ConsentStatement & { eventKey: string })[]> {
    const found = await this.database.query<{
      event_key: string;
      channel: ConsentStatement['channel'];
      purpose: string;
      status: ConsentStatement['status'];
      basis: string | null;
      source: string;
      proof: string | null;
      at_ms: number;
      is_bulk: boolean;
    }>(
      `SELECT c.* FROM node n JOIN consent_event c ON c.node_id = n.node_id
       WHERE n.profile_id = $1 ORDER BY c.at_ms, c.event_key`,
      [profileId],
    );
    return found.rows.map((row) => ({
      eventKey: row.event_key,
      channel: row.channel,
      purpose: row.purpose,
      status: row.status,
      basis: row.basis,
      source: row.source,
      proof: row.proof,
      atMs: row.at_ms,
      bulk: row.is_bulk,
    }));
  }

  async merges(profileId: string): Promise<readonly ReadMerge[]> {
    const found = await this.database.query<{
      merge_id: number;
      target: string;
      source: string;
      ns: string;
      at_ms: number;
      undone_at_ms: number | null;
    }>(
      `SELECT merge_id, target, source, ns, at_ms, undone_at_ms FROM merge_log
       WHERE target IN (SELECT node_id FROM node WHERE profile_id = $1)
          OR source IN (SELECT node_id FROM node WHERE profile_id = $1) ORDER BY merge_id`,
      [profileId],
    );
    return found.rows.map((row) => ({
      mergeId: row.merge_id,
      target: row.target,
      source: row.source,
      ns: row.ns,
      atMs: row.at_ms,
      undoneAtMs: row.undone_at_ms,
    }));
  }

  async timeline(query: TimelineQuery): Promise<readonly ReadEvent[]> {
    const found = await this.database.query<EventRecord>(
      `SELECT ${EVENT_COLUMNS} FROM event e
       WHERE e.node_id = ANY(ARRAY(SELECT node_id FROM node WHERE profile_id = $1))
         AND ($2::bigint IS NULL OR (e.at_ms, e.msg_key) < ($2, $3::uuid))
         AND ($4::text[] IS NULL OR e.name = ANY($4))
       ORDER BY e.at_ms DESC, e.msg_key DESC LIMIT $5`,
      [
        query.profileId,
        query.before?.atMs ?? null,
        query.before?.eventKey ?? null,
        query.names ?? null,
        query.limit,
      ],
    );
    return found.rows.map(readEvent);
  }

  async accountByIds(ids: readonly IdKey[]): Promise<readonly (string | null)[]> {
    if (ids.length === 0) return [];
    const found = await this.database.query<{ ns: string; value_norm: string; account_id: string }>(
      `SELECT i.ns, i.value_norm, i.account_id
       FROM unnest($1::text[], $2::text[]) AS k(ns, value_norm)
       JOIN account_identity i ON i.ns = k.ns AND i.value_norm = k.value_norm`,
      [ids.map((id) => id.ns), ids.map((id) => id.value)],
    );
    const known = new Map<string, string>(
      found.rows.map((row) => [identityKey(row.ns, row.value_norm), row.account_id]),
    );
    return ids.map((id) => known.get(identityKey(id.ns, id.value)) ?? null);
  }
}
