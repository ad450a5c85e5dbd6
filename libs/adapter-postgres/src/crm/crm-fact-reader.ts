import type { CrmContact, CrmFactReader, CrmTaskText, CrmTouch, Tx } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import { inside } from '../base/database.js';

interface TaskTextRecord {
  [column: string]: unknown;
  id: string;
  note: string | null;
  reasons: string;
  chosen_action: string | null;
  chosen_treatment: string | null;
  record: string | null;
}

// A merged profile points at the one that holds; the store keeps such chains short.
const RESOLVED = `
WITH RECURSIVE asked AS (
  SELECT DISTINCT unnest($1::text[]) COLLATE "C" AS id
), hop(id, profile_id, n) AS (
  SELECT id, id, 0 FROM asked
  UNION ALL
  SELECT h.id, p.merged_into, h.n + 1 FROM hop h JOIN profile p ON p.profile_id = h.profile_id
  WHERE p.merged_into IS NOT NULL AND h.n < 5
), resolved AS (
  SELECT DISTINCT ON (id) id, profile_id FROM hop ORDER BY id, n DESC
)`;

/** What CRM commands need beside facts, from PostgreSQL, a statement a question. */
export class PostgresCrmFactReader implements CrmFactReader {
  async contacts(
    tx: Tx,
    profileIds: readonly string[],
    namespaces: readonly string[],
  ): Promise<ReadonlyMap<string, CrmContact>> {
    if (profileIds.length === 0) return new Map();
    const rows = await inside(tx).query<{ id: string; ns: string; value_norm: string }>(
      `${RESOLVED}
       SELECT DISTINCT ON (r.id) r.id, i.ns, i.value_norm FROM resolved r
       JOIN node n ON n.profile_id = r.profile_id
       JOIN profile_identity i ON i.node_id = n.node_id
       JOIN unnest($2::text[]) WITH ORDINALITY AS w(ns, rank) ON w.ns = i.ns
       ORDER BY r.id, w.rank, i.first_seen_ms, i.value_norm`,
      [profileIds, namespaces],
    );
    return new Map(rows.rows.map((row) => [row.id, { ns: row.ns, value: row.value_norm }]));
  }

  async touches(
    tx: Tx,
    wanted: readonly { readonly key: string; readonly profileId: string }[],
  ): Promise<ReadonlyMap<string, CrmTouch>> {
    if (wanted.length === 0) return new Map();
    const rows = await inside(tx).query<{
      key: string;
      channel: string;
      action: string;
      accepted_at_ms: number | null;
      is_clicked: boolean;
    }>(
      `SELECT DISTINCT ON (w.key) w.key, d.channel, d.action, d.accepted_at_ms,
         EXISTS (SELECT 1 FROM delivery_event e
           WHERE e.delivery_id = d.id AND e.kind = 'clicked') AS is_clicked
       FROM unnest($1::text[], $2::text[]) AS w(key, profile_id)
       CROSS JOIN LATERAL (
         SELECT * FROM delivery WHERE id = w.key
         UNION ALL
         SELECT * FROM delivery WHERE profile_id = w.profile_id AND decision_id = w.key
       ) d WHERE d.accepted_at_ms IS NOT NULL
       ORDER BY w.key, d.accepted_at_ms DESC, d.id`,
      [wanted.map(({ key }) => key), wanted.map(({ profileId }) => profileId)],
    );
    return new Map(
      rows.rows.map((row) => [
        row.key,
        {
          channel: row.channel,
          action: row.action,
          acceptedAtMs: row.accepted_at_ms,
          isClicked: row.is_clicked,
        },
      ]),
    );
  }

  async orderRefs(
    tx: Tx,
    events: readonly { readonly eventKey: string; readonly atMs: EpochMs }[],
  ): Promise<ReadonlyMap<string, string>> {
    const isKey = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    const known = events.filter(({ eventKey }) => isKey.test(eventKey));
    if (known.length === 0) return new Map();
    // The day is that of the client's own clock, which may be wrong by more than one.
    const rows = await inside(tx).query<{ msg_key: string; ref: string | null }>(
      `SELECT DISTINCT e.msg_key, e.body::jsonb->'properties'->>'order_id' AS ref
       FROM unnest($1::uuid[], $2::bigint[]) AS w(key, at_ms)
       JOIN event e ON e.msg_key = w.key AND (e.event_day = '1970-01-01' OR e.event_day BETWEEN
         (to_timestamp(w.at_ms / 1000.0) AT TIME ZONE 'UTC')::date - 2
         AND (to_timestamp(w.at_ms / 1000.0) AT TIME ZONE 'UTC')::date + 2)`,
      [known.map(({ eventKey }) => eventKey), known.map(({ atMs }) => atMs)],
    );
    return new Map(
      rows.rows.flatMap(({ msg_key: key, ref }) =>
        ref === null || ref === '' ? [] : [[key, ref]],
      ),
    );
  }

  async taskTexts(tx: Tx, taskIds: readonly string[]): Promise<ReadonlyMap<string, CrmTaskText>> {
    if (taskIds.length === 0) return new Map();
    const rows = await inside(tx).query<TaskTextRecord>(
      `SELECT t.id, t.note, t.reasons, d.chosen_action, d.chosen_treatment, d.record
       FROM task t LEFT JOIN decision d ON d.id = t.decision_id WHERE t.id = ANY($1)`,
      [taskIds],
    );
    return new Map(
      rows.rows.map((row) => [
        row.id,
        {
          note: row.note,
          reasons: JSON.parse(row.reasons) as string[],
          choice: choiceOf(row),
        },
      ]),
    );
  }

  async consents(
    tx: Tx,
    profileIds: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    if (profileIds.length === 0) return new Map();
    const rows = await inside(tx).query<{ id: string; consents: Record<string, string> | null }>(
      `${RESOLVED}
       SELECT r.id, p.doc->'consents' AS consents FROM resolved r
       JOIN profile p ON p.profile_id = r.profile_id`,
      [profileIds],
    );
    return new Map(rows.rows.map((row) => [row.id, row.consents ?? {}]));
  }

  async addresses(
    tx: Tx,
    wanted: readonly { readonly profileId: string; readonly channel: string }[],
  ): Promise<readonly { profileId: string; channel: string; address: string }[]> {
    if (wanted.length === 0) return [];
    const rows = await inside(tx).query<{ id: string; channel: string; address: string }>(
      `${RESOLVED}
       SELECT DISTINCT w.id, c.channel, c.address
       FROM unnest($1::text[], $2::text[]) AS w(id, channel)
       JOIN resolved r ON r.id = w.id
       JOIN contact_point c ON c.profile_id = r.profile_id AND c.channel = w.channel
       ORDER BY w.id, c.channel, c.address`,
      [wanted.map(({ profileId }) => profileId), wanted.map(({ channel }) => channel)],
    );
    return rows.rows.map(({ id, channel, address }) => ({ profileId: id, channel, address }));
  }
}

/** The chosen action with its score, from the record of the decision. */
function choiceOf(row: TaskTextRecord): CrmTaskText['choice'] {
  if (row.record === null || row.chosen_action === null) return null;
  const { candidates = [] } = JSON.parse(row.record) as {
    candidates?: readonly { action?: string; treatment?: string; score?: number | null }[];
  };
  const chosen = candidates.find(
    ({ action, treatment }) => action === row.chosen_action && treatment === row.chosen_treatment,
  );
  return { action: row.chosen_action, score: chosen?.score ?? 0 };
}
