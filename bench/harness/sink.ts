import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkoutDir } from '#libs/config';

/** A message at the sink. */
export interface ReceivedMail {
  /** From `X-Relance-Delivery`; empty where the message has none. */
  readonly deliveryId: string;
  readonly to: string;
  /** Wall time of its receipt. */
  readonly atMs: number;
}

/** An SMTP server in another process, so that taking mail costs the measured processes nothing. */
export interface MailSink {
  /** `smtp://127.0.0.1:port`. */
  readonly url: string;
  /** Messages taken so far, doubled ones included. */
  count(): Promise<number>;
  mails(): Promise<readonly ReceivedMail[]>;
  close(): Promise<void>;
}

type Listed = readonly (readonly [deliveryId: string, to: string, atMs: number])[];

/** Starts a sink on a free port. It ends with this process, killed or not. */
export async function startMailSink(): Promise<MailSink> {
  // Without our own flags: a test runner's would have it look for sources, which Node cannot run.
  const program = join(checkoutDir(), 'bench', 'harness', 'sink.mjs');
  const child = fork(program, [], { execArgv: [] });
  const waiting = new Map<number, (answer: unknown) => void>();
  let last = 0;
  child.on('message', (message) => {
    const { id, answer } = message as { id: number; answer: unknown };
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const ended = once(child, 'exit');
  const ask = (question: 'port' | 'count' | 'list'): Promise<unknown> =>
    Promise.race([
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        child.send({ ask: question, id: last });
      }),
      ended.then(() => Promise.reject(new Error('the mail sink ended'))),
    ]);
  const port = (await ask('port')) as number;
  return {
    url: `smtp://127.0.0.1:${port}`,
    count: async () => (await ask('count')) as number,
    mails: async () =>
      ((await ask('list')) as Listed).map(([deliveryId, to, atMs]) => ({ deliveryId, to, atMs })),
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
