import {
  Access,
  AccountConsole,
  CoverageConsole,
  DeadLetters,
  DecisionConsole,
  DraftConsole,
  EngineEvents,
  ImportConsole,
  nodeSecrets,
  OperateConsole,
  OperationsConsole,
  PersonConsole,
  ProfileReader,
  ResultsConsole,
  ScenarioConsole,
  StatusConsole,
  sameAgain,
  TaskConsole,
  WorkspaceConsole,
  type AnalyticsReader,
  type CaptureOutcome,
  type ConsoleGround,
  type EngineState,
  type EventLog,
  type TablesAddress,
} from '#libs/application';
import { ruleProblem } from '#libs/adapter-calendar';
import {
  PostgresAccessStore,
  PostgresAccountReader,
  PostgresCandidateReader,
  PostgresConsoleWorkspaceStore,
  PostgresDeadLetterStore,
  PostgresDecisionReader,
  PostgresDraftStore,
  PostgresHoldStore,
  PostgresImportStore,
  PostgresOperateStore,
  PostgresOperationsReader,
  PostgresPersonReader,
  PostgresProfileReadStore,
  PostgresSampleRemoval,
  PostgresScenarioReader,
  writeFacts,
  type Database,
} from '#libs/adapter-postgres';
import { emailTemplateProblems } from '#libs/channel-email';
import type { Clock, EpochMs } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import type { ApiWorkspace } from '../engine/workspace.js';

/** What the console is made from. */
export interface ConsoleOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly clock: Clock & { readonly speed: number; readonly isAccelerated: boolean };
  readonly calendar: ZonedCalendar;
  /** What is published, as all of the process uses it. */
  readonly workspace: ApiWorkspace;
  /** Null: no analytics store; pages say so and show the rest. */
  readonly analytics: AnalyticsReader | null;
  readonly tables: TablesAddress;
  readonly publicUrl: string;
  /** The home's own key. */
  readonly homeKey: string;
  readonly version: string;
  readonly isSample: boolean;
  readonly hashAddress: (channel: string, address: string) => string;
  /** Takes one event in through capture's own door. */
  readonly takeEvent: (message: Readonly<Record<string, unknown>>) => Promise<CaptureOutcome>;
  readonly probe: () => Promise<readonly EngineState[]>;
  readonly disk: () => Promise<{
    readonly freeBytes: number | null;
    readonly totalBytes: number | null;
  }>;
  readonly wallMs: () => EpochMs;
  /** Monotonic. */
  readonly elapsedMs: () => number;
}

/** The console's use cases, wired over one store. */
export interface Console {
  readonly options: ConsoleOptions;
  readonly ground: ConsoleGround;
  readonly access: Access;
  readonly scenarios: ScenarioConsole;
  readonly people: PersonConsole;
  readonly accounts: AccountConsole;
  readonly tasks: TaskConsole;
  readonly decisions: DecisionConsole;
  readonly operate: OperateConsole;
  readonly coverage: CoverageConsole;
  readonly operations: OperationsConsole;
  readonly workspace: WorkspaceConsole;
  readonly drafts: DraftConsole;
  readonly imports: ImportConsole;
  readonly status: StatusConsole;
  readonly results: ResultsConsole;
  readonly profiles: PostgresProfileReadStore;
  readonly sampleRemoval: PostgresSampleRemoval;
  /** Loads what is published where it changed; asks the store once a second at most. */
  refresh(): Promise<void>;
  /** E-mails of those who own accounts. */
  owners(): Promise<readonly string[]>;
}

const REFRESH_MS = 1_000;
const MOST_OWNERS = 20;

/** What is read from, made once. */
function readersOf(options: ConsoleOptions) {
  const { database, clock, calendar, workspace, elapsedMs } = options;
  const ground: ConsoleGround = { workspace, clock, calendar, elapsedMs };
  return {
    ground,
    settings: { current: () => workspace.prepared },
    profiles: new PostgresProfileReadStore(database),
    people: new PostgresPersonReader(database),
    accounts: new PostgresAccountReader(database),
    operations: new PostgresOperationsReader(database),
    standing: new PostgresScenarioReader(database),
  };
}

type Readers = ReturnType<typeof readersOf>;

