import type {
  EffectRunner,
  EventHistory,
  EventSink,
  LogReader,
  PeopleSource,
  PersonContext,
  ResultRecorder,
} from '#libs/application';
import { Definitions } from '#libs/application';
import { LuxonCalendar } from '#libs/adapter-calendar';
import {
  EmbeddedLog,
  LOG_CHANNEL,
  PostgresEnrolmentStore,
  PostgresMigrationJobs,
  Wakeups,
  writeOutbox,
  publishOutbox,
  type Database,
} from '#libs/adapter-postgres';
import type { ProfileChange } from '#libs/contracts';
import type { JsonObject, ProfileId } from '#libs/kernel';
import { EmbeddedHost, HOST_LIMITS, type HostLimits } from '#libs/runtime-embedded';
import type { Definition } from '#libs/scenario';
import { VirtualClock } from '#libs/testkit';

/** A host over a real store, with people and effects that a test controls through their ports. */
export interface HostWorld {
  readonly clock: VirtualClock;
  readonly host: EmbeddedHost;
  readonly store: PostgresEnrolmentStore;
  readonly sent: string[];
  readonly emitted: { messageId: string; name: string }[];
  readonly event: (
    profileId: string,
    name: string,
    properties?: JsonObject,
    atMs?: number,
  ) => Promise<string>;
  readonly change: (change: Partial<ProfileChange> & { profileId: string }) => Promise<void>;
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Builds a world around definitions; everybody exists and lives in Paris. */
export async function hostWorld(
  database: Database,
  definitions: readonly Definition[],
  options: {
    startMs: number;
    limits?: Partial<HostLimits>;
    groupOf?: (unit: string) => 'policy' | 'holdout';
  },
): Promise<HostWorld> {
  const clock = new VirtualClock(options.startMs);
  const wallMs = (): number => clock.nowMs();
  const wakeups = new Wakeups(database, LOG_CHANNEL);
  const log = await EmbeddedLog.open(database, wakeups, { partitions: 4, wallMs });
  const store = new PostgresEnrolmentStore(database, wallMs);
  const reader: LogReader = await log.reader('router', ['profile.changes']);
  const history: Required<ProfileChange>[] = [];
  const merged = new Map<string, string>();
  const sent: string[] = [];
  const emitted: { messageId: string; name: string }[] = [];

  const people: PeopleSource = {
    load: (_tx, ids) =>
      Promise.resolve(new Map(ids.map((id) => [id, person((merged.get(id) ?? id) as ProfileId)]))),
  };
  const effects: EffectRunner = {
    decide: (_tx, requests) =>
      Promise.resolve(
        requests.map(({ command }) => ({
          kind: 'decided' as const,
          decisionId: `decision-of-${command.commandId}`,
          action: command.actions[0] ?? 'nothing',
          treatment: 'email',
        })),
      ),
    deliver: (_tx, requests) => {
      sent.push(...requests.map(({ command }) => command.commandId));
      return Promise.resolve(
        requests.map(() => ({ kind: 'delivered' as const, outcome: 'accepted' as const })),
      );
    },
    task: () => Promise.resolve(),
    call: () => Promise.resolve(),
    cancel: () => Promise.resolve(),
  };
  const eventHistory: EventHistory = {
    since: (_tx, requests) =>
      Promise.resolve(
        requests.map(({ profileId, names, mark }) =>
          history
            .filter((each) => each.profileId === profileId && names.includes(each.name ?? ''))
            .filter(
              (each) =>
                each.atMs > mark.atMs ||
                (each.atMs === mark.atMs && (each.eventKey ?? '') > mark.eventKey),
            )
            .sort((left, right) => left.atMs - right.atMs)
            .map((each) => ({
              key: each.eventKey ?? '',
              name: each.name ?? '',
              atMs: each.atMs,
              properties: each.properties as JsonObject,
              historical: each.historical,
            })),
        ),
      ),
  };
  const events: EventSink = {
    emit: (_tx, rows) => {
      emitted.push(...rows.map(({ messageId, name }) => ({ messageId, name })));
      return Promise.resolve();
    },
  };
  const results: ResultRecorder = {
    matched: () => Promise.resolve([]),
    closed: () => Promise.resolve([]),
    observed: () => Promise.resolve([]),
  };
  const host = new EmbeddedHost(
    {
      effects,
      history: eventHistory,
      events,
      calendar: new LuxonCalendar(),
      zones: () => ({ workspace: 'Europe/Paris', country: 'FR' }),
      work: database,
      store,
      people,
      definitions: new Definitions(
        definitions,
        definitions.map((each) => ({
          scenario: each.scenario,
          definition: each.hash,
          isPaused: false,
        })),
      ),
      results,
      groups: { groupOf: (_definition, unit) => options.groupOf?.(unit) ?? 'policy' },
      jobs: { next: () => Promise.resolve(null), advance: () => Promise.resolve() },
      migrations: new PostgresMigrationJobs(),
      clock,
    },
    { ...HOST_LIMITS, ...options.limits },
  );
  let count = 0;
  const change: HostWorld['change'] = async (given) => {
    const whole = {
      version: 1,
      eventKey: null,
      messageId: null,
      name: null,
      properties: {},
      atMs: clock.nowMs(),
      receivedAtMs: clock.nowMs(),
      historical: false,
      changed: [],
      source: 'test',
      sample: false,
      ...given,
    } as Required<ProfileChange>;
    if (given.mergedFrom !== undefined) merged.set(given.mergedFrom, given.profileId);
    history.push(whole);
    await database.transaction((tx) =>
      writeOutbox(tx, 'change_outbox', [{ key: whole.profileId, value: JSON.stringify(whole) }]),
    );
  };
  return {
    clock,
    host,
    store,
    sent,
    emitted,
    change,
    event: async (profileId, name, properties = {}, atMs) => {
      count += 1;
      const eventKey = `e${String(count).padStart(6, '0')}`;
      await change({
        profileId,
        eventKey,
        name,
        properties: properties,
        atMs: atMs ?? clock.nowMs(),
      });
      return eventKey;
    },
    settle: async () => {
      const lease = await store.acquire('router', 'test', 60_000);
      if (lease === null) throw new Error('the lease is held by another');
      for (let idle = 0; idle < 2;) {
        await publishOutbox(database, log, { outbox: 'change_outbox', maxRows: 1_000 });
        const batch = await reader.poll({ maxRecords: 500, waitMs: 0 });
        const turn = await host.turn(lease, batch, reader);
        const done = turn.changes + turn.inputs + turn.timers + turn.entrances + turn.migrations;
        idle = done === 0 ? idle + 1 : 0;
      }
    },
    close: () => wakeups.close(),
  };
}

function person(profileId: ProfileId): PersonContext {
  return {
    profileId,
    version: 1,
    profile: { country: 'FR', firstName: 'Léa', aggregates: { orders_365d: 4 } },
    account: null,
    accountId: null,
    timezone: 'Europe/Paris',
    locale: 'fr',
    groupUnit: profileId,
    segments: [],
    isSample: false,
  };
}
