import type { IconName } from '../../ui/icon.js';

/** What a new step may be made of. */
export interface Stock {
  readonly actions: readonly string[];
  readonly events: readonly string[];
}

/** A kind of step that can be added. */
export interface StepKind {
  readonly type: string;
  readonly icon: IconName;
  /** The least that is valid. */
  readonly make: (stock: Stock) => Readonly<Record<string, unknown>>;
}

const plainAction = ({ actions }: Stock): string =>
  actions.find((id) => !/offer|discount|call|free/.test(id)) ?? actions[0] ?? 'my-action';
const plainEvent = ({ events }: Stock): string =>
  events.includes('order_completed') ? 'order_completed' : (events[0] ?? 'order_completed');

/** Kinds of step in the order of the menu. */
export const STEP_KINDS: readonly StepKind[] = [
  { type: 'wait', icon: 'wait', make: () => ({ wait: '1d' }) },
  {
    type: 'wait_until',
    icon: 'clock',
    make: () => ({ wait_until: { time: '10:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] } }),
  },
  {
    type: 'wait_for',
    icon: 'event',
    make: (stock) => ({
      wait_for: { on: plainEvent(stock), up_to: '3d', then: [{ exit: 'converted' }] },
    }),
  },
  {
    type: 'deliver',
    icon: 'message',
    make: (stock) => ({ deliver: { action: plainAction(stock) } }),
  },
  {
    type: 'decide',
    icon: 'decision',
    make: (stock) => ({
      decide: {
        id: 'choice',
        actions: [plainAction(stock), 'nothing'],
        reward: { on: plainEvent(stock), within: '3d' },
        fallback: plainAction(stock),
      },
    }),
  },
  {
    type: 'split',
    icon: 'split',
    make: () => ({
      split: [
        { when: 'profile.aggregates.orders_365d >= 1', then: [{ exit: 'customer' }] },
        { otherwise: true },
      ],
    }),
  },
  {
    type: 'experiment',
    icon: 'split',
    make: () => ({
      experiment: {
        id: 'trial',
        arms: [
          { name: 'a', weight: 1 },
          { name: 'b', weight: 1, then: [{ wait: '1d' }] },
        ],
      },
    }),
  },
  {
    type: 'task',
    icon: 'task',
    make: () => ({ task: { for: 'owner', title: 'Appeler {{profile.firstName}}', due: '2d' } }),
  },
  { type: 'update', icon: 'edit', make: () => ({ update: { set: { lastCampaign: 'seen' } } }) },
  { type: 'emit', icon: 'event', make: () => ({ emit: { event: 'scenario_reached' } }) },
  { type: 'points', icon: 'edit', make: () => ({ points: { add: 10, reason: 'loyalty' } }) },
  {
    type: 'parallel',
    icon: 'split',
    make: () => ({
      parallel: { branches: [{ then: [{ wait: '1d' }] }, { then: [{ wait: '2d' }] }] },
    }),
  },
  {
    type: 'repeat',
    icon: 'wait',
    make: () => ({ repeat: { times: 3, then: [{ wait: '1d' }] } }),
  },
  { type: 'exit', icon: 'flag', make: () => ({ exit: 'done' }) },
];
