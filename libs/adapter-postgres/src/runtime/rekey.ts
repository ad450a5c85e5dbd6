import type { Tx } from '#libs/application';
import type { EnrolmentId, ProfileId } from '#libs/kernel';
import { inside } from '../base/database.js';

/**
 * Moves everything that hangs on a merged profile to the survivor: enrolments, ledger, watches and
 * reservations. Where both were in one scenario under one key the older enrolment lives; answers the
 * younger ones, which end as `merged`.
 */
export async function rekeyProfile(
  tx: Tx,
  from: ProfileId,
  to: ProfileId,
): Promise<readonly EnrolmentId[]> {
  const store = inside(tx);
  const doubled = await store.query<{ id: string }>(
    `SELECT CASE WHEN (a.entered_at_ms, a.id) <= (b.entered_at_ms, b.id) THEN b.id ELSE a.id END AS id
     FROM enrolment a JOIN enrolment b USING (scenario, entry_key)
     WHERE a.profile_id = $1 AND b.profile_id = $2`,
    [from, to],
  );
  await store.query(
    `UPDATE enrolment SET profile_id = $2,
       flags = flags | CASE WHEN EXISTS (
         SELECT 1 FROM enrolment o WHERE o.profile_id = $2 AND o.grp <> enrolment.grp) THEN 1 ELSE 0 END
     WHERE profile_id = $1`,
    [from, to],
  );
  await store.query(
    `INSERT INTO entry_ledger AS l (scenario, profile_id, entry_key, enrolment_id, last_entered_at_ms)
     SELECT scenario, $2, entry_key, enrolment_id, last_entered_at_ms
     FROM entry_ledger WHERE profile_id = $1
     ON CONFLICT (scenario, profile_id, entry_key) DO UPDATE SET
       enrolment_id = CASE WHEN l.last_entered_at_ms <= excluded.last_entered_at_ms
                           THEN l.enrolment_id ELSE excluded.enrolment_id END,
       last_entered_at_ms = greatest(l.last_entered_at_ms, excluded.last_entered_at_ms)`,
    [from, to],
  );
  await store.query('DELETE FROM entry_ledger WHERE profile_id = $1', [from]);
  for (const table of ['watch', 'cap_reservation']) {
    await store.query(`UPDATE ${table} SET profile_id = $2 WHERE profile_id = $1`, [from, to]);
  }
  await store.query(
    `UPDATE delivery SET profile_id = $2 WHERE profile_id = $1 AND state = 'intended'`,
    [from, to],
  );
  await store.query(`UPDATE task SET profile_id = $2 WHERE profile_id = $1 AND state = 'open'`, [
    from,
    to,
  ]);
  return [...new Set(doubled.rows.map((row) => row.id))] as EnrolmentId[];
}
