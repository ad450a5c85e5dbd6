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
  ProfilePeople,
  ProfileSweeper,
  questionOf,
  resultOf,
  Results,
  TaskMaker,
  TaskSweeper,
  TimedEntrances,
  WebhookCaller,
  webhookCallOf,
  type ChannelSender,
  type Composer,
  type EffectRunner,
  type Pseudonyms,
  type WebhookClient,
  type WebhookPorts,
  type WebhookStore,
  drawGroup,
} from '#libs/application';
import { EntryCalendar } from '#libs/adapter-calendar';
import {
  EmbeddedLog,
  liftRefusals,
  LogEventSink,
  LOG_CHANNEL,
  PostgresAccountStore,
  PostgresContactStore,
  PostgresDeadLetterStore,
  PostgresDecisionStore,
  PostgresDeliveryStore,
  PostgresEnrolmentStore,
  PostgresEntranceJobs,
  PostgresEntranceStore,
  PostgresEventHistory,
  PostgresFeedbackStore,
  PostgresMigrationJobs,
  PostgresProfileReadStore,
  PostgresProfileStore,
  PostgresPublishedWorkspaces,
  PostgresResultStore,
  PostgresRfmCuts,
  PostgresWebhookStore,
  Wakeups,
  writeFacts,
  writeOutbox,
  type Database,
} from '#libs/adapter-postgres';
import { EmailComposer, SmsComposer, type LinkKey } from '#libs/channel-email';
import type { ProfileChange } from '#libs/contracts';
import type { Clock } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
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
  readonly webhooks: WebhookClient;
  readonly partitions: number;
  /** `PUBLIC_URL`, without a final slash. */
  readonly baseUrl: string;
  readonly linkKey: LinkKey;
  readonly wallMs: () => number;
  /** Names this run of this process. */
  readonly runId: string;
}

/** The parts of the engine, wired; loops turn them (loops.ts). */
export interface Engine extends Base, ProfileParts, RuntimeParts {
  readonly learner: Learner;
}

/** What every part leans on. */
interface Base {
  readonly options: EngineOptions;
  readonly wakeups: Wakeups;
  readonly log: EmbeddedLog;
  readonly workspace: ActiveWorkspace<PreparedWorkspace>;
}

interface ProfileParts {
  readonly live: ProfileConsumer;
  readonly historical: ProfileConsumer;
  readonly sweeper: ProfileSweeper;
  readonly ingest: ProfileIngest;
  readonly rfm: PostgresRfmCuts;
}

interface RuntimeParts {
  readonly store: PostgresEnrolmentStore;
  readonly deliveries: PostgresDeliveryStore;
  readonly host: EmbeddedHost;
  readonly sender: DeliverySender;
  readonly taskSweeper: TaskSweeper;
  readonly webhooks: WebhookCaller;
}

