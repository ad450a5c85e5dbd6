import type { Reason } from '#libs/decision';
import type { WithheldReason } from '#libs/policy';

const REASON_OF_GATE: Readonly<Partial<Record<WithheldReason, Reason>>> = {
  no_address: 'no_address',
  address_invalid: 'no_address',
  no_sender: 'channel_unavailable',
  consent_denied: 'consent_denied',
  suppressed_hard_bounce: 'hard_bounced',
  suppressed_soft_bounces: 'hard_bounced',
  suppressed_complaint: 'complained',
  suppressed_unsubscribed: 'unsubscribed',
  suppressed_rest: 'resting',
  held: 'hold',
  hold_unknown: 'hold',
  cap: 'cap',
  cap_invalid: 'cap',
  cap_unknown: 'cap',
};

/** The decision's reason for a refusal of the gate; what it names more finely falls together. */
export function reasonOfGate(reason: WithheldReason): Reason {
  const known = REASON_OF_GATE[reason];
  if (known !== undefined) return known;
  if (reason.startsWith('consent')) return 'no_consent';
  if (reason.startsWith('suppress')) return 'suppressed';
  return 'channel_unavailable';
}
