import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type NetConnectOpts, type Server } from 'node:net';
import { join } from 'node:path';

/** What a live supervisor says of itself. */
export interface HomeAnswer {
  readonly homeId: string;
  readonly pid: number;
  /** Absent while it is starting. */
  readonly url?: string;
}

/** The supervisor's own door under its home. */
export interface HomeSocket {
  close(): void;
}

// A unix socket's path has room for little more than this on every system.
const LONGEST_PATH = 100;
const ANSWER_WITHIN_MS = 2_000;
const ANSWER_LIMIT = 4_096;

const socketPath = (homeDir: string): string => join(homeDir, 'supervisor.sock');
const portPath = (homeDir: string): string => join(homeDir, 'supervisor.port');
const isTooLong = (homeDir: string): boolean => socketPath(homeDir).length > LONGEST_PATH;

function placeOf(homeDir: string): NetConnectOpts | undefined {
  if (!isTooLong(homeDir)) return { path: socketPath(homeDir) };
  try {
    return { host: '127.0.0.1', port: Number(readFileSync(portPath(homeDir), 'utf8')) };
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is HomeAnswer {
  const answer = value as Partial<HomeAnswer> | null;
  return typeof answer?.homeId === 'string' && typeof answer.pid === 'number';
}

function parse(text: string): HomeAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isAnswer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the home's supervisor who it is; undefined where none answers. Never throws. */
export function askHome(homeDir: string): Promise<HomeAnswer | undefined> {
  const place = placeOf(homeDir);
  if (place === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = createConnection(place);
    let text = '';
    const finish = (): void => {
      socket.destroy();
      resolve(parse(text));
    };
    socket.setTimeout(ANSWER_WITHIN_MS, finish);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.length > ANSWER_LIMIT) finish();
    });
    socket.once('error', finish);
    socket.once('end', finish);
  });
}

function listen(server: Server, homeDir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (!isTooLong(homeDir)) {
      server.listen(socketPath(homeDir), resolve);
      return;
    }
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      writeFileSync(portPath(homeDir), String(port), { mode: 0o600 });
      resolve();
    });
  });
}

/** Opens the door. Only for the process that holds the home's lock: it clears a door left behind. */
export async function openHome(homeDir: string, answer: () => HomeAnswer): Promise<HomeSocket> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(answer()));
  });
  const paths = [socketPath(homeDir), portPath(homeDir)];
  for (const path of paths) rmSync(path, { force: true });
  await listen(server, homeDir);
  server.unref();
  return {
    close() {
      server.close();
      for (const path of paths) rmSync(path, { force: true });
    },
  };
}
