/**
 * CTEs that take the next offsets of a topic for rows of `source`, which has a `part`: `locked` gives
 * each partition's first, its head is moved past them. Heads are locked in order of partition and to
 * the end of the transaction, so that no offset is skipped and no two appends wait for each other.
 */
export function takeOffsetsSql(source: string, topic: string): string {
  return `counted AS (
  SELECT part, count(*) AS n FROM ${source} GROUP BY part
), locked AS (
  SELECT h.part, h.next_offset FROM log_head h JOIN counted c ON c.part = h.part
  WHERE h.topic = ${topic} ORDER BY h.part FOR UPDATE OF h
), moved AS (
  UPDATE log_head h SET next_offset = l.next_offset + c.n
  FROM locked l JOIN counted c ON c.part = l.part
  WHERE h.topic = ${topic} AND h.part = l.part
)`;
}
