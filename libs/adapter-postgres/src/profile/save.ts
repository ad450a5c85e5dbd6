import {
  StaleReadError,
  type ContactPoints,
  type EventRow,
  type ProfileChanges,
  type ProfileRow,
  type Tx,
} from '#libs/application';
import { inside } from '../base/database.js';
import { joined } from '../base/joined.js';
import { replaceDates } from './dates.js';

/** Writes one batch: a handful of statements whatever its size. */
export async function saveProfiles(tx: Tx, changes: ProfileChanges): Promise<void> {
  await insertProfiles(tx, changes);
  await updateProfiles(tx, changes.updated);
  await attach(tx, changes);
  await merge(tx, changes);
  await insertEvents(tx, changes.events);
  await upsertClaims(tx, changes.claims);
  await upsertBuckets(tx, changes.buckets);
  await insertConsents(tx, changes.consents);
  await upsertMemberships(tx, changes.memberships);
  await moveSegments(tx, changes);
  await replaceContactPoints(tx, changes.contactPoints);
  await replaceDates(tx, changes.dates);
  await schedule(tx, changes);
}

async function insertProfiles(tx: Tx, { created }: ProfileChanges): Promise<void> {
  if (created.length === 0) return;
  const inserted = await inside(tx).query(
    `INSERT INTO profile (profile_id, version, group_unit, account_id, first_seen_ms,
       updated_at_ms, is_sample, has_purchased, memberships, doc, merge_count, rfm)
     SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[],
       $6::bigint[], $7::bool[], $8::bool[], string_to_array($9, E'\\x1f'),
       string_to_array($10, E'\\x1f')::jsonb[], $11::int[], $12::text[])
     ON CONFLICT DO NOTHING`,
    profileColumns(created),
  );
  if (inserted.rowCount !== created.length)
    throw new StaleReadError('a profile was made meanwhile');
}

function profileColumns(rows: readonly ProfileRow[]): unknown[] {
  return [
    rows.map((row) => row.profileId),
    rows.map((row) => row.version),
    rows.map((row) => row.groupUnit),
    rows.map((row) => row.accountId),
    rows.map((row) => row.firstSeenMs),
    rows.map((row) => row.updatedAtMs),
    rows.map((row) => row.isSample),
    rows.map((row) => row.hasPurchased),
    joined(rows.map((row) => JSON.stringify(row.memberships))),
    joined(rows.map((row) => JSON.stringify(row.document))),
    rows.map((row) => row.mergeCount),
    rows.map((row) => row.rfm),
  ];
}

async function updateProfiles(tx: Tx, rows: readonly ProfileRow[]): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `UPDATE profile p SET version = r.version, group_unit = r.group_unit,
       account_id = r.account_id, first_seen_ms = r.first_seen_ms,
       updated_at_ms = r.updated_at_ms, is_sample = r.is_sample,
       has_purchased = r.has_purchased, memberships = r.memberships, doc = r.doc,
       merge_count = r.merge_count, rfm = r.rfm
     FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[],
       $7::bool[], $8::bool[], string_to_array($9, E'\\x1f'),
       string_to_array($10, E'\\x1f')::jsonb[], $11::int[], $12::text[])
       AS r(profile_id, version, group_unit, account_id, first_seen_ms, updated_at_ms, is_sample,
         has_purchased, memberships, doc, merge_count, rfm)
     WHERE p.profile_id = r.profile_id`,
    profileColumns(rows),
  );
}

