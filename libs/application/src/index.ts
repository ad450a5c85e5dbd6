export { StoreError, type Tx, type UnitOfWork } from './ports/transaction.js';
export {
  FencedError,
  type EventLog,
  type LogAppend,
  type LogBatch,
  type LogPosition,
  type LogReader,
  type LogRecord,
  type Topic,
} from './log/event-log.js';
export type {
  ChannelSender,
  CompiledTemplate,
  EmailLocaleSource,
  EmailMessage,
  EmailTemplateSource,
  MessageChannel,
  OutgoingMessage,
  RenderedEmail,
  RenderProblem,
  SendFailure,
  SendResult,
  SmsMessage,
  TemplateProblem,
  TemplateVariables,
  TextTemplateSource,
} from './channels/ports.js';
export type {
  DefinitionSource,
  EndedEnrolment,
  EntranceJobs,
  EntrancePage,
  EnrolmentRow,
  EnrolmentStore,
  EventHistory,
  EventSink,
  Group,
  InboxInput,
  InboxRow,
  Lease,
  LedgerRow,
  PeopleSource,
  PersonContext,
  Rekeyed,
  RuntimeChanges,
  StoredEnrolment,
  WatchRow,
} from './runtime/ports.js';
export type { EffectRequest, EffectRunner, ResultRecorder, WatchMatch } from './runtime/effects.js';
export {
  AnalyticsError,
  type AnalyticsInsertOptions,
  type AnalyticsParam,
  type AnalyticsReader,
  type AnalyticsWriter,
} from './analytics/ports.js';
export type {
  ActionRule,
  Catalogue,
  CatalogueSource,
  SenderRule,
  TreatmentRule,
} from './catalogue/catalogue.js';
export { createEvaluate, type Evaluate } from './expression/evaluate.js';
export type {
  ContactAddress,
  ContactReservation,
  ContactState,
  ContactStore,
} from './contact/contact.js';
export { gateRequest, type Contact, type GateKnowledge } from './contact/gate-input.js';
export {
  Decider,
  questionOf,
  resultOf,
  scopeOf,
  type DeciderPorts,
  type DecisionQuestion,
} from './decision/decider.js';
export { decisionFact } from './decision/decision-fact.js';
export type { DecisionStore, ModelSnapshot, StoredDecision } from './decision/ports.js';
export type { ComposedMessage, Composer, ComposeRefusal } from './delivery/composer.js';
export { deliveryFact, withheldFact } from './delivery/delivery-fact.js';
export { DeliveryPlanner, type PlannerPorts } from './delivery/planner.js';
export type { Delivery, DeliveryState, DeliveryStore, WithheldRow } from './delivery/ports.js';
export { DeliverySender, MOST_IN_HAND, type SenderPorts } from './delivery/sender.js';
export {
  TaskMaker,
  taskFact,
  type RenderText,
  type TaskMakerPorts,
  type TaskRow,
  type TaskStore,
} from './task/task-maker.js';
export { Learner, lessonOf, sumLessons } from './results/learner.js';
export type { Lesson, LessonStore, OutcomeRow, ResultStore, RewardRow } from './results/ports.js';
export { OBSERVED_EVENTS, Results, STEP_REWARD } from './results/recorder.js';
export { pause, runLoop, type LoopEvents, type LoopWork } from './process/loop.js';
export { buildCatalogue, type CatalogueMoment, type CatalogueParts } from './catalogue/build.js';
export { Definitions, type ScenarioInForce } from './catalogue/definitions.js';
export { AnalyticsSink } from './analytics/sink.js';
export { ActiveWorkspace, type Prepare } from './catalogue/active.js';
export type { PublishedWorkspace, PublishedWorkspaces } from './workspace/published.js';
export {
  StaleReadError,
  type AccountStore,
  type AccountTrait,
  type ConsentKey,
  type ContactPoints,
  type CountedEvent,
  type DeadLetter,
  type DeadLetterQuery,
  type DeadLetterStore,
  type ErasureReport,
  type ErasureStore,
  type EventProbe,
  type EventRow,
  type IdKey,
  type Membership,
  type NodeBase,
  type ProfileChanges,
  type ProfileRow,
  type ProfileStore,
  type RefusedMerge,
  type SegmentMove,
  type StoredAccount,
  type StoredProfile,
  type TombstoneRow,
  type UndoneMerge,
  type UnmergeStore,
} from './profile/ports.js';
export {
  ProfileConsumer,
  type ConsumerOptions,
  type ConsumerPorts,
  type RoundReport,
} from './profile/consumer.js';
export { DeadLetters, type DeadLetterPorts } from './profile/dead-letters.js';
export { ProfileIngest, type IngestPorts, type IngestReport } from './profile/ingest.js';
export type { RefreshCause } from './profile/session.js';
export { CONSENT_CHANGED, type Rejection, type RejectionCode } from './profile/incoming.js';
export { keyedPseudonyms } from './profile/pseudonyms.js';
export { profileSettings } from './profile/profile-settings.js';
export type {
  DayCalendar,
  ProfileSettings,
  ProfileSettingsSource,
  Pseudonyms,
} from './profile/settings.js';
export { ProfileSweeper, type SweeperPorts } from './profile/sweeper.js';
export { lintWorkspace, type LintResult } from './workspace/lint-workspace.js';
export {
  movedStepWarnings,
  planWorkspace,
  type PlannedKind,
  type ScenarioChange,
  type WorkspaceChange,
} from './workspace/plan-workspace.js';
export {
  AccessKeys,
  keyHashOf,
  type AccessKey,
  type AccessKeyStore,
  type HomeKeys,
} from './capture/access-keys.js';
export {
  Capture,
  type CaptureCaller,
  type CaptureOutcome,
  type CapturePorts,
  type CaptureRequest,
  type CaptureVerdict,
} from './capture/capture.js';
export { CaptureQueue, type CaptureQueueOptions } from './capture/capture-queue.js';
export { truncateIp } from './capture/context.js';
export { normaliseMessage, type CaptureFacts } from './capture/normalise.js';
export { RateLimit, type RateLimitOptions } from './capture/rate-limit.js';
export {
  Refusals,
  type RefusalCount,
  type RefusalSample,
  type RefusalStore,
} from './capture/refusals.js';
export {
  BATCH_MAX_EVENTS,
  BODY_MAX_BYTES,
  EVENT_MAX_BYTES,
  INFLATED_MAX_BYTES,
  type CaptureCode,
} from './capture/rejection.js';
export {
  AskDecision,
  readDecisionRequest,
  type AskDecisionPorts,
  type DecisionRequest,
  type DecisionRequestProblem,
} from './capture/ask-decision.js';
export {
  readOutcomeRequest,
  TellOutcome,
  type OutcomeAnswer,
  type OutcomeRequest,
  type OutcomeRequestProblem,
  type OutcomeSubject,
  type TellOutcomePorts,
} from './capture/tell-outcome.js';
export { lookUpKeys, PROFILE_ID } from './capture/find-profile.js';
export { appendEngineEvents, engineEvent, type EngineEvent } from './capture/engine-events.js';
export { Replies, type RepliesPorts, type Reply, type ReplyAnswer } from './capture/replies.js';
export {
  Tracker,
  type Click,
  type ClickAnswer,
  type Leaving,
  type TrackerPorts,
  type VisitFacts,
} from './capture/tracker.js';
export type {
  ContactPreferences,
  DeliveryEventRow,
  InboundStore,
  LinkVisit,
  PreferenceChange,
  TrackedDelivery,
  TrackingStore,
} from './capture/tracking-ports.js';
export {
  ANCHOR_LIVES_MS,
  domainAt,
  isAnchorLive,
  reanchored,
  type ClockAnchor,
  type ClockWish,
  type Reanchored,
} from './clock/clock-anchor.js';
export {
  Access,
  LINK_MS,
  SESSION_MS,
  type AccessPorts,
  type AccessRefusal,
  type Principal,
  type SignedIn,
} from './console/access/access.js';
export { nodeSecrets } from './console/access/node-secrets.js';
export type {
  AccessSecrets,
  AccessStore,
  ConsoleUser,
  PersonRole,
  StoredKey,
  Ticket,
} from './console/access/ports.js';
export type {
  CompiledAction,
  CompiledPolicies,
  CompiledRelance,
  CompiledTemplateSource,
  CompiledTreatment,
  CompiledWorkspace,
} from './workspace/compiled.js';
export { accountView } from './profile/accounts.js';
export { EngineEvents, personContext, ProfilePeople } from './profile/people.js';
export {
  ProfileReader,
  type ExplainedProfile,
  type ExplainedTrait,
  type ProfileView,
} from './profile/reader.js';
export type {
  ProfileListQuery,
  ProfileReadStore,
  ReadEvent,
  ReadIdentity,
  ReadMerge,
  ReadProfile,
  TimelinePlace,
  TimelineQuery,
} from './profile/read-ports.js';
export {
  FileImport,
  type ImportOptions,
  type ImportPorts,
  type ImportSink,
} from './import/file-import.js';
export { MappingError } from './import/expression-of.js';
export { compileMapping, type CompiledMapping } from './import/mapping.js';
export type { ImportCalendar } from './import/date.js';
export type { ImportRow, ImportValues, RefusedRow, RowRefusal } from './import/row.js';
export type { ImportSummary } from './import/summary.js';
export { Feedback, type AddressSuppression, type FeedbackStore } from './results/feedback.js';
export type { ConsoleGround, PublishedSource } from './console/workspace-source.js';
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
} from './console/scenarios/ports.js';
export {
  ScenarioConsole,
  type ScenarioConsolePorts,
} from './console/scenarios/scenario-console.js';
export type {
  Before,
  ConsoleSuppression,
  DeliveryHappening,
  EnrolmentLine,
  HappenedQuery,
  PersonHit,
  PersonReader,
  PersonSearch,
} from './console/people/ports.js';
export {
  PersonConsole,
  type PersonConsolePorts,
  type Sight,
} from './console/people/person-console.js';
export {
  DecisionConsole,
  type DecisionConsolePorts,
  type DecisionQuery,
  type DecisionReader,
} from './console/decisions/decision-console.js';
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
} from './console/accounts/ports.js';
export { AccountConsole, type AccountConsolePorts } from './console/accounts/account-console.js';
export { TaskConsole, type TaskConsolePorts } from './console/accounts/task-console.js';
export type {
  AppliedWorkspace,
  DeadLetterAsk,
  DeadLetterCause,
  ImportProgress,
  ImportStore,
  JobRow,
  OperationsReader,
  QueueRow,
  SandboxOrigin,
  SandboxRow,
  WorkspaceStore,
  WorkspaceToApply,
} from './console/operations/ports.js';
export {
  OperationsConsole,
  type OperationsConsolePorts,
} from './console/operations/operations-console.js';
export {
  WorkspaceConsole,
  type WorkspaceConsolePorts,
} from './console/operations/workspace-console.js';
export { ImportConsole, type ImportConsolePorts } from './console/operations/import-console.js';
export {
  StatusConsole,
  type EngineState,
  type StatusConsolePorts,
} from './console/operations/status-console.js';
export {
  ResultsConsole,
  type ResultsConsolePorts,
  type TablesAddress,
} from './console/operations/results-console.js';
export { SECTIONS as CRM_SECTIONS } from './crm/changes.js';
export { CrmConnectorRunner, type CrmRunnerPorts } from './crm/connector-runner.js';
export { CrmIntake, type CrmIntakePorts, type PageTaken } from './crm/intake.js';
export { CrmOutboxConsumer, type CrmOutboxPorts } from './crm/outbox-consumer.js';
export type {
  CrmContact,
  CrmFactReader,
  CrmLinks,
  CrmOutbox,
  CrmTask,
  CrmTaskText,
  CrmTouch,
  HoldConnector,
  KnownRow,
  LinkRow,
  OutboxBatch,
  OutboxDraft,
  SettledRow,
} from './crm/outbox-ports.js';
export {
  COMMAND_TYPES as CRM_COMMAND_TYPES,
  MEMBER_STATUSES as CRM_MEMBER_STATUSES,
  type BatchBounds as CrmBatchBounds,
  type CampaignRef as CrmCampaignRef,
  type Capabilities as CrmCapabilities,
  type Change as CrmChange,
  type Command as CrmCommand,
  type CommandType as CrmCommandType,
  type CrmConnector,
  type CrmRefusal,
  type Health as CrmHealth,
  type MemberStatus as CrmMemberStatus,
  type Outcome as CrmOutcome,
  type PullPage as CrmPullPage,
  type PullRequest as CrmPullRequest,
  type RefusalCode as CrmRefusalCode,
  type Stream as CrmStream,
} from './crm/ports.js';
export { refusalReason as crmRefusalReason } from './crm/refusals.js';
export { crmWorkspaceOf, keyNamespaces, type CrmWorkspace } from './crm/workspace.js';
export { erasedHash, ProfileErasure, type ErasurePorts } from './profile/erasure.js';
export { ProfileUnmerge, type UnmergePorts } from './profile/unmerge.js';
