export { EngineError, type EngineErrorCode } from './engine-error.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres/server.js';
export { endProcess, sendSignal, type EndingStep } from './process/end.js';
export type { EngineProcess, Ending, Kept, StartHooks } from './process/handle.js';
export { identify, isAlive, processStartTime, type ProcessIdentity } from './process/identity.js';
export { freePort, isPortFree, nextFreePort } from './process/port.js';
export { waitUntil } from './process/wait.js';
export {
  childrenFile,
  livingChildren,
  type ChildRecord,
  type ChildrenFile,
} from './supervision/children-file.js';
export { releaseHome, takeHome } from './supervision/home-lock.js';
export { askHome, openHome, type HomeAnswer, type HomeSocket } from './supervision/home-socket.js';
export {
  HOME_SCHEMA,
  openHomeStamp,
  stampEngine,
  type HomeStamp,
} from './supervision/home-stamp.js';
export {
  keep,
  type BackOff,
  type Keeper,
  type KeeperEvents,
  type Part,
} from './supervision/keeper.js';
export { startNodeChild, type NodeChild, type NodeChildOptions } from './supervision/node-child.js';
export {
  exitWithParent,
  reportReady,
  type Login,
  type ReadyMessage,
} from './supervision/parent.js';
export {
  startMailCatcher,
  type CaughtEnvelope,
  type MailCatcher,
  type MailCatcherOptions,
} from './mail/catcher.js';
export { parseCaughtMail, type CaughtMail } from './mail/parse.js';
export {
  startClickHouse,
  type ClickHouseOptions,
  type ClickHouseServer,
} from './clickhouse/launch.js';
export type { ClickHouseUser } from './clickhouse/request.js';
