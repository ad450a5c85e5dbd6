export {
  FACT_KINDS,
  factBodies,
  factSchema,
  isFactShaped,
  type AccountFact,
  type ActionFact,
  type CandidateFact,
  type ConsentFact,
  type DecisionFact,
  type DeliveryEventFact,
  type DeliveryFact,
  type EnrolmentFact,
  type EventFact,
  type Fact,
  type FactBody,
  type FactKind,
  type FactOf,
  type OutcomeFact,
  type ProfileFact,
  type RewardFact,
  type ScenarioFact,
  type ScoreFact,
  type StepFact,
  type SuppressionFact,
  type TaskFact,
  type TraitChange,
  type WithheldFact,
} from './facts/fact.js';
export {
  ATTRIBUTIONS,
  CONSENT_STATES,
  DECISION_MODES,
  DELIVERY_EVENT_KINDS,
  DELIVERY_STATES,
  ENROLMENT_STATES,
  GROUPS,
  OUTCOME_KINDS,
  TASK_STATES,
} from './facts/common.js';
export { foldName, msgKeyOf } from './events/event-name.js';
export { utcDayOf } from './events/utc-day.js';
export {
  EVENT_TYPES,
  isRawEventShaped,
  logKeyOf,
  rawEventIssues,
  rawEventSchema,
  type RawEvent,
  type RawEventIssue,
} from './events/raw-event.js';
export {
  profileChangeSchema,
  SEGMENT_ENTERED,
  SEGMENT_LEFT,
  type ProfileChange,
} from './events/profile-change.js';
export { CATALOGUE, type ProblemCode } from './problems/catalogue.js';
export type { CatalogueEntry } from './problems/entry.js';
export { problemOf, type ProblemParams } from './problems/problem.js';
export { checkFile, type CheckedFile } from './workspace/validate.js';
export {
  KIND_SCHEMAS,
  roleOf,
  type Kind,
  type KindValue,
  type PathRole,
} from './workspace/kinds.js';
export { jsonSchemaOf, type JsonSchema } from './workspace/json-schemas.js';
export { nearest } from './workspace/nearest.js';
export { shareOf, timeoutMsOf } from './workspace/shared.js';
export type { ActionConfig } from './workspace/action.js';
export type { CrmConfig } from './workspace/crm.js';
export type { EventConfig } from './workspace/event.js';
export type { MappingConfig } from './workspace/mapping.js';
export type { PoliciesConfig } from './workspace/policies.js';
export type { AggregateConfig, ProfileConfig } from './workspace/profile.js';
export type { RelanceConfig } from './workspace/relance.js';
export type { ScenarioSource } from './workspace/scenario.js';
export type { SegmentConfig } from './workspace/segment.js';
export type { StepList, StepSource } from './workspace/steps/step.js';
export type { TestConfig, TestExpectation, TestLine, TestProfile } from './workspace/test.js';
export type { TemplateConfig } from './workspace/template.js';
export type { MeasuredSource, TriggerSource } from './workspace/trigger.js';
export {
  FILE_LIMITS,
  readDocument,
  type DocumentPath,
  type SourceDocument,
} from './workspace/yaml/document.js';
export {
  API,
  API_REFUSALS,
  API_ROUTES,
  enrolBody,
  enrolParams,
  problemDocumentOf,
  type ApiRefusal,
  type ApiRefusalName,
  DRAFT_FILES,
  IMPORT_BATCH,
  openApiDocument,
  PERSON_ROLES,
  ROLES,
  TASK_OUTCOMES,
  TIMELINE_KINDS,
  TROUBLES,
  WORKSPACE_LIMITS,
  type Access,
  type ApiBody,
  type ApiBodyInput,
  type ApiOperation,
  type ApiQuery,
  type ApiQueryInput,
  type ApiResponse,
  type EnrolAnswerView,
  type ApiRoute,
  type ProblemDocument,
  type Role,
} from './api/index.js';
