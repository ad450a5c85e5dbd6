import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { StoreError } from '#libs/application';
import type { Locale } from '#libs/kernel';
import { faultFields, type JsonLog } from '../engine/json-log.js';
import { callerLocale, HttpRefusal, problemDocument, type HttpProblemCode } from './problems.js';

/** Sends the problem document of a refusal. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: HttpRefusal,
  fallback: Locale,
): FastifyReply {
  const locale = callerLocale(request.headers['accept-language'], fallback);
  const document = problemDocument(refusal.code, locale, refusal.detail);
  if (refusal.retryAfterSeconds !== undefined) {
    void reply.header('retry-after', String(refusal.retryAfterSeconds));
  }
  if (document.status === 401) void reply.header('www-authenticate', 'Basic realm="relance"');
  return reply
    .code(document.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', locale)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(document));
}

const BY_STATUS: Readonly<Record<number, HttpProblemCode>> = {
  400: 'RLN-2002',
  404: 'RLN-2008',
  413: 'RLN-2003',
  414: 'RLN-2008',
  415: 'RLN-2007',
};

/** PostgreSQL's text knows no NUL: whoever sends one in a name or an id sent what cannot be. */
export function isUnstorableText(error: unknown): boolean {
  if (!(error instanceof StoreError)) return false;
  return (error.cause as { code?: unknown } | undefined)?.code === '22021';
}

/** The refusal that an error amounts to: ours as it is, the framework's by status, else a fault. */
export function refusalOf(error: unknown): HttpRefusal {
  if (error instanceof HttpRefusal) return error;
  if (error instanceof StoreError && error.retryable) {
    return new HttpRefusal('RLN-2017', {}, 1);
  }
  if (isUnstorableText(error)) {
    return new HttpRefusal('RLN-2013', { fr: 'elle contient un NUL', en: 'it holds a NUL' });
  }
  const { statusCode } = error as Partial<FastifyError>;
  return new HttpRefusal(
    (statusCode === undefined ? undefined : BY_STATUS[statusCode]) ?? 'RLN-2009',
  );
}

/** Answers errors of every route: a document for the caller, a line for the operator. */
export function errorHandler(log: JsonLog, fallback: Locale) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = refusalOf(error);
    if (refusal.code === 'RLN-2009' || refusal.code === 'RLN-2017') {
      const route = request.routeOptions.url ?? 'none';
      log.error('a request failed', { method: request.method, route, ...faultFields(error) });
    }
    return sendProblem(request, reply, refusal, fallback);
  };
}
