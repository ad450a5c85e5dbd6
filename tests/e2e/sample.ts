import { fastify } from 'fastify';
import { keyedPseudonyms, Replies, Tracker } from '#libs/application';
import {
  PostgresContactPreferences,
  PostgresEntranceJobs,
  PostgresTrackingStore,
  writeFacts,
  type Database,
} from '#libs/adapter-postgres';
import { classifyClick } from '#libs/channel-email';
import type { EpochMs } from '#libs/kernel';
import { SampleRunner } from '#libs/sample';
import { VirtualClock } from '#libs/testkit';
import { trackingRoutes } from '../../apps/api/src/public/tracking-routes.js';
import { scorePeople } from '../../apps/worker/src/loops.js';
import { samplePorts } from '../../apps/worker/src/sample.js';
import { engineWorld, type EngineWorld, type WorldOptions } from '../engine/world.js';

const HOUR_MS = 3_600_000;
const LINK_KEY = 'k'.repeat(64);
/** Key of the pseudonyms of this engine. */
export const SUPPRESSION_KEY = 'a test key';

/** How much of the sample lives, and where. */
export interface SampleLife extends Omit<WorldOptions, 'clock' | 'baseUrl' | 'linkKey'> {
  readonly seed: string;
  readonly people: number;
  readonly accounts: number;
  /** Days that are lived through once the past is loaded. */
  readonly days: number;
  /** Days of behaviour in the past. */
  readonly pastDays?: number;
  /** Domain time between two looks of the engine at what the people did. */
  readonly stepMs?: number;
}

/**
 * The sample's people live in the whole engine: they are written to over SMTP, and click, leave and
 * answer through the product's own routes over HTTP. Only the clock and the pauses are the test's.
 */
export async function liveSample(database: Database, life: SampleLife): Promise<EngineWorld> {
  const clock = new VirtualClock(life.startMs);
  const doors = await openDoors(database, clock);
  const world = await engineWorld(database, {
    ...life,
    clock,
    baseUrl: doors.url,
    linkKey: LINK_KEY,
    suppressionKey: SUPPRESSION_KEY,
    onMail: async (mail) => {
      await database.query(
        `INSERT INTO sandbox_message
           (delivery_id, channel, recipient, sender, subject, html, body, headers, at_ms)
         VALUES ($1, 'email', $2, $3, $4, $5, $6, $7, $8)`,
        [
          mail.deliveryId,
          mail.to[0],
          mail.from,
          mail.subject,
          mail.html,
          mail.text,
          JSON.stringify(Object.entries(mail.headers)),
          clock.nowMs(),
        ],
      );
    },
  });
  const { engine } = world;
  const replies = new Replies({
    ...doors.shared,
    log: engine.log,
    inbound: doors.shared.store,
  });
  doors.track(new Tracker({ ...doors.shared, log: engine.log, classify: classifyClick, newId }));
  const awake = { nowMs: () => clock.nowMs(), speed: 1 };
  const runner = new SampleRunner({
    ...life,
    days: life.pastDays ?? 90,
    ports: {
      ...samplePorts({ engine, clock: awake, replies }),
      pause: () => Promise.resolve(),
      onLost: (kind, error) => {
        throw new Error(`a ${kind} of the sample was lost`, { cause: error });
      },
    },
  });
  const { signal } = new AbortController();
  await runner.loadHistory(() => undefined, signal);
  await world.settle();
  // As the worker does once the past is applied: its members are taken in.
  await database.transaction((tx) => new PostgresEntranceJobs().reopen(tx, clock.nowMs()));
  await world.settle();
  for (let lived = 0; lived < life.days * 24 * HOUR_MS; lived += life.stepMs ?? HOUR_MS) {
    clock.advance(life.stepMs ?? HOUR_MS);
    while ((await runner.turn(signal)) > 0);
    await world.settle();
    while ((await scorePeople(engine)) > 0);
  }
  return {
    ...world,
    close: async () => {
      await world.close();
      await doors.close();
    },
  };
}

let ids = 0;
const newId = (): string => `click-${(ids += 1)}`;

async function openDoors(database: Database, clock: { nowMs(): EpochMs }) {
  const pseudonyms = keyedPseudonyms(SUPPRESSION_KEY);
  const store = new PostgresTrackingStore(database);
  const preferences = new PostgresContactPreferences((channel, address) =>
    pseudonyms.hash(channel, address),
  );
  const shared = { work: database, store, preferences, writeFacts, clock };
  const server = fastify({ routerOptions: { maxParamLength: 1_100 } });
  let current: Tracker | undefined;
  const tracker = new Proxy({} as Tracker, {
    get: (_target, name) => {
      const method = current?.[name as keyof Tracker] as ((...a: never[]) => unknown) | undefined;
      return method?.bind(current);
    },
  });
  await server.register((scope, _options, done) => {
    trackingRoutes(scope, { tracker, linkKeys: LINK_KEY, locale: 'fr' });
    done();
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    shared,
    track: (real: Tracker) => (current = real),
    close: () => server.close(),
  };
}
