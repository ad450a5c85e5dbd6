import type { ContactPreferences, MessageChannel, PreferenceChange, Tx } from '#libs/application';
import type { SuppressionFact } from '#libs/contracts';
import { hashId, type EpochMs, type ProfileId } from '#libs/kernel';
import { inside } from '../base/database.js';
import type { HashAddress } from '../people/contact-store.js';

interface SuppressionRow {
  [column: string]: unknown;
  id: string;
  version: number;
  scope: 'profile' | 'address';
  profile_id: string | null;
  address_hash: string | null;
  channel: string;
  from_ms: number;
  is_active: boolean;
}

const REASON = 'unsubscribed';
const RETURNING = 'id, version, scope, profile_id, address_hash, channel, from_ms, is_active';

function factOf(row: SuppressionRow, atMs: EpochMs, isSample: boolean): SuppressionFact {
  return {
    id: row.id,
    kind: 'suppression',
    version: row.version,
    atMs,
    profileId: row.profile_id,
    body: {
      channel: row.channel,
      scope: row.scope,
      addressHash: row.address_hash ?? '',
      reason: REASON,
      active: row.is_active,
      fromMs: row.from_ms,
      untilMs: null,
      sample: isSample,
    },
  };
}

/** What takes effect at once when a person says no: suppressions of addresses, in PostgreSQL. */
export class PostgresContactPreferences implements ContactPreferences {
  constructor(private readonly hashAddress: HashAddress) {}

  async refuse(tx: Tx, change: PreferenceChange): Promise<readonly SuppressionFact[]> {
    const { channel, purpose, profileId, atMs } = change;
    const hashes = change.addresses.map((address) => this.hashAddress(channel, address));
    // Without an address the person is withheld: they said no, whatever we can reach them by.
    const keys = hashes.length > 0 || profileId === null ? hashes : [profileId];
    const scope = keys === hashes ? 'address' : 'profile';
    if (keys.length === 0) return [];
    const set = await inside(tx).query<SuppressionRow>(
      `INSERT INTO suppression
         (id, scope, channel, profile_id, address_hash, purpose, reason, is_active, from_ms)
       SELECT id, $3, $4, CASE WHEN $3 = 'profile' THEN key END,
         CASE WHEN $3 = 'address' THEN key END, $5, '${REASON}', true, $6
       FROM unnest($1::text[], $2::text[]) AS k(id, key)
       ON CONFLICT (id) DO UPDATE SET is_active = true, version = suppression.version + 1,
         from_ms = excluded.from_ms, until_ms = NULL
       WHERE NOT suppression.is_active RETURNING ${RETURNING}`,
      [
        keys.map((key) => hashId('unsubscribed', scope, channel, purpose ?? '', key)),
        keys,
        scope,
        channel,
        purpose,
        atMs,
      ],
    );
    return set.rows.map((row) => factOf(row, atMs, change.isSample));
  }

  async restore(tx: Tx, change: PreferenceChange): Promise<readonly SuppressionFact[]> {
    const { channel, purpose, atMs } = change;
    const lifted = await inside(tx).query<SuppressionRow>(
      `UPDATE suppression SET is_active = false, version = version + 1, until_ms = $4
       WHERE reason = '${REASON}' AND is_active AND channel = $1
         AND (address_hash = ANY($2) OR profile_id = $5)
         AND purpose IS NOT DISTINCT FROM $3 RETURNING ${RETURNING}`,
      [
        channel,
        change.addresses.map((one) => this.hashAddress(channel, one)),
        purpose,
        atMs,
        change.profileId,
      ],
    );
    return lifted.rows.map((row) => {
      const fact = factOf(row, atMs, change.isSample);
      return { ...fact, body: { ...fact.body, untilMs: atMs } };
    });
  }

  async addressesOf(
    tx: Tx,
    profileId: ProfileId,
    channel: MessageChannel,
  ): Promise<readonly string[]> {
    // By the node, which never changes: the profile may have become part of another since.
    const found = await inside(tx).query<{ address: string }>(
      `SELECT c.address FROM contact_point c
       WHERE c.channel = $2 AND c.profile_id =
         coalesce((SELECT profile_id FROM node WHERE node_id = $1), $1)`,
      [profileId, channel],
    );
    return found.rows.map((row) => row.address);
  }

  async peopleAt(tx: Tx, channel: MessageChannel, address: string): Promise<readonly ProfileId[]> {
    const found = await inside(tx).query<{ profile_id: string }>(
      `SELECT profile_id FROM contact_point WHERE channel = $1 AND address = $2
       ORDER BY profile_id LIMIT 50`,
      [channel, address],
    );
    return found.rows.map((row) => row.profile_id as ProfileId);
  }

  async grantedPurposes(
    tx: Tx,
    profileIds: readonly ProfileId[],
    channel: MessageChannel,
  ): Promise<readonly string[]> {
    const found = await inside(tx).query<{ purpose: string }>(
      `SELECT DISTINCT c.purpose FROM consent_event c JOIN node n ON n.node_id = c.node_id
       WHERE n.profile_id = ANY($1) AND c.channel = $2 AND c.status = 'granted'
       ORDER BY c.purpose`,
      [profileIds, channel],
    );
    return found.rows.map((row) => row.purpose);
  }
}
