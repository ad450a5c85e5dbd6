export { DEFAULT_FLOOR, decide } from './decide.js';
export { excludeAndRedraw, type ReservationReason } from './redraw.js';
export { recordFallback, type FallbackCause } from './fallback.js';
export {
  EMPTY_POSTERIOR,
  foldRewards,
  posteriorAfter,
  posteriorKey,
  type RewardRow,
} from './learning.js';
export {
  expectedGainOf,
  explainDecision,
  whyText,
  type DetailText,
  type Names,
} from './explain.js';
export { FALLBACK_TEXTS, REASON_TEXTS, type Bilingual } from './reasonTexts.js';
export { formatDay, formatMoney, formatNumber, formatShare } from './format.js';
export {
  DECISION_REASONS,
  evaluateFunnel,
  FILTER_STAGES,
  filterStageOf,
  REASONS,
  STAGES,
  type FilterStage,
  type FunnelChecks,
  type Reason,
  type Stage,
  type StageAnswer,
  type StageVerdict,
} from './stages.js';
export {
  DEFAULT_PRIOR,
  NOTHING,
  type CandidateInput,
  type CandidateRecord,
  type DecideInput,
  type DecisionRecord,
  type FallbackReason,
  type Group,
  type ModelName,
  type Posterior,
} from './types.js';
export type { Choice, Explorer, Model } from './models/model.js';
export { betaScore, type ScoreDistribution } from './numeric/distribution.js';
export { winProbabilities } from './numeric/maximum.js';
export { drawBeta, drawScore } from './numeric/sampler.js';
export { chiSquareTail, lnGamma, regularisedBeta, studentTail } from './numeric/special.js';
