import type { Rekeyed, Tx } from '#libs/application';
import type { EnrolmentId, ProfileId } from '#libs/kernel';
import { inside, type Queryable } from '../base/database.js';

const OF_PROFILE = ['watch', 'cap_reservation', 'suppression', 'webhook_call'];

/**
 * Moves everything that hangs on a merged profile to the survivor: enrolments, ledger, watches,
 * reservations and suppressions. Where both were in one scenario under one key the older enrolment
 * lives; answers the younger ones, which end as `merged`, and those of people whose groups differed.
 */
export async function rekeyProfile(tx: Tx, from: ProfileId, to: ProfileId): Promise<Rekeyed> {
  const store = inside(tx);
  const survivor = await survivorOf(store, to);
  const doubled = await store.query<{ id: string }>(
    `SELECT CASE WHEN (a.entered_at_ms, a.id) <= (b.entered_at_ms, b.id) THEN b.id ELSE a.id END AS id
     FROM enrolment a JOIN enrolment b USING (scenario, entry_key)
     WHERE a.profile_id = $1 AND b.profile_id = $2`,
    [from, survivor],
  );
  await store.query('UPDATE enrolment SET profile_id = $2 WHERE profile_id = $1', [from, survivor]);
  const mixed = await store.query<{ id: string }>(
    `SELECT e.id FROM enrolment e WHERE e.profile_id = $1 AND EXISTS (
       SELECT 1 FROM enrolment o WHERE o.profile_id = $1 AND o.grp <> e.grp)`,
    [survivor],
  );
  await moveLedger(store, from, survivor);
  for (const table of OF_PROFILE) {
    await store.query(`UPDATE ${table} SET profile_id = $2 WHERE profile_id = $1`, [
      from,
      survivor,
    ]);
  }
  await store.query(
    `UPDATE delivery SET profile_id = $2 WHERE profile_id = $1 AND state = 'intended'`,
    [from, survivor],
  );
  await store.query(`UPDATE task SET profile_id = $2 WHERE profile_id = $1 AND state = 'open'`, [
    from,
    survivor,
  ]);
  return {
    doubled: [...new Set(doubled.rows.map((row) => row.id as EnrolmentId))],
    mixed: mixed.rows.map((row) => row.id as EnrolmentId),
  };
}

/** Merges of one person may be read in another order than they came: the target may be gone too. */
async function survivorOf(store: Queryable, to: ProfileId): Promise<ProfileId> {
  const rows = await store.query<{ profile_id: string }>(
    `SELECT coalesce(merged_into, profile_id) AS profile_id FROM profile WHERE profile_id = $1`,
    [to],
  );
  return (rows.rows[0]?.profile_id ?? to) as ProfileId;
}

async function moveLedger(store: Queryable, from: ProfileId, to: ProfileId): Promise<void> {
  await store.query(
    `INSERT INTO entry_ledger AS l (scenario, profile_id, entry_key, enrolment_id, last_entered_at_ms,
       occurrence)
     SELECT scenario, $2, entry_key, enrolment_id, last_entered_at_ms, occurrence
     FROM entry_ledger WHERE profile_id = $1
     ON CONFLICT (scenario, profile_id, entry_key) DO UPDATE SET
       enrolment_id = CASE WHEN l.last_entered_at_ms <= excluded.last_entered_at_ms
                           THEN l.enrolment_id ELSE excluded.enrolment_id END,
       occurrence = CASE WHEN l.last_entered_at_ms >= excluded.last_entered_at_ms
                         THEN l.occurrence ELSE excluded.occurrence END,
       last_entered_at_ms = greatest(l.last_entered_at_ms, excluded.last_entered_at_ms)`,
    [from, to],
  );
  await store.query('DELETE FROM entry_ledger WHERE profile_id = $1', [from]);
}
