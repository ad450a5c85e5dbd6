import type { MemberStatus } from './ports.js';

/** How far a person came; each outranks those before it. */
const CHAIN: readonly MemberStatus[] = [
  'targeted',
  'sent',
  'delivered',
  'clicked',
  'responded',
  'ordered',
];

/**
 * The track a status is on: a bounce and an unsubscription are told for themselves, whatever was
 * reached before or is reached later, because neither takes an order back.
 */
export function trackOf(status: MemberStatus): 'progress' | 'bounced' | 'unsubscribed' {
  return status === 'bounced' || status === 'unsubscribed' ? status : 'progress';
}

/** Whether a status is news after what was told on its track; a lattice: any order gives one end. */
export function isFurther(status: MemberStatus, told: MemberStatus | undefined): boolean {
  return told === undefined || CHAIN.indexOf(status) > CHAIN.indexOf(told);
}
