import type { CrmConfig } from '#libs/contracts';

/** A file exchange with every stream and every command, as a workspace would say it. */
export function crmConfig(over: Partial<CrmConfig> = {}): CrmConfig {
  const nothing = { traits: {}, consents: {}, fields: {} };
  return {
    connector: 'file',
    name: { fr: 'Fichiers', en: 'Files' },
    kind: 'file',
    source: 'crm',
    format: 'jsonl',
    every: '1m',
    pull: {
      contacts: {
        ...nothing,
        identity: { user_id: 'code', email: 'email' },
        traits: { firstName: 'first_name', email: 'email', country: 'country' },
        consents: { 'email.marketing': 'email_opt_in' },
      },
      accounts: {
        ...nothing,
        identity: { crm_id: 'code', siren: 'siren' },
        fields: { name: 'name', owner: 'owner_email', country: 'country' },
      },
      targets: { ...nothing, identity: { user_id: 'code' }, fields: { list: 'list' } },
      complaints: {
        ...nothing,
        identity: { user_id: 'code' },
        fields: { complaint_id: 'key', status: 'status', at: 'changed_at' },
      },
      tasks: {
        ...nothing,
        fields: { key: 'key', status: 'status', outcome: 'outcome', closedAt: 'closedAt' },
      },
    },
    push: ['membership', 'activity', 'task', 'consent', 'deliverability', 'scores'],
    policy: { consent_from_crm: 'restrictive_only', attribution: '14d' },
    ...over,
  };
}
