import type { ObjectType, ScopeType } from '#libs/expression';

const event = (
  fields: Record<string, ScopeType>,
  optional: readonly string[] = [],
): ObjectType => ({
  fields,
  optional,
  open: true,
});

const message = event({ delivery_id: 'string', decision_id: 'string' }, ['decision_id']);
/** What it carries is all the engine's doing: reading anything else is a mistake. */
const segmentChange = (owner: string): ObjectType => ({
  ...event({ segment: 'string' }),
  owner,
});

/** Events every workspace knows without a file: the engine's own, and the standard ones. */
export const STANDARD_EVENTS: Readonly<Record<string, ObjectType>> = {
  order_completed: event(
    {
      order_id: 'string',
      total: 'double',
      currency: 'string',
      discount: 'double',
      products: 'list',
    },
    ['currency', 'discount', 'products'],
  ),
  order_cancelled: event({ order_id: 'string', total: 'double' }, ['total']),
  consent_changed: event(
    {
      channel: 'string',
      purpose: 'string',
      status: 'string',
      basis: 'string',
      proof: 'string',
    },
    ['basis', 'proof'],
  ),
  complaint_opened: event({}),
  complaint_closed: event({}),
  relance_segment_entered: segmentChange('relance_segment_entered'),
  relance_segment_left: segmentChange('relance_segment_left'),
  relance_message_accepted: message,
  relance_message_delivered: message,
  relance_message_bounced: message,
  relance_message_clicked: message,
  relance_message_unsubscribed: message,
  relance_message_complained: message,
  relance_enrol_requested: event({ scenario: 'string', key: 'string', properties: 'dyn' }),
  relance_points_changed: event({ points: 'int', reason: 'string' }),
  relance_task_closed: event({ task_id: 'string', outcome: 'string' }),
};
