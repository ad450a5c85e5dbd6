import {
  countryOf,
  type ContactAddress,
  type ContactReservation,
  type ContactState,
  type ContactStore,
  type Tx,
} from '#libs/application';
import type { EpochMs, ProfileId } from '#libs/kernel';
import type { CapReservation, Suppression, SuppressionReason } from '#libs/policy';
import type { ProfileDocument } from '#libs/profile';
import { inside } from '../base/database.js';

/** Keyed hash of an address, as suppressions keep it. */
export type HashAddress = (channel: string, address: string) => string;

interface ProfileRecord {
  [column: string]: unknown;
  profile_id: string;
  account_id: string | null;
  has_purchased: boolean;
  doc: ProfileDocument;
}

interface SuppressionRecord {
  [column: string]: unknown;
  scope: string;
  channel: string;
  profile_id: string | null;
  address_hash: string | null;
  action: string | null;
  purpose: string | null;
  reason: string;
  from_ms: number;
  until_ms: number | null;
}

/** What the gate reads and reserves, in PostgreSQL. */
export class PostgresContactStore implements ContactStore {
  constructor(private readonly hashAddress: HashAddress) {}

  async lockCapsWithin(
    tx: Tx,
    profileIds: readonly ProfileId[],
    withinMs: number,
  ): Promise<ReadonlySet<ProfileId>> {
    if (profileIds.length === 0) return new Set();
    if (await tryLock(tx, profileIds, withinMs)) return new Set(profileIds);
    if (profileIds.length === 1) return new Set();
    // The time is over: whoever is free at once, by halves, as a new row cannot be skipped.
    const middle = profileIds.length >> 1;
    const first = await this.lockCapsWithin(tx, profileIds.slice(0, middle), 1);
    const second = await this.lockCapsWithin(tx, profileIds.slice(middle), 1);
    return new Set([...first, ...second]);
  }

  async load(
    tx: Tx,
    profileIds: readonly ProfileId[],
    sinceDay: number,
  ): Promise<ReadonlyMap<ProfileId, ContactState>> {
    if (profileIds.length === 0) return new Map();
    const store = inside(tx);
    const [profiles, points, reservations, left] = await Promise.all([
      store.query<ProfileRecord>(
        'SELECT profile_id, account_id, has_purchased, doc FROM profile WHERE profile_id = ANY($1)',
        [profileIds],
      ),
      store.query<{ profile_id: string; channel: string; address: string }>(
        'SELECT profile_id, channel, address FROM contact_point WHERE profile_id = ANY($1)',
        [profileIds],
      ),
      this.reservationsOf(tx, profileIds, sinceDay),
      store.query<{ profile_id: string; segment: string; left_at_ms: number }>(
        `SELECT profile_id, segment, left_at_ms FROM segment_member
         WHERE profile_id = ANY($1) AND left_at_ms IS NOT NULL`,
        [profileIds],
      ),
    ]);
    const hashes = new Map<string, string>();
    for (const point of points.rows) {
      hashes.set(this.hashAddress(point.channel, point.address), point.profile_id);
    }
    const suppressions = await this.suppressionsOf(tx, profileIds, hashes);
    const states = new Map<ProfileId, ContactState>();
    for (const row of profiles.rows) {
      const id = row.profile_id as ProfileId;
      const addresses: Record<string, ContactAddress> = {};
      for (const point of points.rows) {
        if (point.profile_id !== row.profile_id) continue;
        addresses[point.channel] ??= { value: point.address, isValid: true };
      }
      const leftSegmentsAtMs: Record<string, EpochMs> = {};
      for (const one of left.rows) {
        if (one.profile_id === row.profile_id) leftSegmentsAtMs[one.segment] = one.left_at_ms;
      }
      states.set(id, {
        profileId: id,
        addresses,
        consents: row.doc.statements,
        suppressions: suppressions.get(row.profile_id) ?? [],
        hasPurchased: row.has_purchased,
        isProfessional: row.account_id !== null,
        country: countryOf(row.doc),
        reservations: reservations.get(row.profile_id) ?? [],
        leftSegmentsAtMs,
      });
    }
    return states;
  }