async function attach(tx: Tx, { created, attached, seen }: ProfileChanges): Promise<void> {
  const store = inside(tx);
  if (created.length > 0) {
    await store.query(
      `INSERT INTO node (node_id, profile_id, created_at_ms)
       SELECT id, id, at FROM unnest($1::text[], $2::bigint[]) AS t(id, at)`,
      [created.map((one) => one.profileId), created.map((one) => one.firstSeenMs)],
    );
  }
  if (attached.length > 0) {
    const inserted = await store.query(
      `INSERT INTO profile_identity (ns, value_norm, node_id, first_seen_ms, last_seen_ms,
         is_verified)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[],
         $6::bool[]) AS t(ns, value_norm, node_id, a, b, c) ORDER BY ns, value_norm
       ON CONFLICT DO NOTHING`,
      [
        attached.map((one) => one.ns),
        attached.map((one) => one.value),
        attached.map((one) => one.nodeId),
        attached.map((one) => one.firstSeenMs),
        attached.map((one) => one.lastSeenMs),
        attached.map((one) => one.isVerified),
      ],
    );
    if (inserted.rowCount !== attached.length)
      throw new StaleReadError('an id was taken meanwhile');
  }
  if (seen.length > 0) {
    await store.query(
      `UPDATE profile_identity i SET first_seen_ms = s.a, last_seen_ms = s.b, is_verified = s.c
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bool[])
         AS s(ns, value_norm, a, b, c)
       WHERE i.ns = s.ns AND i.value_norm = s.value_norm`,
      [
        seen.map((one) => one.ns),
        seen.map((one) => one.value),
        seen.map((one) => one.firstSeenMs),
        seen.map((one) => one.lastSeenMs),
        seen.map((one) => one.isVerified),
      ],
    );
  }
}

async function merge(tx: Tx, { merges, tombstones, refusedMerges }: ProfileChanges): Promise<void> {
  const store = inside(tx);
  if (tombstones.length > 0) {
    const from = tombstones.map((one) => one.profileId);
    const into = tombstones.map((one) => one.mergedInto);
    await store.query(
      `UPDATE profile p SET merged_into = t.into_id, version = t.version, updated_at_ms = t.at,
         account_id = NULL, rfm = ''
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
         AS t(from_id, into_id, version, at)
       WHERE p.profile_id = t.from_id`,
      [from, into, tombstones.map((one) => one.version), tombstones.map((one) => one.updatedAtMs)],
    );
    await store.query(
      `UPDATE node n SET profile_id = t.into_id
       FROM unnest($1::text[], $2::text[]) AS t(from_id, into_id) WHERE n.profile_id = t.from_id`,
      [from, into],
    );
    await store.query('DELETE FROM agg_deadline WHERE profile_id = ANY($1::text[])', [from]);
    await store.query('DELETE FROM segment_member WHERE profile_id = ANY($1::text[])', [from]);
  }
  for (const one of merges) {
    await store.query(
      `INSERT INTO merge_log (target, source, node_ids, ns, at_ms) VALUES ($1, $2, $3, $4, $5)`,
      [one.into, one.from, one.nodeIds, one.by, one.atMs],
    );
  }
  const refused = [
    ...new Map(
      refusedMerges.map((one) => [`${one.profileId} ${one.otherId} ${one.ns} ${one.reason}`, one]),
    ).values(),
  ];
  if (refused.length === 0) return;
  await store.query(
    `INSERT INTO merge_refused (profile_id, other_id, ns, reason, first_at_ms, last_at_ms)
     SELECT a, b, c, d, e, e FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
       $5::bigint[]) AS t(a, b, c, d, e) ORDER BY 1, 2, 3, 4
     ON CONFLICT (profile_id, other_id, ns, reason)
     DO UPDATE SET n = merge_refused.n + 1, last_at_ms = excluded.last_at_ms`,
    [
      refused.map((one) => one.profileId),
      refused.map((one) => one.otherId),
      refused.map((one) => one.ns),
      refused.map((one) => one.reason),
      refused.map((one) => one.atMs),
    ],
  );
}

/** What of an event is kept as its body: all that has no column of its own. */
function bodyOf({ event }: EventRow): string {
  const { properties, traits, ids, account, context, originalName, messageId } = event;
  return JSON.stringify({ messageId, ids, properties, traits, account, context, originalName });
}

async function insertEvents(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  if (rows.length === 0) return;
  const inserted = await inside(tx).query(
    `INSERT INTO event (event_day, msg_key, node_id, at_ms, received_at_ms, body_hash,
       is_historical, is_bot, is_sample, source, type, name, body)
     SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[],
       $6::text[], $7::bool[], $8::bool[], $9::bool[], $10::text[], $11::text[], $12::text[],
       string_to_array($13, E'\\x1f'))
     ON CONFLICT DO NOTHING`,
    [
      rows.map((row) => row.event.eventDay),
      rows.map((row) => row.eventKey),
      rows.map((row) => row.nodeId),
      rows.map((row) => row.event.atMs),
      rows.map((row) => row.event.receivedAtMs),
      rows.map((row) => row.bodyHash),
      rows.map((row) => row.isHistorical),
      rows.map((row) => row.event.isBot === true),
      rows.map((row) => row.event.sample === true),
      rows.map((row) => row.event.source),
      rows.map((row) => row.event.type),
      rows.map((row) => row.event.name),
      joined(rows.map(bodyOf)),
    ],
  );
  if (inserted.rowCount !== rows.length) throw new StaleReadError('an event came meanwhile');
}

