import { utcDayOf } from '#libs/contracts';
import type { Candidate, CandidateReader } from '#libs/application';
import type { EpochMs, JsonObject } from '#libs/kernel';
import type { Database } from '../base/database.js';

/** Events looked through for people: ten a person of a page. */
const EVENTS_A_PERSON = 10;

/** Whom scenarios would take in, in PostgreSQL. */
export class PostgresCandidateReader implements CandidateReader {
  constructor(private readonly database: Database) {}

  async members(segment: string, limit: number): Promise<readonly Candidate[]> {
    const found = await this.database.query<{ profile_id: string }>(
      `SELECT profile_id FROM segment_member WHERE segment = $1 AND left_at_ms IS NULL
       ORDER BY profile_id LIMIT $2`,
      [segment, limit],
    );
    return found.rows.map((row) => ({ profileId: row.profile_id, properties: null }));
  }

  async withEvent(
    names: readonly string[],
    query: { readonly sinceMs: EpochMs; readonly limit: number },
  ): Promise<readonly Candidate[]> {
    const found = await this.database.query<{ profile_id: string; body: string }>(
      `SELECT DISTINCT ON (n.profile_id) n.profile_id, e.body
       FROM (SELECT node_id, at_ms, body FROM event
             WHERE event_day >= $4::date AND at_ms >= $2 AND name = ANY($1) AND NOT is_bot
             LIMIT $3::int * ${EVENTS_A_PERSON}) e
       JOIN node n ON n.node_id = e.node_id
       ORDER BY n.profile_id, e.at_ms DESC LIMIT $3::int`,
      [names, query.sinceMs, query.limit, utcDayOf(query.sinceMs)],
    );
    return found.rows.map((row) => ({
      profileId: row.profile_id,
      properties: (JSON.parse(row.body) as { properties?: JsonObject }).properties ?? {},
    }));
  }
}
