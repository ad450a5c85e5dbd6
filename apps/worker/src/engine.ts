import { performance } from 'node:perf_hooks';
import {
  ActiveWorkspace,
  createEvaluate,
  Decider,
  DeliveryPlanner,
  DeliverySender,
  Feedback,
  Learner,
  ProfileConsumer,
  ProfileIngest,
  ProfileSweeper,
  questionOf,
  resultOf,
  Results,
  TaskMaker,
  type ChannelSender,
  type Composer,
  type EffectRunner,
  type Pseudonyms,
} from '#libs/application';
import {
  EmbeddedLog,
  LogEventSink,
  LOG_CHANNEL,
  PostgresAccountStore,
  PostgresContactStore,
  PostgresDeadLetterStore,
  PostgresDecisionStore,
  PostgresDeliveryStore,
  PostgresEnrolmentStore,
  PostgresEntranceJobs,
  PostgresEventHistory,
  PostgresFeedbackStore,
  PostgresPeople,
  PostgresProfileStore,
  PostgresPublishedWorkspaces,
  PostgresResultStore,
  Wakeups,
  writeFacts,
  writeOutbox,
  type Database,
} from '#libs/adapter-postgres';
import { EmailComposer, SmsComposer, type LinkKey } from '#libs/channel-email';
import type { ProfileChange } from '#libs/contracts';
import type { Clock } from '#libs/kernel';
import { groupFor, type ZonedCalendar } from '#libs/policy';
import { EmbeddedHost } from '#libs/runtime-embedded';
import { prepareWorkspace, type PreparedWorkspace } from './prepared.js';
import { renderTaskText } from './task-text.js';

/** What the engine is made from. */
export interface EngineOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly calendar: ZonedCalendar;
  readonly pseudonyms: Pseudonyms;
  readonly channels: ReadonlyMap<string, ChannelSender>;
  readonly partitions: number;
  /** `PUBLIC_URL`, without a final slash. */
  readonly baseUrl: string;
  readonly linkKey: LinkKey;
  readonly wallMs: () => number;
  /** Names this run of this process. */
  readonly runId: string;
}

/** The parts of the engine, wired; loops turn them (loops.ts). */
export interface Engine {
  readonly options: EngineOptions;
  readonly wakeups: Wakeups;
  readonly log: EmbeddedLog;
  readonly workspace: ActiveWorkspace<PreparedWorkspace>;
  readonly live: ProfileConsumer;
  readonly historical: ProfileConsumer;
  readonly sweeper: ProfileSweeper;
  readonly ingest: ProfileIngest;
  readonly store: PostgresEnrolmentStore;
  readonly host: EmbeddedHost;
  readonly sender: DeliverySender;
  readonly learner: Learner;
  readonly deliveries: PostgresDeliveryStore;
}

