export {
  isTrusted,
  type AccountRules,
  type AggregateOperation,
  type AggregateRule,
  type EventPredicate,
  type EventView,
  type IdentityRule,
  type Mergeable,
  type ProfileRules,
  type RfmRule,
  type SourceRule,
  type TraitRule,
  type TraitType,
} from './rules.js';
export {
  normaliseEmail,
  readIds,
  type IdRefusal,
  type IdsGiven,
  type NormalisePhone,
  type ReadIds,
  type UsableId,
} from './normalise.js';
export {
  IdentityGraph,
  identityKey,
  type KnownIdentity,
  type KnownProfile,
  type Merge,
  type RefusedId,
  type Resolution,
  type Sighting,
} from './identity-graph.js';
export {
  readTraits,
  type Claim,
  type ReadTraits,
  type RefusedTrait,
  type Statement,
} from './traits.js';
export {
  isNewer,
  lastWords,
  survive,
  winnerOf,
  type Provenance,
  type Winner,
} from './survivorship.js';
export {
  amountOf,
  compileMetrics,
  contributionsOf,
  currencyOf,
  missingMetrics,
  RFM_AGGREGATES,
  type CompiledAggregate,
  type Contribution,
  type Metric,
  type MetricSet,
} from './metrics.js';
export {
  addBucket,
  aggregateValues,
  bucketOf,
  type AggregateQuestion,
  type AggregateValues,
  type Bucket,
} from './buckets.js';
export { rfmCuts, rfmInputOf, rfmText, type RfmCuts, type RfmInput } from './rfm.js';
export {
  consentStatuses,
  foldStatements,
  provenGrants,
  readConsent,
  unreadableConsent,
  type ConsentStatus,
  type ProvenGrant,
} from './consents.js';
export {
  changedPaths,
  contactPointsOf,
  EMPTY_DOCUMENT,
  expressionView,
  traitsOf,
  type ContactPoint,
  type ProfileDocument,
} from './document.js';
