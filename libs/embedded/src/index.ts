export { EngineError, type EngineErrorCode } from './engine-error.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres/server.js';
export { endProcess, sendSignal, type EndingStep } from './process/end.js';
export type { EngineProcess, Ending } from './process/handle.js';
export { identify, isAlive, processStartTime, type ProcessIdentity } from './process/identity.js';
export { freePort, isPortFree, nextFreePort } from './process/port.js';
export { waitUntil } from './process/wait.js';
