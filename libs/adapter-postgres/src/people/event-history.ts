import { engineEvent, type EventHistory, type EventSink, type Tx } from '#libs/application';
import type { RawEvent } from '#libs/contracts';
import type { JsonObject, ProfileId } from '#libs/kernel';
import type { InputEvent, Mark } from '#libs/scenario';
import { inside } from '../base/database.js';
import type { EmbeddedLog } from '../log/embedded-log.js';

interface EventRecord {
  [column: string]: unknown;
  ordinal: number;
  msg_key: string;
  name: string;
  at_ms: number;
  body: string;
}

// More than a wait can need: it ends at the first that matches, and names are few.
const MOST_EVENTS = 200;

/** Live events that lie in the store already, for waits that look back. */
export class PostgresEventHistory implements EventHistory {
  async since(
    tx: Tx,
    requests: readonly {
      readonly profileId: ProfileId;
      readonly names: readonly string[];
      readonly mark: Mark;
    }[],
  ): Promise<readonly (readonly InputEvent[])[]> {
    const found: InputEvent[][] = requests.map(() => []);
    if (requests.length === 0) return found;
    const rows = await inside(tx).query<EventRecord>(
      `SELECT r.ordinal, e.msg_key, e.name, e.at_ms, e.body
       FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY
         AS r(profile_id, names, since_ms, ordinal)
       CROSS JOIN LATERAL (
         SELECT e.msg_key, e.name, e.at_ms, e.body FROM node n JOIN event e ON e.node_id = n.node_id
         WHERE n.profile_id = r.profile_id AND e.at_ms >= r.since_ms AND NOT e.is_historical AND NOT e.is_bot
           AND e.name = ANY(string_to_array(r.names, ' '))
         ORDER BY e.at_ms, e.msg_key LIMIT ${MOST_EVENTS}
       ) e ORDER BY r.ordinal, e.at_ms, e.msg_key`,
      [
        requests.map((request) => request.profileId),
        requests.map((request) => request.names.join(' ')),
        requests.map((request) => request.mark.atMs),
      ],
    );
    for (const row of rows.rows) {
      found[row.ordinal - 1]?.push({
        key: row.msg_key,
        name: row.name,
        atMs: row.at_ms,
        properties: (JSON.parse(row.body) as { properties?: JsonObject }).properties ?? {},
        historical: false,
      });
    }
    return found;
  }
}

/** Events of the engine itself, through the same door as everybody's. */
export class LogEventSink implements EventSink {
  constructor(private readonly log: EmbeddedLog) {}

  async emit(tx: Tx, events: Parameters<EventSink['emit']>[1]): Promise<void> {
    if (events.length === 0) return;
    const raw = events.map((event) => this.rawEvent(event));
    await this.log.appendText(
      'events.raw',
      raw.map((event) => event.profileId ?? ''),
      raw.map((event) => JSON.stringify(event)),
      tx,
    );
  }

  private rawEvent(event: Parameters<EventSink['emit']>[1][number]): RawEvent {
    const { messageId, name, profileId, atMs, properties, traits, isSample } = event;
    return {
      ...engineEvent({ messageId, name, about: { profileId }, atMs, properties, isSample }),
      ...(traits === undefined ? {} : { traits }),
    };
  }
}