async function upsertClaims(tx: Tx, rows: ProfileChanges['claims']): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `INSERT INTO claim (node_id, trait, source, value, observed_at_ms, event_key, is_verified)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], string_to_array($4, E'\\x1f'),
       $5::bigint[], $6::uuid[], $7::bool[])
     ON CONFLICT (node_id, trait, source, is_verified) DO UPDATE SET value = excluded.value,
       observed_at_ms = excluded.observed_at_ms, event_key = excluded.event_key`,
    [
      rows.map((row) => row.nodeId),
      rows.map((row) => row.trait),
      rows.map((row) => row.source),
      joined(rows.map((row) => JSON.stringify(row.value))),
      rows.map((row) => row.atMs),
      rows.map((row) => row.eventKey),
      rows.map((row) => row.isVerified),
    ],
  );
}

function text(units: bigint | null): string | null {
  return units === null ? null : units.toString();
}

async function upsertBuckets(tx: Tx, rows: ProfileChanges['buckets']): Promise<void> {
  if (rows.length === 0) return;
  // Read under the profile's lock and added up in memory: the new value replaces the old one.
  await inside(tx).query(
    `INSERT INTO bucket_day (node_id, metric, unit, day, n, sum_units, min_units, max_units,
       first_at_ms, first_key, first_units, last_at_ms, last_key, last_units)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[],
       $6::numeric[], $7::bigint[], $8::bigint[], $9::bigint[], $10::uuid[], $11::bigint[],
       $12::bigint[], $13::uuid[], $14::bigint[])
     ON CONFLICT (node_id, metric, unit, day) DO UPDATE SET n = excluded.n,
       sum_units = excluded.sum_units, min_units = excluded.min_units,
       max_units = excluded.max_units, first_at_ms = excluded.first_at_ms,
       first_key = excluded.first_key, first_units = excluded.first_units,
       last_at_ms = excluded.last_at_ms, last_key = excluded.last_key,
       last_units = excluded.last_units`,
    [
      rows.map((row) => row.nodeId),
      rows.map((row) => row.metric),
      rows.map((row) => row.unit),
      rows.map((row) => row.day),
      rows.map((row) => row.count),
      rows.map((row) => text(row.sumUnits)),
      rows.map((row) => text(row.minUnits)),
      rows.map((row) => text(row.maxUnits)),
      rows.map((row) => row.firstAtMs),
      rows.map((row) => row.firstKey),
      rows.map((row) => text(row.firstUnits)),
      rows.map((row) => row.lastAtMs),
      rows.map((row) => row.lastKey),
      rows.map((row) => text(row.lastUnits)),
    ],
  );
}

async function insertConsents(tx: Tx, rows: ProfileChanges['consents']): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `INSERT INTO consent_event (event_key, channel, purpose, node_id, status, basis, source,
       proof, at_ms, is_bulk)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::text[], $8::text[], $9::bigint[], $10::bool[]) ON CONFLICT DO NOTHING`,
    [
      rows.map((row) => row.eventKey),
      rows.map((row) => row.channel),
      rows.map((row) => row.purpose),
      rows.map((row) => row.nodeId),
      rows.map((row) => row.status),
      rows.map((row) => row.basis),
      rows.map((row) => row.source),
      rows.map((row) => row.proof),
      rows.map((row) => row.atMs),
      rows.map((row) => row.bulk === true),
    ],
  );
}

