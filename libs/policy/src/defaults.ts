import type { AllowedHours, CapRule, PurposeRule, QuietHoursRule, SuppressRule } from './rules.js';

const CALL_DAYS: AllowedHours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri'];

/** The strict rules of France, for where policies.yaml says nothing; each may be set otherwise. */
export const FRANCE_DEFAULTS: {
  readonly purposes: readonly PurposeRule[];
  readonly caps: readonly CapRule[];
  readonly quiet_hours: readonly QuietHoursRule[];
  readonly suppress: SuppressRule;
} = {
  purposes: [
    { id: 'marketing', basis: ['opt_in', 'soft_opt_in', 'legitimate_interest_b2b'] },
    {
      id: 'transactional',
      basis: ['contract'],
      ignores: ['holdout', 'caps', 'quiet_hours'],
      obeys: ['suppression'],
    },
  ],
  caps: [
    { channel: 'email', purpose: 'marketing', per: '1d', max: 1 },
    { channel: 'email', purpose: 'marketing', per: '7d', max: 3 },
    { channel: 'sms', purpose: 'marketing', per: '7d', max: 1 },
    { channel: 'call', purpose: 'marketing', per: '30d', max: 4 },
    { channel: 'any', purpose: 'marketing', per: '7d', max: 4 },
  ],
  quiet_hours: [
    {
      channel: 'sms',
      allow: {
        days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
        from: '08:00',
        to: '20:00',
        holidays: 'never',
      },
      zone: 'profile',
      otherwise: 'wait',
    },
    {
      channel: 'call',
      allow: [
        { days: CALL_DAYS, from: '10:00', to: '13:00', holidays: 'never' },
        { days: CALL_DAYS, from: '14:00', to: '20:00', holidays: 'never' },
      ],
      zone: 'profile',
      otherwise: 'wait',
    },
    { channel: 'email', allow: { from: '07:00', to: '21:00' }, zone: 'profile', otherwise: 'wait' },
  ],
  suppress: { hard_bounces: 1, soft_bounces: { count: 3, per: '30d' }, complaints: 1 },
};