/** Wires the engine over one store. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { database, clock, calendar, wallMs } = options;
  const wakeups = new Wakeups(database, LOG_CHANNEL);
  const log = await EmbeddedLog.open(database, wakeups, { partitions: options.partitions, wallMs });
  const workspace = new ActiveWorkspace(
    new PostgresPublishedWorkspaces(database),
    (published) => prepareWorkspace(published, calendar),
    (date, zone) =>
      calendar.dayStartMs(Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000), zone),
  );
  const settings = { current: () => workspace.prepared.profile };
  const profiles = new PostgresProfileStore(database);
  const ingest = new ProfileIngest({
    store: profiles,
    accounts: new PostgresAccountStore(),
    settings,
    pseudonyms: options.pseudonyms,
    clock,
    rfmCuts: () => null,
    writeFacts,
    writeChanges: (tx, changes: readonly ProfileChange[]) =>
      writeOutbox(
        tx,
        'change_outbox',
        changes.map((change) => ({ key: change.profileId, value: JSON.stringify(change) })),
      ),
  });
  const consumer = async (topic: 'events.raw' | 'events.historical'): Promise<ProfileConsumer> =>
    new ProfileConsumer({
      reader: await log.reader(topic === 'events.raw' ? 'profile' : 'history', [topic]),
      unitOfWork: database,
      ingest,
      store: profiles,
      deadLetters: new PostgresDeadLetterStore(database),
      clock,
    });
  const store = new PostgresEnrolmentStore(database, wallMs);
  const deliveries = new PostgresDeliveryStore(database);
  const people = new PostgresPeople(() => workspace.prepared.profile.rules);
  const contacts = new PostgresContactStore((channel, address) =>
    options.pseudonyms.hash(channel, address),
  );
  const decisions = new PostgresDecisionStore();
  const results = new PostgresResultStore();
  const known = { calendar, evaluate: createEvaluate() };
  const shared = { catalogue: workspace, contacts, known, writeFacts };
  const tasks = new TaskMaker({
    catalogue: workspace,
    tasks: results,
    deliveries,
    renderText: renderTaskText,
    writeFacts,
  });
  const decider = new Decider({ ...shared, decisions, elapsedMs: () => performance.now() });
  const planner = new DeliveryPlanner({ ...shared, decisions, deliveries, tasks });
  const effects: EffectRunner = {
    decide: async (tx, requests) =>
      (await decider.decide(tx, requests.map(questionOf))).map(resultOf),
    deliver: (tx, requests) => planner.plan(tx, requests),
    task: (tx, requests) => tasks.fromSteps(tx, requests),
    cancel: (tx, ids, nowMs) => planner.cancel(tx, ids, nowMs),
  };
  const events = new LogEventSink(log);
  const host = new EmbeddedHost({
    effects,
    history: new PostgresEventHistory(),
    events,
    calendar,
    zones: () => ({
      workspace: workspace.current().timezone,
      country: workspace.current().country,
    }),
    work: database,
    store,
    people,
    definitions: workspace,
    results: new Results(
      results,
      workspace,
      new Feedback(
        new PostgresFeedbackStore((channel, address) => options.pseudonyms.hash(channel, address)),
        deliveries,
      ),
    ),
    groups: { groupOf: (definition, unit) => drawGroup(workspace, definition, unit) },
    jobs: new PostgresEntranceJobs(),
    clock,
  });
  const composing = {
    catalogue: workspace,
    emailTemplate: (id: string) => workspace.prepared.emailTemplates.get(id),
    smsTemplate: (key: string) => workspace.prepared.smsTemplates.get(key),
    baseUrl: options.baseUrl,
    key: options.linkKey,
  };
  const sender = new DeliverySender({
    work: database,
    deliveries,
    contacts,
    people,
    inbox: store,
    events,
    catalogue: workspace,
    known,
    composers: new Map<string, Composer>([
      ['email', new EmailComposer(composing)],
      ['sms', new SmsComposer(composing)],
    ]),
    channels: options.channels,
    writeFacts,
    clock,
    wallMs,
    runId: options.runId,
  });
  return {
    options,
    wakeups,
    log,
    workspace,
    live: await consumer('events.raw'),
    historical: await consumer('events.historical'),
    sweeper: new ProfileSweeper({ store: profiles, ingest, unitOfWork: database, clock }),
    ingest,
    store,
    host,
    sender,
    learner: new Learner({
      work: database,
      reader: await log.reader('learner', ['facts']),
      lessons: decisions,
      clock,
    }),
    deliveries,
  };
}

/** Global groups first, then the scenario's own holdout; sticky by a hash of the person. */
function drawGroup(
  workspace: ActiveWorkspace<PreparedWorkspace>,
  definition: {
    readonly scenario: string;
    readonly purpose: string;
    readonly holdoutShare: number;
  },
  unit: string,
): ReturnType<typeof groupFor> {
  const { holdout, purposes, randomControlShare } = workspace.current();
  if (purposes.get(definition.purpose)?.ignores?.includes('holdout') === true) return 'policy';
  const { salt } = holdout;
  return groupFor(
    { salt, unit: 'workspace', holdout: holdout.share, randomControl: randomControlShare },
    { salt, unit: definition.scenario, holdout: definition.holdoutShare, randomControl: 0 },
    unit,
  );
}
