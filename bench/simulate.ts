// Ninety days of a shop's events played again through the sample workspace, on a clock of their own.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { lintWorkspace, readWorkspaceFolder } from '#libs/application';
import { normalisePhone } from '#libs/channel-sms';
import { checkoutDir } from '#libs/config';
import { replay } from '#libs/runtime-simulated';
import { recordedEvents } from './harness/recorded.js';
import { report } from './support/report.js';

const { values } = parseArgs({
  options: { events: { type: 'string' }, people: { type: 'string' } },
});
const events = Number(values.events ?? 1_000_000);
const people = Number(values.people ?? 50_000);
const days = 90;
const DAY_MS = 86_400_000;
const fromMs = Date.parse('2026-03-02T00:00:00Z');

const { files } = await readWorkspaceFolder(join(checkoutDir(), 'scenarios'));
const { workspace } = lintWorkspace(files);
if (workspace === undefined) throw new Error('the sample workspace has errors');

async function* pages() {
  yield* recordedEvents({ people, events, fromMs, days });
}

const startedMs = performance.now();
const told = await replay({
  versions: [{ workspace, scenario: 'abandoned-cart' }],
  calendar: new LuxonCalendar(),
  normalisePhone,
  decisions: { mode: 'live', stated: () => null },
  events: pages(),
  fromMs,
  toMs: fromMs + days * DAY_MS,
});
const seconds = (performance.now() - startedMs) / 1_000;
const [figures] = told.versions;
console.log(JSON.stringify(figures, null, 1).slice(0, 3000));
report('simulate', {
  events: told.events,
  profiles: told.profiles,
  virtual_days: days,
  seconds: Math.round(seconds * 10) / 10,
  cpu_s: Math.round(process.cpuUsage().user / 1e5) / 10,
  rss_mb: Math.round(process.memoryUsage().rss / 1e6),
});
