export { openTestStore, type TestStore } from './database.js';
export { VirtualClock } from './clock.js';
export { EVENT_LOG_CASES, type EventLogCase, type EventLogFixture } from './event-log-suite.js';
