import type { SmsMessage } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import type { Database } from '../base/database.js';

/** Keeps an SMS of the sandbox for the console; a repeat of the same delivery adds nothing. */
export async function storeSandboxSms(
  database: Database,
  message: SmsMessage,
  atMs: EpochMs,
): Promise<void> {
  await database.query(
    `INSERT INTO sandbox_message (delivery_id, channel, recipient, sender, body, at_ms)
     SELECT $1, 'sms', $2, $3, $4, $5
     WHERE NOT EXISTS (SELECT 1 FROM sandbox_message WHERE delivery_id = $1)`,
    [message.deliveryId, message.to, message.from, message.text, atMs],
  );
}
