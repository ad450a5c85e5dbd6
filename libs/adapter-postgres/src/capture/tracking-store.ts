import type {
  DeliveryEventRow,
  InboundStore,
  LinkVisit,
  MessageChannel,
  TrackedDelivery,
  TrackingStore,
  Tx,
} from '#libs/application';
import type { ProfileId } from '#libs/kernel';
import { inside, type Database } from '../base/database.js';

interface Row {
  [column: string]: unknown;
  id: string;
  profile_id: string;
  account_id: string | null;
  enrolment_id: string | null;
  decision_id: string | null;
  scenario: string | null;
  channel: string;
  action: string;
  purpose: string;
  links: string;
  accepted_at_ms: number | null;
  updated_at_ms: number;
  sample: boolean;
}

const COLUMNS = `id, profile_id, account_id, enrolment_id, decision_id, scenario, channel, action,
  purpose, links, accepted_at_ms, updated_at_ms, sample`;
const MOST_VISITS = 500;

function trackedOf(row: Row): TrackedDelivery {
  return {
    id: row.id,
    profileId: row.profile_id as ProfileId,
    accountId: row.account_id,
    enrolmentId: row.enrolment_id,
    decisionId: row.decision_id,
    scenario: row.scenario,
    channel: row.channel,
    action: row.action,
    purpose: row.purpose,
    links: JSON.parse(row.links) as string[],
    acceptedAtMs: row.accepted_at_ms ?? row.updated_at_ms,
    isSample: row.sample,
  };
}

/** Messages, visits of their links and replies to them, in PostgreSQL. */
export class PostgresTrackingStore implements TrackingStore, InboundStore {
  constructor(private readonly database: Database) {}

  async delivery(id: string): Promise<TrackedDelivery | null> {
    const found = await this.database.query<Row>(`SELECT ${COLUMNS} FROM delivery WHERE id = $1`, [
      id,
    ]);
    const [row] = found.rows;
    return row === undefined ? null : trackedOf(row);
  }

  async visitsOf(tx: Tx, deliveryId: string): Promise<readonly LinkVisit[]> {
    const found = await inside(tx).query<{ link: string; at_ms: number }>(
      `SELECT link, at_ms FROM delivery_event
       WHERE delivery_id = $1 AND kind IN ('clicked', 'bot_clicked') AND link IS NOT NULL
       ORDER BY at_ms DESC LIMIT ${MOST_VISITS}`,
      [deliveryId],
    );
    return found.rows.map(({ link, at_ms: atMs }) => ({ linkIndex: Number(link), atMs }));
  }

  async addEvent(tx: Tx, row: DeliveryEventRow): Promise<boolean> {
    const added = await inside(tx).query(
      `INSERT INTO delivery_event (id, delivery_id, kind, at_ms, link, code, detail, evidence)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
      [
        row.id,
        row.deliveryId,
        row.kind,
        row.atMs,
        row.link,
        row.code,
        row.detail,
        JSON.stringify(row.evidence),
      ],
    );
    return added.rowCount === 1;
  }

  async latestTo(
    tx: Tx,
    profileIds: readonly ProfileId[],
    channel: MessageChannel,
  ): Promise<TrackedDelivery | null> {
    if (profileIds.length === 0) return null;
    const found = await inside(tx).query<Row>(
      `SELECT ${COLUMNS} FROM delivery WHERE channel = $2
         AND state IN ('accepted', 'uncertain', 'delivered', 'bounced', 'complained')
         AND profile_id IN (SELECT node_id FROM node WHERE profile_id = ANY($1))
       ORDER BY intended_at_ms DESC LIMIT 1`,
      [profileIds, channel],
    );
    const [row] = found.rows;
    return row === undefined ? null : trackedOf(row);
  }

  async answerTo(tx: Tx, id: string): Promise<string | null> {
    // Held to the end of the transaction: a repeat that comes meanwhile waits and finds the answer.
    await inside(tx).query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7214514))', [id]);
    const found = await inside(tx).query<{ answer: string }>(
      'SELECT answer FROM inbound_message WHERE id = $1',
      [id],
    );
    return found.rows[0]?.answer ?? null;
  }

  async keep(tx: Tx, message: Parameters<InboundStore['keep']>[1]): Promise<void> {
    await inside(tx).query(
      `INSERT INTO inbound_message (id, channel, intent, answer, at_ms)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
      [message.id, message.channel, message.intent, message.answer, message.atMs],
    );
  }
}
