import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify, type FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import type { Engine } from './engine/engine.js';
import { ConsoleModule } from './console/console.module.js';
import type { ConsoleLogin } from './console/demo-users.js';
import { serveStaticFiles } from './console/static-files.js';
import { restWhenAlone } from './engine/rest.js';
import { HttpRefusal } from './http/problems.js';
import { errorHandler, sendProblem } from './http/reply.js';
import { ProblemFilter } from './http/problem.filter.js';
import { NestLog } from './http/nest-log.js';
import { captureRoutes } from './public/capture-routes.js';
import { trackingRoutes } from './public/tracking-routes.js';
import { twilioRoutes } from './public/twilio-routes.js';

/** The api's HTTP server, not yet listening. */
export interface ApiServer {
  readonly fastify: FastifyInstance;
  /** Ways in for the people of the sample; empty without the sample or the console. */
  logins(): Promise<readonly ConsoleLogin[]>;
  /** Resolves with the port. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no new request, finishes those in hand. */
  close(): Promise<void>;
}

/** What the server offers beside what is public. */
export interface ServerOptions {
  /** The sample's clock rests while nobody looks at the console. */
  readonly restsAlone?: boolean;
  /** Folder of the console's built files; absent: no console and none of its API. */
  readonly consoleDir?: string;
}

const HEADERS_MAX_MS = 10_000;
const REQUEST_MAX_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
const BODY_LIMIT_BYTES = 1024 * 1024;
const SWEEP_MS = 50;
const CUT_AFTER_MS = 1_500;
const URL_PARAMETER_MAX = 1_100;

function createFastify(engine: Engine): FastifyInstance {
  const { locale } = engine.settings;
  return fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_MAX_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: URL_PARAMETER_MAX },
    http: { headersTimeout: HEADERS_MAX_MS },
    frameworkErrors: (_error, request, reply) => {
      sendProblem(request, reply, new HttpRefusal('RLN-2008'), locale);
    },
  });
}

/**
 * Nest would put a handler in place of ours that leaves to Fastify's words what happens outside of
 * its own routes: a body that is no JSON, an address that is no page of the console.
 */
class KeepsErrorHandler extends FastifyAdapter {
  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.getInstance();
  }
}

/** Each group of routes in a scope of its own, with its own way to read bodies. */
async function publicRoutes(server: FastifyInstance, engine: Engine): Promise<void> {
  const { settings, log, capture, keys, tracker, replies } = engine;
  const { locale, publicUrl, secrets } = settings;
  const groups: ((scope: FastifyInstance) => void)[] = [
    (scope) => captureRoutes(scope, { capture, keys, publicUrl }),
    (scope) => trackingRoutes(scope, { tracker, locale, linkKeys: secrets.linkSigningKey }),
    (scope) =>
      twilioRoutes(scope, { replies, publicUrl, locale, authToken: settings.twilioAuthToken }),
  ];
  for (const group of groups) {
    await server.register((scope, _options, done) => {
      scope.setErrorHandler(errorHandler(log, locale));
      group(scope);
      done();
    });
  }
}

/** A kept-alive connection that falls idle while we stop is closed; what hangs is cut off. */
async function closing(server: FastifyInstance, close: () => Promise<void>): Promise<void> {
  const http = server.server;
  const sweep = setInterval(() => http.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => http.closeAllConnections(), CUT_AFTER_MS);
  try {
    await close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

/**
 * Builds the server: public routes on Fastify itself, before Nest adds its hooks to the root, so
 * that a captured event pays for neither; then Nest's modules on the same server.
 */
export async function createServer(
  engine: Engine,
  options: ServerOptions = {},
): Promise<ApiServer> {
  const server = createFastify(engine);
  server.setErrorHandler(errorHandler(engine.log, engine.settings.locale));
  if (options.restsAlone === true) restWhenAlone(server, engine.clock);
  await publicRoutes(server, engine);
  if (options.consoleDir !== undefined) await serveStaticFiles(server, options.consoleDir);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(engine, { hasConsole: options.consoleDir !== undefined }),
    new KeepsErrorHandler(server),
    { logger: new NestLog(engine.log), abortOnError: false },
  );
  app.useGlobalFilters(new ProblemFilter(engine.log, engine.settings.locale));
  await app.init();
  const logins = async (): Promise<readonly ConsoleLogin[]> =>
    options.consoleDir === undefined ? [] : await app.get(ConsoleModule).logins();
  return {
    fastify: server,
    logins,
    async listen(port, host) {
      await app.listen(port, host);
      return (server.server.address() as { port: number }).port;
    },
    close: () => closing(server, () => app.close()),
  };
}
