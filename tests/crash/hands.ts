import type { Database } from '#libs/adapter-postgres';
import type { Kill, Victim } from './killer.js';

/** A message that a worker had in hand, by when it took it last. */
export interface Hand {
  /** The run of the worker; null where nobody was seen to take it. */
  readonly runId: string | null;
  readonly atWallMs: number;
}

/** How many messages one kill left uncertain in the hand of one worker. */
export interface Loss {
  /** Number of the kill, from 1; 0: no kill can have been it. */
  readonly kill: number;
  readonly runId: string | null;
  readonly count: number;
}

/** Whose end can leave a message uncertain: it hands them over, or keeps what is known of them. */
export const HOLDERS: ReadonlySet<Victim> = new Set<Victim>(['worker', 'postgres', 'supervisor']);

/**
 * Has PostgreSQL itself note when a message goes in hand and whose: the product forgets the hand once
 * it knows that the message is uncertain.
 */
export async function noteHands(database: Database): Promise<void> {
  for (const statement of [
    'CREATE SCHEMA crash_test',
    `CREATE TABLE crash_test.hand
       (delivery_id text PRIMARY KEY, run_id text, at_wall_ms bigint NOT NULL)`,
    `CREATE FUNCTION crash_test.note_hand() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO crash_test.hand
       VALUES (NEW.id, NEW.claimed_by, floor(extract(epoch FROM clock_timestamp()) * 1000))
       ON CONFLICT (delivery_id)
       DO UPDATE SET run_id = EXCLUDED.run_id, at_wall_ms = EXCLUDED.at_wall_ms;
       RETURN NULL;
     END $$`,
    `CREATE TRIGGER crash_test_hand AFTER UPDATE ON delivery FOR EACH ROW
     WHEN (NEW.state = 'sending' AND OLD.state <> 'sending')
     EXECUTE FUNCTION crash_test.note_hand()`,
  ]) {
    await database.query(statement);
  }
}

/** The hands in which uncertain messages were last. */
export async function uncertainHands(database: Database): Promise<readonly Hand[]> {
  const { rows } = await database.query<{ run_id: string | null; at_wall_ms: number | null }>(
    `SELECT h.run_id, h.at_wall_ms FROM delivery d
     LEFT JOIN crash_test.hand h ON h.delivery_id = d.id WHERE d.state = 'uncertain'`,
  );
  return rows.map((row) => ({ runId: row.run_id, atWallMs: row.at_wall_ms ?? 0 }));
}

/**
 * To each kill what it left uncertain: a message is in hand for a moment only, so the next kill that
 * can have lost it has. By worker too, since one that outlives its supervisor for a moment may lose
 * its hand in the same stretch as the one after it. After the last kill it is the last one's doing.
 */
export function lossesOf(
  hands: readonly Hand[],
  kills: readonly Pick<Kill, 'victim' | 'atWallMs'>[],
): readonly Loss[] {
  const able = kills.flatMap(({ victim, atWallMs }, index) =>
    HOLDERS.has(victim) ? [{ number: index + 1, atWallMs }] : [],
  );
  const losses = new Map<string, Loss>();
  for (const { runId, atWallMs } of hands) {
    const next = able.find((kill) => kill.atWallMs >= atWallMs) ?? able.at(-1);
    const kill = runId === null ? 0 : (next?.number ?? 0);
    const key = `${kill} ${runId ?? ''}`;
    losses.set(key, { kill, runId, count: (losses.get(key)?.count ?? 0) + 1 });
  }
  return [...losses.values()].sort((left, right) => left.kill - right.kill);
}
