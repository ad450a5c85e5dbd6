export { EmbeddedHost, HOST_LIMITS, type HostLimits, type HostPorts, type Turn } from './host.js';
export type { GroupDrawer } from './groups.js';
export type { StepperPorts } from './stepper.js';
export type { Zones } from './answers.js';
