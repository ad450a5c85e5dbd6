export { sampleHistory, type HistoryOptions } from './history.js';
export { SAMPLE_REPS, type SampleRep } from './world/account.js';
export {
  APPEALS,
  appealOf,
  CLUSTERS,
  MOMENTS,
  policyTruth,
  type Appeal,
  type Cluster,
  type ClusterTruth,
  type Moment,
  type PolicyTruth,
} from './world/preferences.js';
export { type WorldOptions } from './world/world.js';
export { NO_MEMORY, type VisitorDeed, type VisitorMemory } from './visitor/deeds.js';
export {
  readLinks,
  type MessageLinks,
  type OpenTask,
  type ReceivedMessage,
} from './visitor/messages.js';
export { VisitorModel, type LiveOptions } from './visitor/visitor-model.js';
export type { ProgressStore, SamplePorts, SampleProgress } from './runner/ports.js';
export {
  SampleRunner,
  type LoadingProgress,
  type SampleRunnerOptions,
} from './runner/sample-runner.js';
