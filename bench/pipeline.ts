// From the first POST of an event to the last message at the receiver: the whole product, every
// process, all checks on. The people, their addresses and their consents are there beforehand.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { checkoutDir } from '#libs/config';
import type { Database } from '#libs/adapter-postgres';
import { depthsOf, drained, type Depths } from './harness/depths.js';
import { addressOf, event, person, postAll } from './harness/load.js';
import { countOf, measure, rounded } from './harness/measure.js';
import { watchMemory } from './harness/memory.js';
import { processorBetween, processorSeconds, type ProcessorSeconds } from './harness/processor.js';
import { Product } from './harness/product.js';
import { startMailSink, type MailSink, type ReceivedMail } from './harness/sink.js';
import { percentile } from './support/report.js';

const { values } = parseArgs({ options: { people: { type: 'string' } } });
const people = countOf(values.people, 5_000);
const PREPARED_WITHIN_MS = 60_000 + people * 10;
const SENT_WITHIN_MS = 60_000 + people * 20;
const SAMPLE_EVERY_MS = 500;
const SHOWN_SAMPLES = 40;
const MOST_BARE_MAILS = 5_000;

interface Sample extends Depths {
  readonly atMs: number;
  readonly mails: number;
}

/** Notes what is where, twice a second, until the sink has everything or the time is over. */
async function follow(
  database: Database,
  sink: MailSink,
  startedAtMs: number,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (;;) {
    const mails = await sink.count();
    const atMs = Date.now() - startedAtMs;
    samples.push({ ...(await depthsOf(database)), atMs, mails });
    if (mails >= people || atMs > SENT_WITHIN_MS) return samples;
    await delay(SAMPLE_EVERY_MS);
  }
}

function printSamples(samples: readonly Sample[]): void {
  const step = Math.max(1, Math.ceil(samples.length / SHOWN_SAMPLES));
  console.log('\nWhere the events are (waiting before each part), by seconds after the first POST');
  console.table(
    samples
      .filter((_, index) => index % step === 0 || index === samples.length - 1)
      .map((sample) => ({
        s: rounded(sample.atMs / 1_000, 1),
        profile: sample.lag['profile'] ?? 0,
        'change outbox': sample.changeOutbox,
        router: sample.lag['router'] ?? 0,
        intended: sample.deliveries['intended'] ?? 0,
        sending: sample.deliveries['sending'] ?? 0,
        accepted: sample.deliveries['accepted'] ?? 0,
        'at the sink': sample.mails,
        inbox: sample.inbox,
        'fact outbox': sample.factOutbox,
        learner: sample.lag['learner'] ?? 0,
        analytics: sample.lag['analytics'] ?? 0,
      })),
  );
}

/** Mails a second of bare nodemailer to a sink, with a message of like size: no engine at all. */
async function bareMailsPerS(count: number): Promise<number> {
  const sink = await startMailSink();
  const transport = createTransport({ url: sink.url, pool: true, maxConnections: 5 });
  const text = 'Bonjour Camille, hello\nhttps://mesure.example/hello\n'.repeat(4);
  const html = `<html><body>${`<p>${text}</p>`.repeat(20)}</body></html>`;
  let next = 0;
  const startedMs = performance.now();
  const send = async (): Promise<void> => {
    while (next < count) {
      const to = addressOf(next);
      next += 1;
      await transport.sendMail({
        from: 'bonjour@mesure.example',
        to,
        subject: 'Hello',
        text,
        html,
      });
    }
  };
  await Promise.all(Array.from({ length: 20 }, send));
  const seconds = (performance.now() - startedMs) / 1_000;
  transport.close();
  await sink.close();
  return Math.round(count / seconds);
}

interface Verdict {
  /** Deliveries at the sink more than once. */
  readonly doubled: number;
  /** People of the load who have no message. */
  readonly missing: number;
  /** Messages that are no delivery of the store, or to nobody of the load. */
  readonly strange: number;
}

/** Matches what came with what was meant, by delivery id. */
async function judge(database: Database, mails: readonly ReceivedMail[]): Promise<Verdict> {
  const { rows } = await database.query<{ id: string }>('SELECT id FROM delivery');
  const intended = new Set(rows.map(({ id }) => id));
  const wanted = new Set(Array.from({ length: people }, (_, index) => addressOf(index)));
  const reached = new Set(mails.map(({ to }) => to).filter((to) => wanted.has(to)));
  return {
    doubled: mails.length - new Set(mails.map(({ deliveryId }) => deliveryId)).size,
    missing: people - reached.size,
    strange: mails.filter((mail) => !intended.has(mail.deliveryId) || !wanted.has(mail.to)).length,
  };
}

await measure('pipeline', async (after) => {
  const bare = await bareMailsPerS(Math.min(people, MOST_BARE_MAILS));
  const sink = await startMailSink();
  after(() => sink.close());
  const product = await Product.start({
    workspace: join(checkoutDir(), 'tests', 'workspaces', 'pipeline'),
    smtpUrl: sink.url,
  });
  after(() => product.remove());
  const database = product.openDatabase();
  after(() => database.close());
  const target = { url: product.url, writeKey: product.writeKey };
  const indexes = Array.from({ length: people }, (_, index) => index);

  const preparedAtMs = performance.now();
  await postAll(target, indexes.flatMap(person));
  const left = await drained(database, PREPARED_WITHIN_MS);
  if (left !== null) throw new Error(`people are not applied: ${JSON.stringify(left)}`);
  const preparedS = (performance.now() - preparedAtMs) / 1_000;
  console.log(`${people} people are known after ${rounded(preparedS, 1)} s.`);

  const memory = watchMemory(product.pid);
  // The product's own processes below its supervisor, and this one with its sink.
  const taken = (): ProcessorSeconds => processorSeconds(process.pid);
  const takenBefore = taken();
  const startedAtMs = Date.now();
  const posting = postAll(
    target,
    indexes.map((index) => event('signed_up', index)),
  ).then(() => Date.now() - startedAtMs);
  const [samples, postedMs] = await Promise.all([follow(database, sink, startedAtMs), posting]);
  const takenSending = processorBetween(takenBefore, taken());
  const mails = await sink.mails();
  const late = await drained(database, SENT_WITHIN_MS);
  const drainedMs = Date.now() - startedAtMs;
  const { rssMb, ownMb } = await memory.stop();
  printSamples(samples);
  console.log(`Seconds of processor until the last mail: ${JSON.stringify(takenSending)}`);
  if (late !== null) console.log(`Not drained: ${JSON.stringify(late)}`);

  const times = mails.map(({ atMs }) => atMs - startedAtMs);
  const lastMs = Math.max(...times.slice(-1), 0);
  return {
    people,
    first_mail_ms: Math.min(...times),
    mails_per_s: Math.round((mails.length / lastMs) * 1_000),
    mails: mails.length,
    ...(await judge(database, await sink.mails())),
    rss_mb: rssMb,
    own_mb: ownMb,
    last_mail_ms: lastMs,
    median_mail_ms: percentile(times, 0.5),
    posted_ms: postedMs,
    drained_ms: late === null ? drainedMs : -1,
    people_events_per_s: Math.round((people * 2) / preparedS),
    bare_nodemailer_per_s: bare,
    goal_met:
      people >= 5_000
        ? Math.min(...times) <= 1_000 && (mails.length / lastMs) * 1_000 >= 300
        : 'too small a run',
  };
});
