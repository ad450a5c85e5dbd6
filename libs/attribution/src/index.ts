export {
  fallsInWindow,
  isWindowClosed,
  watchWindow,
  type WatchKind,
  type WatchWindow,
} from './watches.js';
export {
  attribute,
  attributeAll,
  LAST_TOUCH,
  type AttributedBy,
  type AttributionModel,
  type Credit,
  type OutcomeEvent,
  type Touch,
} from './attribute.js';
export { rewardOf, type Reward, type RewardOutcome, type RewardSpec } from './reward.js';
export {
  liftOf,
  MIN_CONVERSIONS,
  MIN_PEOPLE,
  sampleRatioOf,
  type Difference,
  type GroupTotals,
  type Lift,
  type SampleRatio,
} from './lift.js';
export {
  OUTCOME_KINDS,
  outcomeSentence,
  type OutcomeKind,
  type OutcomeText,
  type TouchText,
} from './sentence.js';
