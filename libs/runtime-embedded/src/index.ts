export { EmbeddedHost, HOST_LIMITS, type HostLimits, type HostPorts, type Turn } from './host.js';
