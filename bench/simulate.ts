// Ninety days of a shop's events, as they lie in the store, played again through the sample
// workspace on a clock of their own.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { migrate, migrations, PostgresRecordedEvents, type Database } from '#libs/adapter-postgres';
import { lintWorkspace, readWorkspaceFolder } from '#libs/application';
import { normalisePhone } from '#libs/channel-sms';
import { checkoutDir } from '#libs/config';
import type { RawEvent } from '#libs/contracts';
import { LIVE, replay } from '#libs/runtime-simulated';
import { countOf, measure, rounded } from './harness/measure.js';
import { recordedEvents } from './harness/recorded.js';
import { openStore } from './harness/store.js';

const { values } = parseArgs({
  options: { events: { type: 'string' }, people: { type: 'string' } },
});
const events = countOf(values.events, 1_000_000);
const people = countOf(values.people, 50_000);
const days = 90;
const DAY_MS = 86_400_000;
const fromMs = Date.parse('2026-03-02T00:00:00Z');

/** Writes the past straight into the store: how it came there is measured elsewhere. */
async function record(database: Database): Promise<number> {
  let written = 0;
  for (const page of recordedEvents({ people, events, fromMs, days })) {
    await insert(database, page);
    written += page.length;
  }
  await database.query(
    `INSERT INTO node SELECT 'p' || i, 'p' || i, 0 FROM generate_series(0, $1::int - 1) i`,
    [people],
  );
  await database.query('ANALYZE');
  return written;
}

async function insert(database: Database, page: readonly RawEvent[]): Promise<void> {
  await database.query(
    `INSERT INTO event (event_day, msg_key, node_id, at_ms, received_at_ms, body_hash,
       is_historical, source, type, name, body)
     SELECT event_day, gen_random_uuid(), node_id, at_ms, at_ms, '', false, 'form', type, name, body
     FROM unnest($1::date[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
       AS e(event_day, node_id, at_ms, type, name, body)`,
    [
      page.map(({ eventDay }) => eventDay),
      page.map(({ profileId }) => profileId),
      page.map(({ atMs }) => atMs),
      page.map(({ type }) => type),
      page.map(({ name }) => name),
      page.map(({ messageId, ids, traits, properties }) =>
        JSON.stringify({ messageId, ids, traits, properties }),
      ),
    ],
  );
}

await measure('simulate', async (after) => {
  const { files } = await readWorkspaceFolder(join(checkoutDir(), 'scenarios'));
  const { workspace } = lintWorkspace(files);
  if (workspace === undefined) throw new Error('the sample workspace has errors');
  const database = await openStore(after);
  await migrate(database, migrations);
  const recorded = await record(database);
  console.log(`${recorded} events recorded, of ${people} people`);
  const startedMs = performance.now();
  const { user } = process.cpuUsage();
  const toMs = fromMs + days * DAY_MS;
  const told = await replay({
    versions: [{ workspace, scenario: 'abandoned-cart' }],
    calendar: new LuxonCalendar(),
    normalisePhone,
    decisions: LIVE,
    events: new PostgresRecordedEvents(database).pages(toMs),
    fromMs,
    toMs,
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const [figures] = told.versions;
  return {
    events: told.events,
    virtual_days: days,
    seconds: rounded(seconds, 1),
    // Others on the machine slow the clock on the wall, not this.
    cpu_seconds: rounded(process.cpuUsage().user / 1e6 - user / 1e6, 1),
    profiles: told.profiles,
    entered: figures?.people ?? 0,
    messages: Object.values(figures?.sent ?? {}).reduce((sum, count) => sum + count, 0),
    rss_mb: Math.round(process.memoryUsage().rss / 1_048_576),
  };
});
