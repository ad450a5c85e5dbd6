import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Where the programmed server acts, in the order of the protocol. */
export type Stage =
  | 'greeting'
  | 'ehlo'
  | 'mail'
  | 'rcpt'
  | 'data'
  /** On the first bytes of the body. */
  | 'body'
  /** On the final dot. */
  | 'dot';

/**
 * What it does there: cut the connection, say nothing more, read nothing more for a while and then
 * cut, or reply.
 */
export type Act = 'close' | 'silence' | 'stall' | { readonly reply: string };

/** A server that behaves until a stage, and then as told. It counts what it took in whole. */
export interface ProgrammedServer {
  readonly url: string;
  /** Messages received up to the final dot, accepted or not. */
  readonly wholeMessages: () => number;
  /** Connections opened so far. */
  readonly connections: () => number;
  /** Resolves when the stage is first reached. */
  readonly reached: Promise<void>;
  close(): Promise<void>;
}

const NORMAL: Readonly<Record<Stage, string>> = {
  greeting: '220 programmed ESMTP',
  ehlo: '250 programmed',
  mail: '250 2.1.0 ok',
  rcpt: '250 2.1.5 ok',
  data: '354 go on',
  body: '',
  dot: '250 2.0.0 queued as 4XyZ12',
};

export async function startProgrammed(
  stage: Stage,
  act: Act,
  options: { readonly pipelining?: boolean } = {},
): Promise<ProgrammedServer> {
  let whole = 0;
  let opened = 0;
  let markReached = (): void => undefined;
  const reached = new Promise<void>((resolve) => (markReached = resolve));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    converse(socket, {
      at: (current) => {
        if (current === 'dot') whole += 1;
        if (current !== stage) return answer(socket, normal(current, options));
        markReached();
        if (act === 'stall') return stall(socket);
        if (act === 'close') return void socket.destroy();
        if (act === 'silence') return undefined;
        return answer(socket, act.reply);
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wholeMessages: () => whole,
    connections: () => opened,
    reached,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Long enough for a small message to leave our side in whole. */
const STALL_MS = 100;

function stall(socket: Socket): void {
  socket.pause();
  setTimeout(() => socket.destroy(), STALL_MS);
}

function normal(stage: Stage, options: { readonly pipelining?: boolean }): string {
  if (stage !== 'ehlo' || options.pipelining !== true) return NORMAL[stage];
  return '250-programmed\r\n250 PIPELINING';
}

function answer(socket: Socket, reply: string): void {
  if (reply !== '') socket.write(`${reply}\r\n`);
}

const VERBS: Readonly<Record<string, Stage>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
};

function converse(socket: Socket, script: { readonly at: (stage: Stage) => void }): void {
  let pending = '';
  let inBody = false;
  let hasBody = false;
  script.at('greeting');
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    for (;;) {
      if (inBody) {
        if (!hasBody) {
          hasBody = true;
          script.at('body');
        }
        const dot = pending.indexOf('\r\n.\r\n');
        if (socket.destroyed) return;
        if (dot === -1) return void (pending = pending.slice(-4));
        pending = pending.slice(dot + 5);
        inBody = false;
        hasBody = false;
        script.at('dot');
        continue;
      }
      const end = pending.indexOf('\r\n');
      if (end === -1 || socket.destroyed) return;
      const verb = pending.slice(0, 4).toUpperCase();
      pending = pending.slice(end + 2);
      if (verb === 'QUIT') return void socket.end('221 bye\r\n');
      if (verb === 'RSET') answer(socket, '250 ok');
      const stage = VERBS[verb];
      if (stage !== undefined) script.at(stage);
      if (stage === 'data') inBody = true;
      if (inBody && pending === '') return;
    }
  });
}
