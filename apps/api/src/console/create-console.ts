import {
  Access,
  AccountConsole,
  ActiveWorkspace,
  DeadLetters,
  DecisionConsole,
  EngineEvents,
  ImportConsole,
  nodeSecrets,
  OperationsConsole,
  PersonConsole,
  ProfileReader,
  ResultsConsole,
  ScenarioConsole,
  StatusConsole,
  TaskConsole,
  WorkspaceConsole,
  type AnalyticsReader,
  type CaptureOutcome,
  type ConsoleGround,
  type EngineState,
  type EventLog,
  type ProfileSettings,
  type TablesAddress,
} from '#libs/application';
import {
  PostgresAccessStore,
  PostgresAccountReader,
  PostgresConsoleWorkspaceStore,
  PostgresDeadLetterStore,
  PostgresDecisionReader,
  PostgresImportStore,
  PostgresOperationsReader,
  PostgresPersonReader,
  PostgresProfileReadStore,
  PostgresPublishedWorkspaces,
  PostgresScenarioReader,
  writeFacts,
  type Database,
} from '#libs/adapter-postgres';
import type { Clock, EpochMs } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import { profileSettingsOf } from './profile-settings.js';

/** What the console is made from. */
export interface ConsoleOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly clock: Clock & { readonly speed: number; readonly isAccelerated: boolean };
  readonly calendar: ZonedCalendar;
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
  readonly operations: OperationsConsole;
  readonly workspace: WorkspaceConsole;
  readonly imports: ImportConsole;
  readonly status: StatusConsole;
  readonly results: ResultsConsole;
  readonly profiles: PostgresProfileReadStore;
  /** Loads what is published where it changed; asks the store once a second at most. */
  refresh(): Promise<void>;
  /** E-mails of those who own accounts. */
  owners(): Promise<readonly string[]>;
}

const REFRESH_MS = 1_000;
const DAY_MS = 86_400_000;
const MOST_OWNERS = 20;

/** Wires the console. Nothing is asked of the store until a request comes. */
export function createConsole(options: ConsoleOptions): Console {
  const { database, log, clock, calendar, analytics, wallMs, elapsedMs, isSample } = options;
  const published = new ActiveWorkspace<ProfileSettings>(
    new PostgresPublishedWorkspaces(database),
    (workspace) => Promise.resolve(profileSettingsOf(workspace, calendar)),
    (date, zone) => calendar.dayStartMs(Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS), zone),
  );
  const settings = { current: () => published.prepared };
  const ground: ConsoleGround = { workspace: published, clock, calendar, elapsedMs };
  const profiles = new PostgresProfileReadStore(database);
  const people = new PostgresPersonReader(database);
  const accounts = new PostgresAccountReader(database);
  const operations = new PostgresOperationsReader(database);
  const standing = new PostgresScenarioReader(database);
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
  const { hashAddress } = options;
  let askedMs = -Infinity;
  return {
    options,
    ground,
    profiles,
    tasks,
    access: new Access({
      store: new PostgresAccessStore(database),
      secrets: nodeSecrets,
      wallMs,
      elapsedMs,
      homeKey: options.homeKey,
    }),
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
    operations: new OperationsConsole({
      ground,
      reader: operations,
      letters: new DeadLetters({
        store: new PostgresDeadLetterStore(database),
        log,
        unitOfWork: database,
      }),
      people,
    }),
    workspace: new WorkspaceConsole({
      ground,
      store: new PostgresConsoleWorkspaceStore(database),
      unitOfWork: database,
      standing: () => standing.standing(),
      isSample,
    }),
    imports: new ImportConsole({
      ground,
      log,
      store: new PostgresImportStore(database),
      unitOfWork: database,
    }),
    status: statusOf(options, { ground, operations }),
    results: new ResultsConsole({ ground, analytics, address: options.tables }),
    async refresh() {
      if (elapsedMs() - askedMs < REFRESH_MS) return;
      askedMs = elapsedMs();
      await published.refresh();
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
    speed: () => clock.speed,
    isAccelerated: () => clock.isAccelerated,
    wallMs,
    version,
    probe,
    disk,
  });
}
