import type { Topic } from '#libs/application';

/** Table of each topic. */
export const TOPIC_TABLE: Readonly<Record<Topic, string>> = {
  'events.raw': 'log_events_raw',
  'events.historical': 'log_events_historical',
  'profile.changes': 'log_profile_changes',
  facts: 'log_facts',
};

/** Channel on which an append tells readers that there is something. */
export const LOG_CHANNEL = 'relance_log';
