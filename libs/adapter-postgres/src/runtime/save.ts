import type {
  EndedEnrolment,
  LedgerRow,
  RuntimeChanges,
  StoredEnrolment,
  Tx,
  WatchRow,
} from '#libs/application';
import type { Fact } from '#libs/contracts';
import { joined, unjoin } from '../base/joined.js';
import { inside } from '../base/database.js';
import { writeOutbox } from '../log/outbox.js';
import { flagsOf, standing, stateText } from './rows.js';

/** Writes facts to the fact outbox, keyed by profile, so that one person's facts stay in order. */
export async function writeFacts(tx: Tx, facts: readonly Fact[]): Promise<void> {
  await writeOutbox(
    tx,
    'fact_outbox',
    facts.map((fact) => ({ key: fact.profileId ?? fact.id, value: JSON.stringify(fact) })),
  );
}

/** Writes one batch of the host: a handful of statements whatever its size, sent together. */
export async function saveChanges(tx: Tx, changes: RuntimeChanges): Promise<void> {
  await Promise.all([
    insertEnrolments(tx, changes.inserted),
    updateEnrolments(tx, changes.updated),
    endEnrolments(tx, changes.ended),
    writeLedger(tx, changes.ledger),
    insertWatches(tx, changes.watches),
    countMatches(tx, changes.matched),
    dropInbox(tx, changes.doneInbox),
    writeFacts(tx, changes.facts),
  ]);
}

async function countMatches(tx: Tx, rows: RuntimeChanges['matched']): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `UPDATE watch w SET matched = m.n FROM unnest($1::text[], $2::int[]) m(id, n) WHERE w.id = m.id`,
    [rows.map((row) => row.id), rows.map((row) => row.matched)],
  );
}

async function dropInbox(tx: Tx, seqs: RuntimeChanges['doneInbox']): Promise<void> {
  if (seqs.length === 0) return;
  await inside(tx).query('DELETE FROM inbox WHERE seq = ANY($1::bigint[])', [seqs]);
}

async function insertEnrolments(tx: Tx, rows: readonly StoredEnrolment[]): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `INSERT INTO enrolment (id, profile_id, scenario, definition, entry_key, grp, status, step_id,
       version, entered_at_ms, due_at_ms, flags, since_ms, waits_for, state)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::text[], $8::text[], $9::int[], $10::bigint[], $11::bigint[], $12::int[],
       $13::bigint[], $14::text[], ${unjoin('$15')})`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.profileId),
      rows.map((row) => row.scenario),
      rows.map((row) => row.definition),
      rows.map((row) => row.entryKey),
      rows.map((row) => row.group),
      rows.map((row) => row.state.status),
      rows.map((row) => row.stepId),
      rows.map((row) => row.version),
      rows.map((row) => row.enteredAtMs),
      rows.map((row) => row.dueMs),
      rows.map(flagsOf),
      rows.map((row) => standing(row).sinceMs),
      rows.map((row) => standing(row).waitsFor),
      joined(rows.map(stateText)),
    ],
  );
}

async function updateEnrolments(tx: Tx, rows: readonly StoredEnrolment[]): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `UPDATE enrolment e SET definition = u.definition, status = u.status, step_id = u.step_id,
       version = u.version, due_at_ms = u.due, flags = u.flags, since_ms = u.since,
       waits_for = u.waits_for, state = u.state
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[],
       $7::int[], $8::bigint[], $9::text[], ${unjoin('$10')})
       AS u(id, definition, status, step_id, version, due, flags, since, waits_for, state)
     WHERE e.id = u.id`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.definition),
      rows.map((row) => row.state.status),
      rows.map((row) => row.stepId),
      rows.map((row) => row.version),
      rows.map((row) => row.dueMs),
      rows.map(flagsOf),
      rows.map((row) => standing(row).sinceMs),
      rows.map((row) => standing(row).waitsFor),
      joined(rows.map(stateText)),
    ],
  );
}

async function endEnrolments(tx: Tx, rows: readonly EndedEnrolment[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  await inside(tx).query('DELETE FROM enrolment WHERE id = ANY($1)', [ids]);
  await inside(tx).query(
    `INSERT INTO enrolment_ended (id, profile_id, scenario, definition, entry_key, grp, version,
       entered_at_ms, ended_at_ms, ended_as, flags)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
       $7::int[], $8::bigint[], $9::bigint[], $10::text[], $11::int[])
     ON CONFLICT (id) DO NOTHING`,
    [
      ids,
      rows.map((row) => row.profileId),
      rows.map((row) => row.scenario),
      rows.map((row) => row.definition),
      rows.map((row) => row.entryKey),
      rows.map((row) => row.group),
      rows.map((row) => row.version),
      rows.map((row) => row.enteredAtMs),
      rows.map((row) => row.endedAtMs),
      rows.map((row) => row.endedAs),
      rows.map(flagsOf),
    ],
  );
}

async function writeLedger(tx: Tx, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `INSERT INTO entry_ledger (scenario, profile_id, entry_key, enrolment_id, last_entered_at_ms,
       occurrence)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
     ON CONFLICT (scenario, profile_id, entry_key) DO UPDATE SET
       enrolment_id = excluded.enrolment_id, last_entered_at_ms = excluded.last_entered_at_ms,
       occurrence = excluded.occurrence`,
    [
      rows.map((row) => row.scenario),
      rows.map((row) => row.profileId),
      rows.map((row) => row.entryKey),
      rows.map((row) => row.enrolmentId),
      rows.map((row) => row.lastEnteredAtMs),
      rows.map((row) => row.occurrence ?? ''),
    ],
  );
}

async function insertWatches(tx: Tx, rows: readonly WatchRow[]): Promise<void> {
  if (rows.length === 0) return;
  // unnest cannot take arrays of arrays of different lengths: names travel joined.
  await inside(tx).query(
    `INSERT INTO watch (id, profile_id, kind, enrolment_id, decision_id, scenario, definition,
       step_id, event_names, grp, vars, from_ms, until_ms, flags)
     SELECT id, profile_id, kind, enrolment_id, decision_id, scenario, definition, step_id,
       string_to_array(names, ' '), grp, vars, from_ms, until_ms, flags
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::int[])
       AS w(id, profile_id, kind, enrolment_id, decision_id, scenario, definition, step_id, names,
            grp, vars, from_ms, until_ms, flags)
     ON CONFLICT (id) DO NOTHING`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.profileId),
      rows.map((row) => row.kind),
      rows.map((row) => row.enrolmentId),
      rows.map((row) => row.decisionId),
      rows.map((row) => row.scenario),
      rows.map((row) => row.definition),
      rows.map((row) => row.stepId),
      rows.map((row) => row.on.join(' ')),
      rows.map((row) => row.group),
      rows.map((row) => JSON.stringify(row.vars)),
      rows.map((row) => row.fromMs),
      rows.map((row) => row.untilMs),
      rows.map(flagsOf),
    ],
  );
}
