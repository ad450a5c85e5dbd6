export {
  AccessKeys,
  keyHashOf,
  type AccessKey,
  type AccessKeyStore,
  type HomeKeys,
} from './access-keys.js';
export {
  Capture,
  type CaptureCaller,
  type CaptureOutcome,
  type CapturePorts,
  type CaptureRequest,
  type CaptureVerdict,
} from './capture.js';
export { CaptureQueue, type CaptureQueueOptions } from './capture-queue.js';
export { truncateIp } from './context.js';
export { normaliseMessage, type CaptureFacts } from './normalise.js';
export { RateLimit, type RateLimitOptions } from './rate-limit.js';
export { Refusals, type RefusalCount, type RefusalSample, type RefusalStore } from './refusals.js';
export {
  BATCH_MAX_EVENTS,
  BODY_MAX_BYTES,
  EVENT_MAX_BYTES,
  INFLATED_MAX_BYTES,
  type CaptureCode,
} from './rejection.js';
export {
  AskDecision,
  readDecisionRequest,
  type AskDecisionPorts,
  type DecisionRequest,
  type DecisionRequestProblem,
} from './ask-decision.js';
export {
  readOutcomeRequest,
  TellOutcome,
  type OutcomeAnswer,
  type OutcomeRequest,
  type OutcomeRequestProblem,
  type OutcomeSubject,
  type TellOutcomePorts,
} from './tell-outcome.js';
export { lookUpKeys, PROFILE_ID } from './find-profile.js';
export { appendEngineEvents, engineEvent, type EngineEvent } from './engine-events.js';
export { Replies, type RepliesPorts, type Reply, type ReplyAnswer } from './replies.js';
export {
  Tracker,
  type Click,
  type ClickAnswer,
  type Leaving,
  type TrackerPorts,
  type VisitFacts,
} from './tracker.js';
export type {
  ContactPreferences,
  DeliveryEventRow,
  InboundStore,
  LinkVisit,
  PreferenceChange,
  TrackedDelivery,
  TrackingStore,
} from './tracking-ports.js';
