export type { SimulationOptions } from './options.js';
export { Simulator } from './simulator.js';
export type { DecisionWay, StatedDecision } from './effects.js';
export { happeningOf, type Deed, type Happening } from './happening.js';

export type { Failure, Noticed, Standing, Wanted } from './cases/expectations.js';
export { runCase, type TestReport, type TestWorld } from './cases/run-case.js';
export { runSuite, type Coverage, type SuiteReport } from './cases/run-suite.js';
export {
  replay,
  type ReplayOptions,
  type ReplayReport,
  type ReplayVersion,
} from './replay/replay.js';
export type { Counts, ReplayFigures, SendHour, StepCount } from './replay/tally.js';
export { FALLBACK, LIVE, loggedWay, RANDOM } from './replay/ways.js';
