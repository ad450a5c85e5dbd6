import type { ChannelSender, SmsMessage } from '#libs/application';
import { assert, hashId } from '#libs/kernel';
import { countSegments } from './segments.js';

/** Keeps a caught SMS. Must be idempotent by `deliveryId`: a failed store may be repeated. */
export type StoreSms = (
  message: SmsMessage & { readonly providerId: string; readonly segments: number },
) => Promise<void>;

/** The sandbox: messages go to the store, which the console shows, and to no phone. */
export function createSandboxSmsSender(store: StoreSms): ChannelSender {
  const inHand = new Set<Promise<void>>();
  let isClosed = false;
  return {
    channel: 'sms',
    async send(message, signal) {
      assert(message.channel === 'sms', 'an SMS for the SMS sender');
      const failed = { kind: 'failed', retryable: true } as const;
      if (isClosed) return { ...failed, code: 'connection_lost', detail: 'the sender is closed' };
      if (signal.aborted)
        return { ...failed, code: 'aborted', detail: 'aborted before it was sent' };
      const providerId = `SB${hashId('sandbox-sms', message.deliveryId)}`;
      const { segments } = countSegments(message.text);
      const stored = store({ ...message, providerId, segments });
      inHand.add(stored);
      try {
        await stored;
        return { kind: 'accepted', provider: 'sandbox', providerId, segments };
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return { ...failed, code: 'connection_lost', detail };
      } finally {
        inHand.delete(stored);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(inHand);
    },
  };
}
