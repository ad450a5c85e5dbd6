import type { Database } from '../base/database.js';

/** A message of the sandbox, for those who act as its readers. */
export interface SandboxMessageRow {
  readonly seq: number;
  readonly deliveryId: string | null;
  readonly channel: string;
  readonly recipient: string;
  readonly subject: string;
  readonly html: string;
  readonly body: string;
  readonly headers: string;
  readonly atMs: number;
  readonly scenario: string | null;
  readonly action: string | null;
  readonly profileId: string | null;
}

/** A task that waits, with a way to name its person. */
export interface OpenTaskRow {
  readonly taskId: string;
  readonly profileId: string;
  readonly createdAtMs: number;
  readonly scenario: string | null;
  readonly address: string | null;
}

/** What the sample's people read of the store: their mail, and what waits for the reps. */
export class PostgresSampleStore {
  constructor(private readonly database: Database) {}

  async progress(): Promise<string | null> {
    const rows = await this.database.query<{ progress: string }>(
      'SELECT progress FROM sample_progress',
    );
    return rows.rows[0]?.progress ?? null;
  }

  async saveProgress(progress: string): Promise<void> {
    await this.database.query(
      `INSERT INTO sample_progress (progress) VALUES ($1)
       ON CONFLICT (single) DO UPDATE SET progress = excluded.progress`,
      [progress],
    );
  }

  async caught(sinceSeq: number, limit: number): Promise<readonly SandboxMessageRow[]> {
    const rows = await this.database.query<{
      seq: number;
      delivery_id: string | null;
      channel: string;
      recipient: string;
      subject: string;
      html: string;
      body: string;
      headers: string;
      at_ms: number;
      scenario: string | null;
      action: string | null;
      profile_id: string | null;
    }>(
      `SELECT m.seq, m.delivery_id, m.channel, m.recipient, m.subject, m.html, m.body, m.headers,
         m.at_ms, d.scenario, d.action, d.profile_id
       FROM sandbox_message m LEFT JOIN delivery d ON d.id = m.delivery_id
       WHERE m.seq > $1 ORDER BY m.seq LIMIT $2`,
      [sinceSeq, limit],
    );
    return rows.rows.map((row) => ({
      seq: row.seq,
      deliveryId: row.delivery_id,
      channel: row.channel,
      recipient: row.recipient,
      subject: row.subject,
      html: row.html,
      body: row.body,
      headers: row.headers,
      atMs: row.at_ms,
      scenario: row.scenario,
      action: row.action,
      profileId: row.profile_id,
    }));
  }

  async openTasks(limit: number): Promise<readonly OpenTaskRow[]> {
    const rows = await this.database.query<{
      id: string;
      profile_id: string;
      created_at_ms: number;
      scenario: string | null;
      address: string | null;
    }>(
      `SELECT t.id, t.profile_id, t.created_at_ms, t.scenario,
         (SELECT min(c.address) FROM contact_point c
          WHERE c.profile_id = t.profile_id AND c.channel = 'email') AS address
       FROM task t WHERE t.state = 'open' ORDER BY t.created_at_ms LIMIT $1`,
      [limit],
    );
    return rows.rows.map((row) => ({
      taskId: row.id,
      profileId: row.profile_id,
      createdAtMs: row.created_at_ms,
      scenario: row.scenario,
      address: row.address,
    }));
  }

  /** Whose message or task it is; null where nobody knows it. */
  async personOf(kind: 'delivery' | 'task', id: string): Promise<string | null> {
    const rows = await this.database.query<{ profile_id: string }>(
      `SELECT profile_id FROM ${kind} WHERE id = $1`,
      [id],
    );
    return rows.rows[0]?.profile_id ?? null;
  }
}
