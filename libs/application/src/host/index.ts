export { contextFor, type Zones } from './answers.js';
export type { BareInput } from './bare-input.js';
export { enrol, type EnrolRefusal, type Entrant } from './enrol.js';
export type { GroupDrawer } from './groups.js';
export { applyControl, release } from './holding.js';
export { eventOf, routeEvent, type RefusedEntry, type Routing } from './route.js';
export { Stepper, type StepperPorts } from './stepper.js';
export { nextDueMs, timersOf, type Timer } from './timers.js';
export { ledgerKey, WorkingSet, type LiveEnrolment } from './working-set.js';
