import { parseCaughtMail, startMailCatcher, type MailCatcher } from '#libs/embedded';
import type { EpochMs } from '#libs/kernel';
import type { Engine } from '../engine/engine.js';
import { faultFields } from '../engine/json-log.js';

/** A caught message, as a row of `sandbox_message`. */
interface Row {
  readonly deliveryId: string | null;
  readonly recipient: string;
  readonly sender: string;
  readonly subject: string;
  readonly html: string;
  readonly body: string;
  readonly headers: string;
  readonly atMs: EpochMs;
}

interface Waiting {
  readonly rows: readonly Row[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const TOGETHER = 200;
const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();

/** Stores caught mail in batches: many senders wait for one transaction. */
class SandboxWriter {
  private waiting: Waiting[] = [];
  private isRunning = false;

  constructor(private readonly engine: Engine) {}

  /** Resolves once the message is on disk. */
  add(rows: readonly Row[]): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.waiting.push({ rows, resolve, reject });
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, TOGETHER);
      try {
        await this.insert(batch.flatMap((one) => one.rows));
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.isRunning = false;
  }

  private async insert(rows: readonly Row[]): Promise<void> {
    await this.engine.database.query(
      `INSERT INTO sandbox_message
           (delivery_id, channel, recipient, sender, subject, html, body, headers, at_ms)
         SELECT d, 'email', r, s, j, h, b, e, a
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
           $7::text[], $8::bigint[]) AS t(d, r, s, j, h, b, e, a)`,
      [
        rows.map((row) => row.deliveryId),
        rows.map((row) => row.recipient),
        rows.map((row) => row.sender),
        rows.map((row) => row.subject),
        rows.map((row) => row.html),
        rows.map((row) => row.body),
        rows.map((row) => row.headers),
        rows.map((row) => row.atMs),
      ],
    );
  }
}

/** Starts the sandbox's mail server: what it accepts is in the store, and goes nowhere else. */
export async function startMailSandbox(
  engine: Engine,
  options: { readonly port: number },
): Promise<MailCatcher> {
  const writer = new SandboxWriter(engine);
  return await startMailCatcher({
    port: options.port,
    async onMessage(raw, envelope) {
      const mail = await parseCaughtMail(raw);
      const atMs = engine.clock.nowMs();
      const rows = envelope.to.map((recipient) => ({
        deliveryId: mail.deliveryId === undefined ? null : storable(mail.deliveryId),
        recipient: storable(recipient).toLowerCase(),
        sender: storable(mail.from === '' ? envelope.from : mail.from),
        subject: storable(mail.subject),
        html: storable(mail.html),
        body: storable(mail.text),
        headers: JSON.stringify(Object.entries(mail.headers)),
        atMs,
      }));
      await writer.add(rows);
    },
    onError: (error) => engine.log.error('a sandbox mail was not stored', faultFields(error)),
  });
}
