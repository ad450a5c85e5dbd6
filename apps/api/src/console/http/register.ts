import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AnalyticsError, StoreError, type Access } from '#libs/application';
import {
  API_ROUTES,
  problemDocumentOf,
  type ApiOperation,
  type ApiRefusal,
  type ApiRoute,
} from '#libs/contracts';
import { assert } from '#libs/kernel';
import { isUnstorableText } from '../../http/reply.js';
import type { ApiCall, ApiHandlers, Redirect } from './answer.js';
import { callerOf, isFromConsole, localeOf, type Caller } from './caller.js';

/** What registering the routes needs. */
export interface RegisterOptions {
  readonly access: Access;
  readonly handlers: ApiHandlers;
  readonly publicUrl: string;
  /** Told of faults, with the number the caller was given. */
  readonly onFault: (error: unknown, instance: string) => void;
}

type Inventoried = ApiRoute & { readonly operation: ApiOperation };

const DEFAULT_BODY_BYTES = 64 * 1024;
const OWN_PATHS = /^\/(api(\/|$)|accounts\/by\/|profiles\/by\/)/;

/**
 * Serves every route of the inventory and refuses every other path under `/api`. Who may ask is
 * checked before the body is read. A route under `/api` that the inventory does not name is a fault
 * at start: nothing is served unguarded.
 */
export async function registerApi(
  server: FastifyInstance,
  options: RegisterOptions,
): Promise<void> {
  const known = new Set(API_ROUTES.map(({ method, path }) => `${method} ${path}`));
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      const isKnown = known.has(`${one} ${url}`) || one === 'HEAD' || url === '/api/*';
      assert(isKnown || !OWN_PATHS.test(url), `route ${one} ${url} is not in the inventory`);
    }
  });
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      ['application/json', 'application/x-ndjson', 'text/plain'],
      { parseAs: 'string' },
      (_request, body, done) => done(null, body),
    );
    scope.setErrorHandler((error, request, reply) => sendFault(error, request, { reply, options }));
    for (const route of API_ROUTES) serve(scope, route, options);
    scope.all('/api/*', async (request, reply) =>
      sendRefusal(request, reply, { refusal: 'not_found' }),
    );
  });
}

function serve(scope: FastifyInstance, route: Inventoried, options: RegisterOptions): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  scope.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.maxBodyBytes ?? DEFAULT_BODY_BYTES,
    onRequest: async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const caller = await callerOf(request, options.access);
      callers.set(request, caller);
      const refused = refusalOf(route, request, { caller, publicUrl: options.publicUrl });
      if (refused !== null) return await turnAway(request, reply, refused);
    },
    handler: async (request, reply) => {
      const caller = callers.get(request) ?? { principal: null, sessionToken: null };
      const call = callOf(route, { request, reply, caller });
      if ('refusal' in call) return sendRefusal(request, reply, call);
      const handle = options.handlers[route.operation] as (
        call: unknown,
      ) => Promise<{ value: unknown } | Redirect | ApiRefusal>;
      const result = await handle(call);
      if ('refusal' in result) return await turnAway(request, reply, result);
      if ('redirect' in result) return await reply.redirect(result.redirect, 302);
      return await reply.type('application/json; charset=utf-8').send(JSON.stringify(result.value));
    },
  });
}

/** Null: the caller may ask. */
function refusalOf(
  route: Inventoried,
  request: FastifyRequest,
  from: { readonly caller: Caller; readonly publicUrl: string },
): ApiRefusal | null {
  const { caller, publicUrl } = from;
  const isOpen = route.roles.includes('anyone');
  const changes = route.method !== 'GET';
  const isForeign = changes && !isFromConsole(request, publicUrl);
  // Signing somebody in from elsewhere is as good as a forged request.
  if (isOpen) {
    const isForged = isForeign && request.headers.origin !== undefined;
    return isForged ? { refusal: 'wrong_origin' } : null;
  }
  if (caller.principal === null) return { refusal: 'not_signed_in' };
  if (caller.sessionToken !== null && isForeign) return { refusal: 'wrong_origin' };
  if (caller.principal.roles.some((role) => route.roles.includes(role))) return null;
  return { refusal: 'not_allowed', params: { roles: route.roles.join(', ') } };
}

function callOf(
  route: Inventoried,
  from: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly caller: Caller;
  },
): ApiCall<ApiOperation> | ApiRefusal {
  const { request, reply, caller } = from;
  const query = route.query?.safeParse(request.query ?? {});
  if (query?.success === false) return malformed(query.error.issues);
  const text = typeof request.body === 'string' ? request.body : '';
  let body: unknown;
  if (route.body !== undefined && route.body !== 'ndjson') {
    const json = parsed(text);
    if (json === undefined) return malformed([{ path: [], message: 'not JSON' }]);
    const read = route.body.safeParse(json);
    if (!read.success) return malformed(read.error.issues);
    body = read.data;
  }
  return {
    params: request.params as Readonly<Record<string, string>>,
    query: query?.data as never,
    body: body as never,
    text,
    principal: caller.principal,
    sessionToken: caller.sessionToken,
    locale: localeOf(request),
    address: request.ip,
    isPeek: request.method === 'HEAD',
    setHeader: (name, value) => void reply.header(name, value),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function malformed(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): ApiRefusal {
  const told = issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return { refusal: 'malformed', extra: { issues: told } };
}

function isPage(request: FastifyRequest): boolean {
  const url = request.routeOptions.url ?? '';
  return !url.startsWith('/api/') || url === '/api/sign-in/:token';
}

/** A person who follows a link is shown the sign-in page, not a document. */
async function turnAway(
  request: FastifyRequest,
  reply: FastifyReply,
  refused: ApiRefusal,
): Promise<FastifyReply> {
  if (!isPage(request)) return sendRefusal(request, reply, refused);
  if (refused.refusal === 'not_signed_in') {
    return await reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 302);
  }
  return await reply.redirect(`/sign-in?problem=${refused.refusal}`, 302);
}

function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refused: ApiRefusal,
): FastifyReply {
  const document = problemDocumentOf(refused, localeOf(request));
  if (document.status === 401) void reply.header('www-authenticate', 'Bearer realm="relance"');
  const seconds = refused.params?.['seconds'];
  if (document.status === 429 && seconds !== undefined) {
    void reply.header('retry-after', String(seconds));
  }
  return reply
    .code(document.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(document));
}

function sendFault(
  error: unknown,
  request: FastifyRequest,
  to: { readonly reply: FastifyReply; readonly options: RegisterOptions },
): FastifyReply {
  const { reply, options } = to;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) {
    const limit = `${Math.round(request.routeOptions.bodyLimit / 1_024)} KB`;
    return sendRefusal(request, reply, { refusal: 'too_large', params: { limit } });
  }
  if (status === 415) {
    const issues = [{ path: 'content-type', message: 'application/json' }];
    return sendRefusal(request, reply, { refusal: 'malformed', extra: { issues } });
  }
  if (status >= 400 && status < 500) return sendRefusal(request, reply, { refusal: 'malformed' });
  if (isUnstorableText(error)) return sendRefusal(request, reply, { refusal: 'malformed' });
  const instance = randomBytes(6).toString('hex');
  options.onFault(error, instance);
  if (error instanceof AnalyticsError) {
    return sendRefusal(request, reply, { refusal: 'analytics_away', extra: { instance } });
  }
  if (error instanceof StoreError && error.retryable) {
    return sendRefusal(request, reply, { refusal: 'store_away', extra: { instance } });
  }
  return sendRefusal(request, reply, {
    refusal: 'fault',
    params: { instance },
    extra: { instance },
  });
}
