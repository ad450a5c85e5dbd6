export { openTestStore, type TestStore } from './database.js';
export { VirtualClock } from './clock.js';
