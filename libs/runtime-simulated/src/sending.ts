import type {
  ChannelSender,
  Composer,
  Delivery,
  EffectRequest,
  InboxInput,
  MessageChannel,
} from '#libs/application';
import type { EnrolmentId } from '#libs/kernel';
import type { WebhookCommand } from '#libs/scenario';

/** What came of an effect, for an enrolment. */
export interface Answer {
  readonly enrolmentId: EnrolmentId;
  readonly input: InboxInput;
}

/** Writes a message without its text: what it would say is no part of a simulation. */
const unwritten: Composer = {
  compose: (delivery, _person, address) => ({
    composed: { message: messageOf(delivery, address), links: [] },
  }),
};

function messageOf(delivery: Delivery, to: string): Parameters<ChannelSender['send']>[0] {
  const { id: deliveryId, sender: from } = delivery;
  if (delivery.channel === 'sms') return { channel: 'sms', deliveryId, to, from, text: '' };
  const content = { subject: '', html: '', text: '', headers: {}, messageId: deliveryId };
  return { channel: 'email', deliveryId, to, from, ...content };
}

function accepting(channel: MessageChannel): ChannelSender {
  return {
    channel,
    send: ({ deliveryId }) =>
      Promise.resolve({ kind: 'accepted', provider: 'simulated', providerId: deliveryId }),
    close: () => Promise.resolve(),
  };
}

/** Composers of a simulation, by channel. */
export const UNWRITTEN: ReadonlyMap<string, Composer> = new Map([
  ['email', unwritten],
  ['sms', unwritten],
]);

/** Channels that take everything and send nothing. */
export const ACCEPTING: ReadonlyMap<string, ChannelSender> = new Map([
  ['email', accepting('email')],
  ['sms', accepting('sms')],
]);

/** Every endpoint answers at once that all is well, and says nothing more. */
export function calledAnswer({ command, enrolment, nowMs }: EffectRequest<WebhookCommand>): Answer {
  const result = { kind: 'called', outcome: 'answered', status: 200, body: {} } as const;
  const { commandId } = command;
  return {
    enrolmentId: enrolment.id,
    input: { type: 'result', commandId, result, effectAtMs: nowMs },
  };
}
