export {
  BASES,
  IGNORABLE_CHECKS,
  WEEKDAYS,
  type AllowedHours,
  type Basis,
  type CapRule,
  type Channel,
  type HoldRule,
  type PurposeRule,
  type QuietHoursRule,
  type SuppressRule,
  type Weekday,
} from './rules.js';
export { FRANCE_DEFAULTS } from './defaults.js';
export { inWindow, windowDaysOf, type DayNumber } from './windows.js';
export {
  capVerdict,
  capWindows,
  isLive,
  liveUsage,
  movedReservation,
  RESERVATION_MS,
  reservationStateAfter,
  type CapBlock,
  type CapReservation,
  type CapWindow,
  type DayCount,
} from './caps.js';
export {
  limitVerdict,
  restOf,
  type ActionLimits,
  type ActionUsage,
  type Exposure,
  type LimitBlock,
  type RestRule,
} from './limits.js';
export {
  isSuppressing,
  SUPPRESSION_REASONS,
  suppressionFor,
  type AddressFailure,
  type AddressVerdict,
  type Suppression,
  type SuppressionReason,
  type SuppressionScope,
} from './suppression.js';
export {
  effectiveConsent,
  hasProof,
  type ConsentQuestion,
  type ConsentStatement,
  type EffectiveConsent,
} from './consent.js';
export {
  usableZone,
  type LocalTimeQuestion,
  type OpenHours,
  type ZonedCalendar,
} from './calendar.js';
export {
  LONGEST_PUT_OFF_MS,
  nextOpeningOf,
  quietHoursAnswer,
  quietHoursQuestion,
  type QuietHoursAnswer,
  type QuietHoursPlace,
  type QuietHoursQuestion,
} from './quiet-hours.js';
export { assignGroup, groupFor, GROUPS, type Group, type GroupShares } from './groups.js';
export {
  GATE_STAGES,
  reasonText,
  stageOf,
  WITHHELD_REASONS,
  type GateStage,
  type WithheldReason,
} from './reasons.js';
export {
  withhold,
  type GateRequest,
  type GateVerdict,
  type HoldState,
  type Withhold,
} from './gate-request.js';
export { contactDay, gate, gateChecks, gateOf, type GateCheck } from './gate.js';
export { classifyReply, type ReplyKind } from './replies.js';