/** Wires the engine over one store. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { database, clock } = options;
  const base = await openBase(options);
  return {
    ...base,
    ...(await profileParts(base)),
    ...runtimeParts(base),
    learner: new Learner({
      work: database,
      reader: await base.log.reader('learner', ['facts']),
      lessons: new PostgresDecisionStore(),
      clock,
    }),
  };
}

async function openBase(options: EngineOptions): Promise<Base> {
  const { calendar, database, partitions, wallMs } = options;
  const wakeups = new Wakeups(database, LOG_CHANNEL);
  const log = await EmbeddedLog.open(database, wakeups, { partitions, wallMs });
  const workspace = new ActiveWorkspace(
    new PostgresPublishedWorkspaces(database),
    (published) => prepareWorkspace(published, calendar),
    (date, zone) => calendar.dayStartMs(dayNumberOf(date), zone),
  );
  return { options, wakeups, log, workspace };
}

const dayNumberOf = (date: string): number =>
  Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);

async function profileParts({ options, log, workspace }: Base): Promise<ProfileParts> {
  const { database, clock } = options;
  const store = new PostgresProfileStore(database);
  const rfm = new PostgresRfmCuts(database);
  // Before the first profile is told of: without cuts its score would be taken back.
  await rfm.load();
  const ingest = new ProfileIngest({
    store,
    accounts: new PostgresAccountStore(),
    settings: { current: () => workspace.prepared.profile },
    pseudonyms: options.pseudonyms,
    clock,
    rfmCuts: () => rfm.current(),
    writeFacts,
    liftRefusals,
    writeChanges: (tx, changes: readonly ProfileChange[]) =>
      writeOutbox(
        tx,
        'change_outbox',
        changes.map((change) => ({ key: change.profileId, value: JSON.stringify(change) })),
      ),
  });
  const deadLetters = new PostgresDeadLetterStore(database);
  const shared = { unitOfWork: database, ingest, store, deadLetters, clock };
  return {
    ingest,
    rfm,
    live: new ProfileConsumer({ ...shared, reader: await log.reader('profile', ['events.raw']) }),
    historical: new ProfileConsumer({
      ...shared,
      reader: await log.reader('history', ['events.historical']),
    }),
    sweeper: new ProfileSweeper({ store, ingest, unitOfWork: database, clock }),
  };
}

function runtimeParts(base: Base): RuntimeParts {
  const { options, log, workspace } = base;
  const { calendar, clock, database, pseudonyms, wallMs } = options;
  const hashAddress = (channel: string, address: string): string =>
    pseudonyms.hash(channel, address);
  const store = new PostgresEnrolmentStore(database, wallMs);
  const deliveries = new PostgresDeliveryStore(database);
  const results = new PostgresResultStore();
  const calls = new PostgresWebhookStore(database);
  const people = new ProfilePeople(new PostgresProfileReadStore(database), {
    current: () => workspace.prepared.profile,
  });
  const contacts = new PostgresContactStore(hashAddress);
  const known = { calendar, evaluate: createEvaluate() };
  const events = new LogEventSink(log);
  const shared = { catalogue: workspace, contacts, known, writeFacts, deliveries };
  const feedbackStore = new PostgresFeedbackStore(hashAddress);
  const feedback = new Feedback(feedbackStore, deliveries);
  return {
    store,
    deliveries,
    taskSweeper: new TaskSweeper({
      unitOfWork: database,
      tasks: feedbackStore,
      writeFacts,
      clock,
    }),
    host: new EmbeddedHost({
      effects: effectsOf({ ...shared, tasks: results, calls }),
      history: new PostgresEventHistory(),
      events,
      calendar,
      zones: zonesOf(base),
      work: database,
      store,
      people,
      definitions: workspace,
      results: new Results(results, workspace, feedback),
      groups: groupsOf(base),
      jobs: new PostgresEntranceJobs(),
      timed: timedEntrances(base),
      migrations: new PostgresMigrationJobs(),
      clock,
    }),
    webhooks: callerOf(base, { calls, inbox: store }),
    sender: new DeliverySender({
      ...shared,
      work: database,
      people,
      inbox: store,
      events,
      composers: composersOf(base),
      channels: options.channels,
      clock,
      wallMs,
      runId: options.runId,
    }),
  };
}

const zonesOf =
  ({ workspace }: Base): ConstructorParameters<typeof EmbeddedHost>[0]['zones'] =>
  () => {
    const { timezone, country } = workspace.current();
    return { workspace: timezone, country };
  };

function callerOf(
  { options, workspace }: Base,
  stores: Pick<WebhookPorts, 'calls' | 'inbox'>,
): WebhookCaller {
  const { clock, database, wallMs, webhooks } = options;
  return new WebhookCaller({
    ...stores,
    work: database,
    client: webhooks,
    urlOf: (endpoint) => workspace.published.compiled.relance.webhooks?.[endpoint]?.url,
    clock,
    wallMs,
  });
}

function timedEntrances({ workspace }: Base): TimedEntrances {
  return new TimedEntrances({
    store: new PostgresEntranceStore(),
    calendar: new EntryCalendar(),
    definitions: workspace,
    workspaceZone: () => workspace.current().timezone,
  });
}

function groupsOf({ workspace }: Base): ConstructorParameters<typeof EmbeddedHost>[0]['groups'] {
  return {
    groupOf: (definition, unit) =>
      drawGroup(workspace.current(), { purpose: definition.purpose, definition }, unit),
  };
}

type EffectParts = Omit<ConstructorParameters<typeof DeliveryPlanner>[0], 'decisions' | 'tasks'> & {
  readonly tasks: PostgresResultStore;
  readonly calls: WebhookStore;
};

/** Decisions, deliveries and tasks, all inside the host's transaction. */
function effectsOf({ tasks: store, calls, ...shared }: EffectParts): EffectRunner {
  const decisions = new PostgresDecisionStore();
  const { catalogue, deliveries } = shared;
  const tasks = new TaskMaker({
    catalogue,
    tasks: store,
    deliveries,
    renderText: renderTaskText,
    writeFacts,
  });
  const decider = new Decider({ ...shared, decisions, elapsedMs: () => performance.now() });
  const planner = new DeliveryPlanner({ ...shared, decisions, tasks });
  return {
    decide: async (tx, requests) =>
      (await decider.decide(tx, requests.map(questionOf))).map(resultOf),
    deliver: (tx, requests) => planner.plan(tx, requests),
    task: (tx, requests) => tasks.fromSteps(tx, requests),
    call: (tx, requests) => calls.ask(tx, requests.map(webhookCallOf)),
    cancel: async (tx, of, nowMs) => {
      await planner.cancel(tx, of, nowMs);
      const { enrolmentIds, commandIds: ids } = of;
      if (enrolmentIds.length + ids.length > 0) await calls.cancel(tx, { enrolmentIds, ids });
    },
  };
}

function composersOf({ options, workspace }: Base): ReadonlyMap<string, Composer> {
  const composing = {
    catalogue: workspace,
    emailTemplate: (id: string) => workspace.prepared.emailTemplates.get(id),
    smsTemplate: (key: string) => workspace.prepared.smsTemplates.get(key),
    baseUrl: options.baseUrl,
    key: options.linkKey,
  };
  return new Map<string, Composer>([
    ['email', new EmailComposer(composing)],
    ['sms', new SmsComposer(composing)],
  ]);
}
