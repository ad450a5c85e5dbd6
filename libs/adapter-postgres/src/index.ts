export { Database, inside, type DatabaseOptions, type Queryable } from './base/database.js';
export { migrate, SchemaMismatchError, type Migration } from './base/migrate.js';
export { migrations } from './schema.js';
export { EmbeddedLog, PartitionsFixedError, type EmbeddedLogOptions } from './log/embedded-log.js';
export { publishOutbox, writeOutbox, type Outbox } from './log/outbox.js';
export { Wakeups, type Ticket } from './log/wakeups.js';
export { PostgresEnrolmentStore } from './runtime/enrolment-store.js';
export { writeFacts } from './runtime/save.js';
export { acquireLease, fenceLease, releaseLease } from './runtime/lease.js';
export { PostgresDecisionStore } from './runtime/decision-store.js';
export { PostgresDeliveryStore } from './runtime/delivery-store.js';
export { PostgresResultStore } from './runtime/result-store.js';
export { PostgresPublishedWorkspaces } from './workspace/published.js';
export { PostgresAccountStore } from './profile/account-store.js';
export { PostgresDeadLetterStore } from './profile/dead-letter-store.js';
export { PostgresProfileStore } from './profile/profile-store.js';
export { PostgresPeople } from './people/people-source.js';
export { PostgresContactStore, type HashAddress } from './people/contact-store.js';
export { LogEventSink, PostgresEventHistory } from './people/event-history.js';
export { PostgresEntranceJobs } from './people/entrance-jobs.js';
export { AnchoredClock, ClockWouldGoBackError } from './clock/anchored-clock.js';
export { PostgresAccessKeys } from './capture/access-keys.js';
export { PostgresContactPreferences } from './capture/contact-preferences.js';
export { outcomeSubject } from './capture/outcome-subject.js';
export { PostgresTrackingStore } from './capture/tracking-store.js';
export { PostgresRefusalStore } from './capture/refusal-store.js';
export { PostgresAccessStore } from './console/access-store.js';
export { PostgresAccountReader } from './console/account-reader.js';
export { PostgresDecisionReader } from './console/decision-reader.js';
export { PostgresImportStore } from './console/import-store.js';
export { PostgresOperationsReader } from './console/operations-reader.js';
export { PostgresPersonReader } from './console/person-reader.js';
export { PostgresScenarioReader } from './console/scenario-reader.js';
export { PostgresConsoleWorkspaceStore } from './console/workspace-store.js';
export { storeSandboxSms } from './runtime/sandbox-sms.js';
export { PostgresWorkspaceStore, type Publishing } from './workspace/store.js';
export { PostgresProfileReadStore } from './profile/read-store.js';
export { PostgresFeedbackStore } from './people/feedback-store.js';
export {
  PostgresSampleStore,
  type OpenTaskRow,
  type SandboxMessageRow,
} from './sample/sample-store.js';
export { LOG_CHANNEL } from './log/topics.js';
export { keepLog, type LogUpkeep } from './log/maintenance.js';
export { PostgresSegmentJobs, type SegmentPage } from './workspace/segment-job.js';
export { PostgresRfmCuts } from './people/rfm-cuts.js';