  private async suppressionsOf(
    tx: Tx,
    profileIds: readonly ProfileId[],
    hashes: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, readonly Suppression[]>> {
    const rows = await inside(tx).query<SuppressionRecord>(
      `SELECT scope, channel, profile_id, address_hash, action, purpose, reason, from_ms, until_ms
       FROM suppression WHERE is_active AND (profile_id = ANY($1) OR address_hash = ANY($2))`,
      [profileIds, [...hashes.keys()]],
    );
    const found = new Map<string, Suppression[]>();
    for (const row of rows.rows) {
      const owner = row.profile_id ?? hashes.get(row.address_hash ?? '');
      if (owner === undefined) continue;
      found.set(owner, [...(found.get(owner) ?? []), suppressionOf(row)]);
    }
    return found;
  }

  private async reservationsOf(
    tx: Tx,
    profileIds: readonly ProfileId[],
    sinceDay: number,
  ): Promise<ReadonlyMap<string, readonly ContactReservation[]>> {
    const rows = await inside(tx).query<{
      command_id: string;
      profile_id: string;
      channel: string;
      purpose: string;
      action: string;
      day: number;
      state: string;
      expires_at_ms: number | null;
    }>(
      `SELECT command_id, profile_id, channel, purpose, action, day, state, expires_at_ms
       FROM cap_reservation WHERE profile_id = ANY($1) AND day >= $2 AND state <> 'released'`,
      [profileIds, sinceDay],
    );
    const found = new Map<string, ContactReservation[]>();
    for (const row of rows.rows) {
      const list = found.get(row.profile_id) ?? [];
      list.push({
        commandId: row.command_id,
        channel: row.channel,
        purpose: row.purpose,
        action: row.action,
        day: row.day,
        state: row.state as CapReservation['state'],
        expiresAtMs: row.expires_at_ms ?? Number.MAX_SAFE_INTEGER,
      });
      found.set(row.profile_id, list);
    }
    return found;
  }

  async reserve(
    tx: Tx,
    rows: readonly (ContactReservation & { readonly profileId: ProfileId })[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO cap_reservation
         (command_id, profile_id, channel, purpose, action, day, state, expires_at_ms)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[],
         $7::text[], $8::bigint[])
       ON CONFLICT (command_id) DO UPDATE SET channel = excluded.channel, day = excluded.day,
         state = excluded.state, expires_at_ms = excluded.expires_at_ms`,
      [
        rows.map((row) => row.commandId),
        rows.map((row) => row.profileId),
        rows.map((row) => row.channel),
        rows.map((row) => row.purpose),
        rows.map((row) => row.action),
        rows.map((row) => row.day),
        rows.map((row) => row.state),
        rows.map((row) => row.expiresAtMs),
      ],
    );
  }

  async move(
    tx: Tx,
    rows: readonly {
      readonly commandId: string;
      readonly state: CapReservation['state'];
      readonly day: number;
    }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    // A place given back keeps its day, so that what was released can be told.
    await inside(tx).query(
      `UPDATE cap_reservation r SET state = m.state,
         day = CASE WHEN m.state = 'released' THEN r.day ELSE m.day END,
         expires_at_ms = CASE WHEN m.state = 'reserved' THEN NULL ELSE r.expires_at_ms END
       FROM unnest($1::text[], $2::text[], $3::int[]) m(command_id, state, day)
       WHERE r.command_id = m.command_id`,
      [rows.map((row) => row.commandId), rows.map((row) => row.state), rows.map((row) => row.day)],
    );
  }

  async actionUsage(
    tx: Tx,
    actions: readonly string[],
    sinceDay: number,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
    const rows = await inside(tx).query<{ action: string; day: number; n: number }>(
      `SELECT action, day, count(*) AS n FROM cap_reservation
       WHERE action = ANY($1) AND day >= $2 AND state <> 'released' GROUP BY action, day`,
      [actions, sinceDay],
    );
    const usage = new Map<string, Map<number, number>>(actions.map((id) => [id, new Map()]));
    for (const row of rows.rows) usage.get(row.action)?.set(row.day, row.n);
    return usage;
  }
}

/** Locks all of them, or none where one is not had within a time in milliseconds. */
async function tryLock(
  tx: Tx,
  profileIds: readonly ProfileId[],
  withinMs: number,
): Promise<boolean> {
  const store = inside(tx);
  const bound = `SELECT set_config('lock_timeout', $1, true)`;
  // Sent together: where a lock is not had, what follows fails with it, back to the savepoint.
  const done = await Promise.allSettled([
    store.query('SAVEPOINT caps'),
    store.query(bound, [String(Math.max(1, Math.round(withinMs)))]),
    store.query('INSERT INTO profile_cap SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
      profileIds,
    ]),
    store.query(
      'SELECT 1 FROM profile_cap WHERE profile_id = ANY($1) ORDER BY profile_id FOR UPDATE',
      [profileIds],
    ),
    store.query(bound, ['0']),
    store.query('RELEASE SAVEPOINT caps'),
  ]);
  const failed = done.find((each) => each.status === 'rejected');
  if (failed === undefined) return true;
  if (!isLockTimeout(failed.reason)) throw failed.reason;
  await store.query('ROLLBACK TO SAVEPOINT caps');
  await store.query('RELEASE SAVEPOINT caps');
  return false;
}

/** `lock_not_available`: somebody else kept the lock for longer than we wait. */
function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown }).code === '55P03';
}

function suppressionOf(row: SuppressionRecord): Suppression {
  const kind = row.scope === 'action' || row.scope === 'profile' ? row.scope : 'address';
  return {
    kind,
    key: row.action ?? row.profile_id ?? row.address_hash ?? '',
    reason: row.reason as SuppressionReason,
    channel: row.channel === 'any' || row.channel === '' ? null : row.channel,
    purpose: row.purpose,
    sinceMs: row.from_ms,
    untilMs: row.until_ms,
  };
}
