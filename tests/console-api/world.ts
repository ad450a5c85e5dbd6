import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { fastify, type FastifyInstance } from 'fastify';
import { LuxonCalendar } from '#libs/adapter-calendar';
import type { Database } from '#libs/adapter-postgres';
import { keyedPseudonyms, type AnalyticsReader, type PersonRole } from '#libs/application';
import type { ProblemDocument } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';
import { CONSOLE, tellCommands } from '../../apps/api/src/console/commands/command.js';
import { COMMAND_HANDLERS } from '../../apps/api/src/console/commands/handlers.js';
import { createConsole, type Console } from '../../apps/api/src/console/create-console.js';
import { serveConsole } from '../../apps/api/src/console/serve-console.js';
import { WorkspaceWatch } from '../../apps/api/src/engine/workspace.js';
import { engineWorld, type EngineWorld } from '../engine/world.js';

/** The home's own key in these tests. */
export const HOME_KEY = 'rk_the-home-key-of-these-tests';
/** A password that every user of these tests has. */
export const PASSWORD = 'correct horse battery';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed; null where it is no JSON. */
  readonly json: unknown;
}

/** What a request carries beside its address. */
export interface Ask {
  readonly method?: string;
  readonly key?: string;
  readonly cookie?: string;
  readonly origin?: string | null;
  readonly body?: unknown;
  readonly locale?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The console's API over real HTTP, a real store and the whole engine. */
export interface ConsoleWorld {
  readonly url: string;
  readonly console: Console;
  readonly engine: EngineWorld;
  readonly server: FastifyInstance;
  readonly faults: unknown[];
  /** Commands as the log tells them, oldest first. */
  readonly told: { readonly command: string; readonly by: string }[];
  readonly ask: (path: string, ask?: Ask) => Promise<Answer>;
  /** Cookie of a person with this role, made where there is none. */
  readonly signIn: (role: PersonRole, email?: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Starts the console around an engine. */
export async function consoleWorld(
  database: Database,
  options: {
    readonly workspace: string;
    /** Files laid over the workspace's. */
    readonly files?: Readonly<Record<string, string>>;
    readonly startMs: EpochMs;
    readonly analytics?: AnalyticsReader;
    /** False where nothing is to be in force yet. */
    readonly publishes?: boolean;
    /** What becomes of an event that a person sends; without it the engine takes it. */
    readonly takeEvent?: Parameters<typeof createConsole>[0]['takeEvent'];
  },
): Promise<ConsoleWorld> {
  const engine = await engineWorld(database, options);
  const pseudonyms = keyedPseudonyms('a test key');
  const faults: unknown[] = [];
  const server = fastify({ trustProxy: 'loopback' });
  const clock = {
    nowMs: () => engine.clock.nowMs(),
    speed: 1,
    isAccelerated: false,
  };
  const calendar = new LuxonCalendar();
  const console = createConsole({
    database,
    log: engine.engine.log,
    clock,
    calendar,
    workspace: new WorkspaceWatch(database, calendar).workspace,
    analytics: options.analytics ?? null,
    tables: { url: 'http://127.0.0.1:1', database: 'relance', user: 'analyst', password: 'p' },
    publicUrl: 'http://console.test',
    homeKey: HOME_KEY,
    version: '0.0.0',
    isSample: false,
    hashAddress: (channel, address) => pseudonyms.hash(channel, address),
    takeEvent: options.takeEvent ?? takeBy(engine),
    probe: () => Promise.resolve([]),
    disk: () => Promise.resolve({ freeBytes: 10_000_000_000, totalBytes: 20_000_000_000 }),
    wallMs: Date.now,
    elapsedMs: () => performance.now(),
  });
  const nest = await nestOf(console);
  const commands = nest.get(CommandBus);
  const told: ConsoleWorld['told'] = [];
  tellCommands(commands, (fields) => told.push(fields));
  await serveConsole(server, { console, commands }, { onFault: (error) => faults.push(error) });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  const ask = (path: string, wish: Ask = {}): Promise<Answer> => send(url, path, wish);
  return {
    url,
    console,
    engine,
    server,
    faults,
    told,
    ask,
    signIn: async (role, email = `${role}@console.test`) => {
      await console.access.ensureUser({ email, name: role, role, password: PASSWORD });
      const body = { email, password: PASSWORD };
      const answer = await ask('/api/sign-in', { method: 'POST', body });
      return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    close: async () => {
      await server.close();
      await nest.close();
      await engine.close();
    },
  };
}

/** Hands events to the engine, which refuses none. */
function takeBy(engine: EngineWorld): Parameters<typeof createConsole>[0]['takeEvent'] {
  return async (message) => {
    await engine.send([
      {
        name: String(message['event']),
        ids: message['ids'] as Record<string, string>,
        messageId: String(message['messageId']),
      },
    ]);
    return { kind: 'done', verdict: { success: true, accepted: 1, rejected: [] } };
  };
}

/** The bus of the console's commands, without the rest of the server's modules. */
async function nestOf(console: Console) {
  const providers = [{ provide: CONSOLE, useValue: console }, ...COMMAND_HANDLERS];
  const module = class {};
  return await NestFactory.createApplicationContext(
    { module, imports: [CqrsModule], providers },
    { logger: false },
  );
}

async function send(url: string, path: string, wish: Ask): Promise<Answer> {
  const { method = 'GET', key, cookie, body, locale = 'en' } = wish;
  // As a browser does: a request that changes something says where it comes from.
  const origin = wish.origin === undefined && cookie !== undefined ? url : wish.origin;
  const isText = typeof body === 'string';
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      'accept-language': locale,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(origin === undefined || origin === null ? {} : { origin }),
      ...(body === undefined
        ? {}
        : { 'content-type': isText ? 'application/x-ndjson' : 'application/json' }),
      ...wish.headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The problem document of a refusal. */
export function problemOf(answer: Answer): ProblemDocument {
  return answer.json as ProblemDocument;
}
