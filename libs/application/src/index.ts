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
export { EVERYTHING, isHeldBy, NO_HOLDS, type Holds } from './runtime/holds.js';
export type {
  MigrationJob,
  MigrationJobs,
  MigrationPage,
  MigrationProgress,
  MigrationTally,
  NotMoved,
} from './runtime/migration-jobs.js';
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
export {
  countryOf,
  type ContactAddress,
  type ContactReservation,
  type ContactState,
  type ContactStore,
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
export { DeliverySender, MOST_CLAIMED, MOST_IN_HAND } from './delivery/sender.js';
export type { SenderPorts } from './delivery/sender-ports.js';
export {
  TaskMaker,
  taskFact,
  type RenderText,
  type TaskMakerPorts,
  type TaskRow,
  type TaskStore,
} from './task/task-maker.js';
export {
  TASK_GRACE_DAYS,
  TaskSweeper,
  type DueTaskStore,
  type TaskSweeperPorts,
} from './task/task-sweeper.js';
export { Learner, lessonOf, sumLessons } from './results/learner.js';
export type { Lesson, LessonStore, OutcomeRow, ResultStore, RewardRow } from './results/ports.js';
export { OBSERVED_EVENTS, Results, STEP_REWARD } from './results/recorder.js';
export { drawGroup, groupRulesOf, ignoresHoldout } from './catalogue/groups.js';
export { WebhookCaller, webhookCallOf, type WebhookPorts } from './webhook/caller.js';
export type {
  WebhookAnswer,
  WebhookCall,
  WebhookClient,
  WebhookFailure,
  WebhookStore,
} from './webhook/ports.js';
export { GiveWay } from './process/give-way.js';
export { Turnstile } from './process/turnstile.js';
export type { SampleRemovalState } from './process/sample-removal.js';
export { Ramp } from './process/ramp.js';
export { pause, runLoop, type LoopEvents, type LoopWork } from './process/loop.js';
export { buildCatalogue, type CatalogueMoment, type CatalogueParts } from './catalogue/build.js';
export { Definitions, type ScenarioInForce } from './catalogue/definitions.js';
export { AnalyticsSink } from './analytics/sink.js';
export { ActiveWorkspace, type Prepare } from './catalogue/active.js';
export type { PublishedWorkspace, PublishedWorkspaces } from './workspace/published.js';
export type { CheckRule, RuleProblem } from './workspace/check-rule.js';
export { lintWhole, sameAgain } from './workspace/lint-whole.js';
export type { PlacedText } from './workspace/placed-texts.js';
export { lintWorkspace, type LintResult } from './workspace/lint-workspace.js';
export type { PlacedLine, TestCase } from './workspace/compile-tests.js';
export { readWorkspaceFolder, type WorkspaceFolder } from './workspace/read-folder.js';
export {
  planWorkspace,
  type PlannedKind,
  type ScenarioChange,
  type WorkspaceChange,
} from './workspace/plan-workspace.js';
export {
  ANCHOR_LIVES_MS,
  domainAt,
  isAnchorLive,
  reanchored,
  type ClockAnchor,
  type ClockWish,
  type Reanchored,
} from './clock/clock-anchor.js';
export type {
  CompiledAction,
  CompiledPolicies,
  CompiledRelance,
  CompiledTemplateSource,
  CompiledTreatment,
  CompiledWorkspace,
} from './workspace/compiled.js';
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
export type { RecordedDecision, RecordedEvents, RecordedSpan } from './simulation/ports.js';
export { Feedback, type AddressSuppression, type FeedbackStore } from './results/feedback.js';
export * from './capture/index.js';
export * from './console/index.js';
export * from './crm/index.js';
export * from './host/index.js';
export * from './profile/index.js';
export type { EntryRule, LocalMoment, OccurrenceCalendar } from './entrance/calendar.js';
export { dayOfDate, monthDayOf } from './entrance/days.js';
export type { DatedPerson, DatedZone, EntranceStore, EntranceSweep } from './entrance/ports.js';
export {
  RequestEnrolment,
  type EnrolAnswer,
  type EnrolRequest,
  type EnrolRequestStore,
  type RequestEnrolmentPorts,
} from './entrance/request-enrolment.js';
export { TimedEntrances, type Arrival, type ArrivalPage } from './entrance/timed-entrances.js';
