export { abandonedCart } from './abandoned-cart.js';
export { diceOf, type Dice } from './dice.js';
export { generatedEnrolling, generatedInput } from './generate-inputs.js';
export { runAbandonedCarts } from './speed.js';
export { enrolmentId, profileId } from './trial.js';
