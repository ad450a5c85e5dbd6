export {
  Access,
  LINK_MS,
  SESSION_MS,
  type AccessPorts,
  type AccessRefusal,
  type Principal,
  type SignedIn,
} from './access/access.js';
export { nodeSecrets } from './access/node-secrets.js';
export type {
  AccessSecrets,
  AccessStore,
  ConsoleUser,
  PersonRole,
  StoredKey,
  Ticket,
} from './access/ports.js';
export type { HoldAct, HoldReach, HoldRow, HoldStore } from './operate/holds.js';
export type {
  ActReach,
  ActRow,
  EnrolmentChoice,
  OperateStore,
  OperatorAct,
  Trouble,
  TroubleCount,
  TroubledRow,
} from './operate/ports.js';
export {
  CoverageConsole,
  type Candidate,
  type CandidateReader,
  type CoverageConsolePorts,
} from './coverage/coverage-console.js';
export { OperateConsole, type OperateConsolePorts } from './operate/operate-console.js';
export type { UnknownScenario } from './unknown-scenario.js';
export type { ConsoleGround, PublishedSource } from './workspace-source.js';
export type {
  EnrolledQuery,
  EnrolledRow,
  ScenarioFigure,
  ScenarioReader,
  SourceRow,
  StandingCount,
  TroubleCounts,
  VersionRow,
  WithheldCount,
} from './scenarios/ports.js';
export { ScenarioConsole, type ScenarioConsolePorts } from './scenarios/scenario-console.js';
export type {
  Before,
  ConsoleSuppression,
  DeliveryHappening,
  EnrolmentLine,
  EntryLine,
  HappenedQuery,
  PersonHit,
  PersonReader,
  PersonSearch,
} from './people/ports.js';
export { PersonConsole, type PersonConsolePorts, type Sight } from './people/person-console.js';
export {
  DecisionConsole,
  type DecisionConsolePorts,
  type DecisionQuery,
  type DecisionReader,
} from './decisions/decision-console.js';
export type {
  AccountQuery,
  AccountReader,
  AccountRow,
  ComplaintRow,
  EmitClosed,
  MemberRow,
  OrderRow,
  TaskCloser,
  TaskQuery,
  UpcomingRow,
} from './accounts/ports.js';
export { AccountConsole, type AccountConsolePorts } from './accounts/account-console.js';
export { TaskConsole, type TaskConsolePorts } from './accounts/task-console.js';
export type {
  AppliedWorkspace,
  DeadLetterAsk,
  DeadLetterCause,
  ImportProgress,
  ImportStore,
  JobRow,
  OperationsReader,
  PlacesCount,
  PublishingRow,
  QueueRow,
  SandboxOrigin,
  SandboxRow,
  WorkspaceStore,
  WorkspaceToApply,
} from './operations/ports.js';
export { OperationsConsole, type OperationsConsolePorts } from './operations/operations-console.js';
export {
  WorkspaceConsole,
  type WorkspaceConsolePorts,
  type WorkspaceContent,
} from './operations/workspace-console.js';
export { ImportConsole, type ImportConsolePorts } from './operations/import-console.js';
export {
  StatusConsole,
  type EngineState,
  type StatusConsolePorts,
} from './operations/status-console.js';
export {
  ResultsConsole,
  type ResultsConsolePorts,
  type TablesAddress,
} from './operations/results-console.js';
export type { ChosenFile, DraftRow, DraftStore } from './draft/ports.js';
export { DraftConsole, type DraftConsolePorts, type DraftRefusal } from './draft/draft-console.js';