/** Pages on scenarios, people, accounts and decisions. */
function pagesOf(
  options: ConsoleOptions,
  readers: Readers,
): Pick<Console, 'scenarios' | 'people' | 'accounts' | 'tasks' | 'decisions'> {
  const { database, log, clock, analytics, hashAddress } = options;
  const { ground, settings, profiles, people, accounts, operations, standing } = readers;
  const events = new EngineEvents(log, clock);
  const tasks = new TaskConsole({
    ground,
    reader: accounts,
    people,
    unitOfWork: database,
    tasks: accounts,
    emit: (tx, event) => events.emit(tx, [event]),
    writeFacts,
  });
  return {
    tasks,
    scenarios: new ScenarioConsole({
      ground,
      reader: standing,
      analytics,
      trouble: (sinceMs) => operations.trouble(sinceMs, clock.nowMs()),
    }),
    people: new PersonConsole({
      ground,
      profiles: new ProfileReader(profiles, settings),
      settings,
      reader: people,
      analytics,
      holds: new PostgresHoldStore(database),
      hashAddress,
    }),
    accounts: new AccountConsole({
      ground,
      reader: accounts,
      people,
      profiles,
      settings,
      tasks,
      hashAddress,
    }),
    decisions: new DecisionConsole({
      ground,
      reader: new PostgresDecisionReader(database),
      people,
    }),
  };
}

/** What operators, publishers and analysts work with. */
function worksOf(
  options: ConsoleOptions,
  { ground, people, operations, standing, profiles, settings }: Readers,
): Pick<
  Console,
  'operate' | 'coverage' | 'operations' | 'workspace' | 'drafts' | 'imports' | 'status' | 'results'
> {
  const { database, log, clock, analytics, tables, isSample } = options;
  const published = new PostgresConsoleWorkspaceStore(database);
  const workspace = new WorkspaceConsole({
    ground,
    store: published,
    unitOfWork: database,
    standing: () => standing.standing(),
    isSample,
    checkTemplates: sameAgain(emailTemplateProblems),
    checkRule: ruleProblem,
  });
  return {
    coverage: new CoverageConsole({
      ground,
      reader: new PostgresCandidateReader(database),
      profiles,
      settings,
    }),
    operate: new OperateConsole({
      ground,
      holds: new PostgresHoldStore(database),
      store: new PostgresOperateStore(database),
      unitOfWork: database,
      speed: () => clock.speed,
    }),
    operations: new OperationsConsole({
      ground,
      reader: operations,
      letters: new DeadLetters({
        store: new PostgresDeadLetterStore(database),
        log,
        unitOfWork: database,
        clock,
      }),
      people,
    }),
    workspace,
    drafts: new DraftConsole({
      ground,
      drafts: new PostgresDraftStore(database),
      published,
      workspace,
    }),
    imports: new ImportConsole({
      ground,
      log,
      store: new PostgresImportStore(database),
      unitOfWork: database,
    }),
    status: statusOf(options, { ground, operations }),
    results: new ResultsConsole({ ground, analytics, address: tables }),
  };
}

/** Wires the console. Nothing is asked of the store until a request comes. */
export function createConsole(options: ConsoleOptions): Console {
  const { database, workspace, wallMs, elapsedMs } = options;
  const readers = readersOf(options);
  let askedMs = -Infinity;
  return {
    options,
    ground: readers.ground,
    profiles: readers.profiles,
    access: new Access({
      store: new PostgresAccessStore(database),
      secrets: nodeSecrets,
      wallMs,
      elapsedMs,
      homeKey: options.homeKey,
    }),
    sampleRemoval: new PostgresSampleRemoval(database, options.hashAddress),
    ...pagesOf(options, readers),
    ...worksOf(options, readers),
    async refresh() {
      if (elapsedMs() - askedMs < REFRESH_MS) return;
      askedMs = elapsedMs();
      await workspace.refresh();
    },
    async owners() {
      const found = await database.query<{ owner: string }>(
        `SELECT DISTINCT lower(traits::jsonb->'owner'->>'value') AS owner FROM account
         WHERE traits::jsonb->'owner'->>'value' IS NOT NULL ORDER BY 1 LIMIT ${MOST_OWNERS}`,
      );
      return found.rows.map(({ owner }) => owner);
    },
  };
}

function statusOf(
  options: ConsoleOptions,
  parts: { readonly ground: ConsoleGround; readonly operations: PostgresOperationsReader },
): StatusConsole {
  const { clock, version, wallMs, probe, disk } = options;
  return new StatusConsole({
    ground: parts.ground,
    reader: parts.operations,
    holds: new PostgresHoldStore(options.database),
    speed: () => clock.speed,
    isAccelerated: () => clock.isAccelerated,
    wallMs,
    version,
    probe,
    disk,
  });
}
