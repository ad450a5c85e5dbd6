import PostalMime, { decodeWords } from 'postal-mime';

/** A caught e-mail, as the console shows it. */
export interface CaughtMail {
  readonly to: readonly string[];
  /** The From header: `Maison Lumen <bonjour@maison-lumen.example>`. */
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** By lower-case name; the first where one stands twice. */
  readonly headers: Readonly<Record<string, string>>;
  /** From `X-Relance-Delivery`; absent where another program sent the message. */
  readonly deliveryId?: string;
  readonly messageId?: string;
}

const NESTING_MAX = 20;
const HEADERS_MAX_BYTES = 64 * 1024;

/** Reads a raw message. Never throws for an odd one: what cannot be read comes back empty. */
export async function parseCaughtMail(raw: Buffer): Promise<CaughtMail> {
  const limits = { maxNestingDepth: NESTING_MAX, maxHeadersSize: HEADERS_MAX_BYTES };
  const email = await PostalMime.parse(raw, limits).catch(() => undefined);
  if (email === undefined) {
    return { to: [], from: '', subject: '', html: '', text: raw.toString('utf8'), headers: {} };
  }
  const headers: Record<string, string> = {};
  for (const { key, value } of email.headers) headers[key] ??= decodeWords(value);
  const deliveryId = headers['x-relance-delivery'];
  return {
    to: (email.to ?? []).flatMap((recipient) => recipient.address ?? []),
    from: written(email.from),
    subject: email.subject ?? '',
    html: email.html ?? '',
    text: email.text ?? '',
    headers,
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(email.messageId === undefined ? {} : { messageId: email.messageId }),
  };
}

function written(mailbox: { name?: string; address?: string | undefined } | undefined): string {
  if (mailbox?.address === undefined) return mailbox?.name ?? '';
  return mailbox.name ? `${mailbox.name} <${mailbox.address}>` : mailbox.address;
}
