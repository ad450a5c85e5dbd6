export { SECTIONS as CRM_SECTIONS } from './changes.js';
export { CrmConnectorRunner, type CrmRunnerPorts } from './connector-runner.js';
export { CrmIntake, type CrmIntakePorts, type PageTaken } from './intake.js';
export { CrmOutboxConsumer, type CrmOutboxPorts } from './outbox-consumer.js';
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
} from './outbox-ports.js';
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
} from './ports.js';
export { refusalReason as crmRefusalReason } from './refusals.js';
export { crmWorkspaceOf, keyNamespaces, type CrmWorkspace } from './workspace.js';
