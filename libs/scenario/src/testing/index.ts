export { runAbandonedCarts } from './speed.js';
