import type { Membership, StoredProfile } from '#libs/application';
import type { Bucket, Claim, KnownIdentity, ProfileDocument } from '#libs/profile';
import type { Json } from '#libs/kernel';

/** A row of `profile` with its nodes and ids, as `lock` reads it. */
export interface ProfileColumns {
  [column: string]: unknown;
  profile_id: string;
  version: number;
  group_unit: string;
  account_id: string | null;
  first_seen_ms: number;
  updated_at_ms: number;
  merge_count: number;
  is_sample: boolean;
  has_purchased: boolean;
  rfm: string;
  memberships: string;
}

/** The same with its document. */
export interface ProfileRecord extends ProfileColumns {
  doc: ProfileDocument;
}

/** A row of `profile_identity` with the profile it is under now. */
export interface IdentityRecord {
  [column: string]: unknown;
  profile_id: string;
  node_id: string;
  ns: string | null;
  value_norm: string;
  first_seen_ms: number;
  last_seen_ms: number;
  is_verified: boolean;
}

/** A profile as the application knows it. */
export function storedProfile(
  row: ProfileRecord,
  known: { readonly identities: readonly IdentityRecord[]; readonly apart: readonly string[] },
): StoredProfile {
  const nodeIds = [...new Set(known.identities.map((one) => one.node_id))];
  return {
    profileId: row.profile_id,
    version: row.version,
    groupUnit: row.group_unit,
    accountId: row.account_id,
    firstSeenMs: row.first_seen_ms,
    updatedAtMs: row.updated_at_ms,
    mergeCount: row.merge_count,
    isSample: row.is_sample,
    hasPurchased: row.has_purchased,
    rfm: row.rfm,
    document: row.doc,
    memberships: row.memberships === '[]' ? [] : (JSON.parse(row.memberships) as Membership[]),
    nodeIds,
    identities: known.identities.flatMap((one) =>
      one.ns === null ? [] : [identityOf(one, one.ns)],
    ),
    apartFrom: known.apart,
  };
}

function identityOf(row: IdentityRecord, ns: string): KnownIdentity {
  return {
    ns,
    value: row.value_norm,
    nodeId: row.node_id,
    firstSeenMs: row.first_seen_ms,
    lastSeenMs: row.last_seen_ms,
    isVerified: row.is_verified,
  };
}

/** A row of `claim`. */
export interface ClaimRecord {
  [column: string]: unknown;
  node_id: string;
  trait: string;
  source: string;
  value: string;
  observed_at_ms: number;
  event_key: string;
  is_verified: boolean;
}

/** A claim as the application knows it. */
export function claimOf(row: ClaimRecord): Claim & { readonly nodeId: string } {
  return {
    nodeId: row.node_id,
    trait: row.trait,
    source: row.source,
    value: JSON.parse(row.value) as Json,
    atMs: row.observed_at_ms,
    eventKey: row.event_key,
    isVerified: row.is_verified,
  };
}

/** A row of `bucket_day`; sums come as text, being wider than a double holds exactly. */
export interface BucketRecord {
  [column: string]: unknown;
  node_id: string;
  metric: string;
  unit: string;
  day: number;
  n: number;
  sum_units: string;
  min_units: number | null;
  max_units: number | null;
  first_at_ms: number;
  first_key: string;
  first_units: number | null;
  last_at_ms: number;
  last_key: string;
  last_units: number | null;
}

function units(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

/** A bucket as the application knows it. */
export function bucketOfRow(row: BucketRecord): Bucket & { readonly nodeId: string } {
  return {
    nodeId: row.node_id,
    metric: row.metric,
    unit: row.unit,
    day: row.day,
    count: row.n,
    sumUnits: BigInt(row.sum_units),
    minUnits: units(row.min_units),
    maxUnits: units(row.max_units),
    firstAtMs: row.first_at_ms,
    firstKey: row.first_key,
    firstUnits: units(row.first_units),
    lastAtMs: row.last_at_ms,
    lastKey: row.last_key,
    lastUnits: units(row.last_units),
  };
}
