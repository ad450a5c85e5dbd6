import type {
  ContactPreferences,
  MessageChannel,
  PreferenceChange,
  Regrant,
  Tx,
} from '#libs/application';
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

/** A yes that takes an earlier no back; one without a purpose that which was for every purpose. */
type Yes = Omit<Regrant, 'purpose'> & { readonly purpose: string | null };

interface LiftedRow extends SuppressionRow {
  until_ms: number;
  is_sample: boolean;
}

/**
 * Lifts unsubscriptions, and nothing else, that were set before the yes: what was refused at the
 * same instant or later holds, in whatever order both are read. Idempotent.
 */
export async function liftRefusals(
  tx: Tx,
  regrants: readonly Yes[],
): Promise<readonly SuppressionFact[]> {
  const rows = regrants.flatMap(({ keys, ...rest }) => keys.map((key) => ({ ...rest, key })));
  if (rows.length === 0) return [];
  const lifted = await inside(tx).query<LiftedRow>(
    `UPDATE suppression s SET is_active = false, version = s.version + 1, until_ms = m.at_ms
     FROM (
       SELECT f.id, max(r.at_ms) AS at_ms, bool_or(r.sample) AS sample
       FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[])
         AS r(key, channel, purpose, at_ms, sample)
       CROSS JOIN LATERAL (
         SELECT id, channel, purpose, reason, is_active FROM suppression WHERE profile_id = r.key
         UNION ALL
         SELECT id, channel, purpose, reason, is_active FROM suppression WHERE address_hash = r.key
       ) f
       WHERE f.reason = '${REASON}' AND f.is_active AND f.channel = r.channel
         AND (f.purpose IS NULL OR f.purpose = r.purpose) GROUP BY f.id
     ) m
     WHERE s.id = m.id AND s.is_active AND s.from_ms < m.at_ms
     RETURNING ${RETURNING.split(', ')
       .map((column) => `s.${column}`)
       .join(', ')}, s.until_ms, m.sample AS is_sample`,
    [
      rows.map(({ key }) => key),
      rows.map(({ channel }) => channel),
      rows.map(({ purpose }) => purpose),
      rows.map(({ grantedAtMs }) => grantedAtMs),
      rows.map(({ isSample }) => isSample),
    ],
  );
  return lifted.rows.map((row) => {
    const fact = factOf(row, row.until_ms, row.is_sample);
    return { ...fact, body: { ...fact.body, untilMs: row.until_ms } };
  });
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
       -- Said again it holds from then on: what was agreed to in between lifts it no more.
       WHERE NOT suppression.is_active OR suppression.from_ms < excluded.from_ms
       RETURNING ${RETURNING}`,
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
    const { channel, purpose, profileId, atMs, isSample } = change;
    const hashes = change.addresses.map((address) => this.hashAddress(channel, address));
    const keys = profileId === null ? hashes : [...hashes, profileId];
    return await liftRefusals(tx, [{ channel, purpose, keys, grantedAtMs: atMs, isSample }]);
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
