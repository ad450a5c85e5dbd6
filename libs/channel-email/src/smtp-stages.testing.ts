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
  /** The messages received up to the final dot and not refused, in bytes as latin1. */
  readonly messages: readonly string[];
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

/** What the server does beside its script. */
export interface ProgrammedOptions {
  /** How often the stage is passed as usual before the server acts; default 0. */
  readonly after?: number;
  readonly pipelining?: boolean;
  /** AUTH PLAIN is then required before MAIL. */
  readonly credentials?: { readonly user: string; readonly pass: string };
}

/** A server that acts at one stage. */
export function startProgrammed(
  stage: Stage,
  act: Act,
  options: ProgrammedOptions = {},
): Promise<ProgrammedServer> {
  let passed = 0;
  return startScripted((current) => {
    if (current !== stage) return undefined;
    passed += 1;
    return passed > (options.after ?? 0) ? act : undefined;
  }, options);
}

/** A server that is asked what to do at each stage of each connection; `undefined` is as usual. */
export async function startScripted(
  script: (stage: Stage) => Act | undefined,
  options: ProgrammedOptions = {},
): Promise<ProgrammedServer> {
  const messages: string[] = [];
  let opened = 0;
  let markReached = (): void => undefined;
  const reached = new Promise<void>((resolve) => (markReached = resolve));
  const sockets = new Set<Socket>();
  const at = (socket: Socket, stage: Stage): Act | undefined => {
    const act = script(stage);
    if (act === undefined) answer(socket, normal(stage, options));
    else {
      markReached();
      perform(socket, act);
    }
    return act;
  };
  const server = createServer((socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    const onMessage = (raw: string) => messages.push(raw);
    new Conversation(socket, { options, onMessage, at }).start();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    connections: () => opened,
    reached,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function perform(socket: Socket, act: Act): void {
  if (act === 'stall') stall(socket);
  else if (act === 'close') socket.destroy();
  else if (act !== 'silence') answer(socket, act.reply);
}

/** Long enough for a small message to leave our side in whole. */
const STALL_MS = 100;

function stall(socket: Socket): void {
  socket.pause();
  setTimeout(() => socket.destroy(), STALL_MS);
}

function normal(stage: Stage, options: ProgrammedOptions): string {
  if (stage !== 'ehlo') return NORMAL[stage];
  const extensions = [
    'programmed',
    ...(options.pipelining === true ? ['PIPELINING'] : []),
    ...(options.credentials === undefined ? [] : ['AUTH PLAIN']),
  ];
  const last = extensions.length - 1;
  return extensions.map((line, index) => `250${index === last ? ' ' : '-'}${line}`).join('\r\n');
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
const END_OF_BODY = '\r\n.\r\n';

interface Script {
  readonly options: ProgrammedOptions;
  readonly onMessage: (raw: string) => void;
  readonly at: (socket: Socket, stage: Stage) => Act | undefined;
}

class Conversation {
  private pending = '';
  private state: 'commands' | 'body-awaited' | 'body' = 'commands';
  private isKnown: boolean;

  constructor(
    private readonly socket: Socket,
    private readonly script: Script,
  ) {
    this.isKnown = script.options.credentials === undefined;
  }

  start(): void {
    this.script.at(this.socket, 'greeting');
    this.socket.on('data', (chunk) => {
      this.pending += chunk.toString('latin1');
      // What came in one piece with what stalled it is not read either.
      while (!this.socket.destroyed && !this.socket.isPaused() && this.step());
    });
  }

  /** Takes one line or one body; false when there is none yet. */
  private step(): boolean {
    if (this.state === 'commands') return this.command();
    if (this.pending === '') return false;
    // A client whose recipients were all refused ends the message that it had announced.
    if (this.pending.startsWith('.\r\n')) {
      this.pending = this.pending.slice('.\r\n'.length);
      this.state = 'commands';
      answer(this.socket, '554 5.5.1 no valid recipients');
      return true;
    }
    if (this.state === 'body-awaited') {
      this.state = 'body';
      this.script.at(this.socket, 'body');
      return true;
    }
    const end = this.pending.indexOf(END_OF_BODY);
    if (end === -1) return false;
    const raw = this.pending.slice(0, end + 2).replaceAll('\r\n..', '\r\n.');
    this.pending = this.pending.slice(end + END_OF_BODY.length);
    this.state = 'commands';
    const act = this.script.at(this.socket, 'dot');
    const isRefused = typeof act === 'object' && /^[45]/.test(act.reply);
    // A server that cut the connection here may well have kept the message: the worst case.
    if (!isRefused) this.script.onMessage(raw);
    return true;
  }

  private command(): boolean {
    const end = this.pending.indexOf('\r\n');
    if (end === -1) return false;
    const line = this.pending.slice(0, end);
    this.pending = this.pending.slice(end + 2);
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'QUIT') this.socket.end('221 bye\r\n');
    else if (verb === 'RSET') answer(this.socket, '250 ok');
    else if (verb === 'AUTH') this.authenticate(line.slice('AUTH PLAIN '.length));
    else if (verb === 'MAIL' && !this.isKnown) answer(this.socket, '530 5.7.0 log in first');
    else this.reach(VERBS[verb]);
    return true;
  }

  private reach(stage: Stage | undefined): void {
    if (stage === undefined) return answer(this.socket, '500 what?');
    const act = this.script.at(this.socket, stage);
    const isRefused = typeof act === 'object';
    if (stage === 'data' && !isRefused) this.state = 'body-awaited';
  }

  private authenticate(given: string): void {
    const { user = '', pass = '' } = this.script.options.credentials ?? {};
    this.isKnown = Buffer.from(given, 'base64').toString('utf8') === `\0${user}\0${pass}`;
    answer(this.socket, this.isKnown ? '235 2.7.0 welcome' : '535 5.7.8 bad credentials');
  }
}