async function upsertMemberships(tx: Tx, rows: ProfileChanges['memberships']): Promise<void> {
  if (rows.length === 0) return;
  const latest = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const key = `${row.nodeId} ${row.accountId}`;
    const known = latest.get(key);
    const isNewer =
      known === undefined ||
      row.atMs > known.atMs ||
      (row.atMs === known.atMs && row.eventKey > known.eventKey);
    if (isNewer) latest.set(key, row);
  }
  const some = [...latest.values()];
  await inside(tx).query(
    `INSERT INTO account_member (node_id, account_id, is_member, role, from_ms, to_ms, event_key,
       at_ms)
     SELECT a, b, c, d, e, CASE WHEN c THEN NULL ELSE e END, f, e
     FROM unnest($1::text[], $2::text[], $3::bool[], $4::text[], $5::bigint[], $6::uuid[])
       AS t(a, b, c, d, e, f) ORDER BY a, b
     ON CONFLICT (node_id, account_id) DO UPDATE SET is_member = excluded.is_member,
       role = excluded.role, event_key = excluded.event_key, to_ms = excluded.to_ms,
       at_ms = excluded.at_ms,
       from_ms = CASE WHEN excluded.is_member AND NOT account_member.is_member
         THEN excluded.from_ms ELSE account_member.from_ms END
     WHERE (account_member.at_ms, account_member.event_key)
       < (excluded.at_ms, excluded.event_key)`,
    [
      some.map((row) => row.nodeId),
      some.map((row) => row.accountId),
      some.map((row) => row.isMember),
      some.map((row) => row.role),
      some.map((row) => row.atMs),
      some.map((row) => row.eventKey),
    ],
  );
}

async function moveSegments(tx: Tx, { segmentMoves }: ProfileChanges): Promise<void> {
  if (segmentMoves.length === 0) return;
  await inside(tx).query(
    `INSERT INTO segment_member (segment, profile_id, since_ms, left_at_ms)
     SELECT s, p, at, CASE WHEN is_member THEN NULL ELSE at END
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bool[]) AS t(s, p, at, is_member)
     ON CONFLICT (segment, profile_id) DO UPDATE SET left_at_ms = excluded.left_at_ms,
       since_ms = CASE WHEN excluded.left_at_ms IS NULL
         THEN excluded.since_ms ELSE segment_member.since_ms END`,
    [
      segmentMoves.map((one) => one.segment),
      segmentMoves.map((one) => one.profileId),
      segmentMoves.map((one) => one.atMs),
      segmentMoves.map((one) => one.isMember),
    ],
  );
}

async function replaceContactPoints(tx: Tx, rows: readonly ContactPoints[]): Promise<void> {
  if (rows.length === 0) return;
  const store = inside(tx);
  await store.query('DELETE FROM contact_point WHERE profile_id = ANY($1::text[])', [
    rows.map((row) => row.profileId),
  ]);
  const points = rows.flatMap(({ profileId, points: some }) =>
    some.map((point) => ({ ...point, profileId })),
  );
  if (points.length === 0) return;
  await store.query(
    `INSERT INTO contact_point (channel, address, profile_id, trait)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
    [
      points.map((point) => point.channel),
      points.map((point) => point.address),
      points.map((point) => point.profileId),
      points.map((point) => point.trait),
    ],
  );
}

async function schedule(
  tx: Tx,
  { created, updated, rescheduled, tombstones }: ProfileChanges,
): Promise<void> {
  const gone = new Set(tombstones.map((one) => one.profileId));
  const all = [...created, ...updated, ...rescheduled].filter((row) => !gone.has(row.profileId));
  const due = all.filter((row) => row.dueAtMs !== null);
  const never = all.filter((row) => row.dueAtMs === null).map((row) => row.profileId);
  const store = inside(tx);
  if (never.length > 0) {
    await store.query('DELETE FROM agg_deadline WHERE profile_id = ANY($1::text[])', [never]);
  }
  if (due.length === 0) return;
  await store.query(
    `INSERT INTO agg_deadline (profile_id, due_at_ms)
     SELECT * FROM unnest($1::text[], $2::bigint[])
     ON CONFLICT (profile_id) DO UPDATE SET due_at_ms = excluded.due_at_ms
     WHERE agg_deadline.due_at_ms <> excluded.due_at_ms`,
    [due.map((row) => row.profileId), due.map((row) => row.dueAtMs)],
  );
}
