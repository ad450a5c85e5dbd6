import { contentHash, type DefinitionHash } from '#libs/kernel';
import type { Definition, Step, StepId } from '../definition.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const steps: Record<StepId, Step> = {
  'wait-1': {
    type: 'wait',
    duration: { amount: 1, unit: 'h' },
    onResume: 'continue',
    next: 'came_back',
  },
  came_back: {
    type: 'wait_for',
    triggers: [{ on: ['cart_viewed'], when: 'event.cart_id == entry.cart_id' }],
    upToMs: 20 * HOUR_MS,
    lookback: 'entry',
    then: 'came_back/then/exit-1',
    else: 'wait_until-1',
    onResume: 'continue',
    next: 'wait_until-1',
  },
  'came_back/then/exit-1': { type: 'exit', as: 'returned', next: null },
  'wait_until-1': {
    type: 'wait_until',
    question: 'evening',
    onResume: 'continue',
    next: 'rescue',
  },
  rescue: {
    type: 'decide',
    actions: ['cart-reminder', 'cart-offer-10', 'nothing'],
    model: 'betaTS',
    reward: { on: ['order_completed'], withinMs: 3 * DAY_MS, value: 'event.total' },
    timeoutMs: 150,
    fallback: 'cart-reminder',
    businessAsUsual: null,
    next: 'deliver-1',
  },
  'deliver-1': {
    type: 'deliver',
    of: { decision: 'rescue' },
    onWithheld: 'continue',
    next: 'wait_for-1',
  },
  'wait_for-1': {
    type: 'wait_for',
    triggers: [{ on: ['order_completed'] }],
    upToMs: 3 * DAY_MS,
    lookback: 'previous',
    then: 'exit-1',
    else: 'split-1',
    onResume: 'continue',
    next: 'exit-1',
  },
  'split-1': {
    type: 'split',
    branches: [
      { name: 'when-1', when: 'profile.aggregates.orders_365d >= 3', then: 'task-1' },
      { name: 'otherwise', when: null, then: 'exit-1' },
    ],
    next: 'exit-1',
  },
  'task-1': {
    type: 'task',
    for: { kind: 'owner', else: null },
    title: { fr: 'Appeler {{profile.firstName}}', en: 'Call {{profile.firstName}}' },
    note: null,
    dueInMs: 2 * DAY_MS,
    next: 'exit-1',
  },
  'exit-1': { type: 'exit', as: 'done', next: null },
};

/** The abandoned cart, by hand: what examples and measurements of the interpreter run on. */
export function abandonedCart(): Definition {
  const body: Omit<Definition, 'hash'> = {
    scenario: 'abandoned-cart',
    name: { fr: 'Relance panier', en: 'Abandoned cart' },
    purpose: 'marketing',
    priority: 60,
    entry: {
      on: ['cart_updated'],
      when: 'event.total >= 30.0',
      key: 'event.cart_id',
      reentry: { afterMs: 7 * DAY_MS },
      existing: 'ignore',
    },
    exits: [
      { on: ['order_completed'], when: 'event.cart_id == entry.cart_id', as: 'converted' },
      { on: ['relance_segment_entered'], segment: 'complaint_open', as: 'complaint' },
    ],
    goal: {
      on: ['order_completed'],
      when: 'event.cart_id == entry.cart_id',
      withinMs: 14 * DAY_MS,
      value: 'event.total',
    },
    holdoutShare: 0.1,
    maxAgeMs: 30 * DAY_MS,
    onChange: { kind: 'pin' },
    start: 'wait-1',
    steps,
    reads: {
      profile: [['aggregates', 'orders_365d']],
      account: [],
      entry: ['cart_id', 'total'],
      decision: {},
      vars: [],
    },
    questions: [
      {
        id: 'evening',
        kind: 'next_local_time',
        time: '18:30',
        days: ['mon', 'tue', 'wed', 'thu', 'fri'],
        zone: 'profile',
        onGap: 'later',
        onOverlap: 'first',
      },
    ],
  };
  return { ...body, hash: contentHash(body) as DefinitionHash };
}
