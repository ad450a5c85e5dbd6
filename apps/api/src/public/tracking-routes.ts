import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Tracker } from '#libs/application';
import { readUnsubscribe, verifyLink, type LinkKey } from '#libs/channel-email';
import type { Locale } from '#libs/kernel';
import { callerLocale, HttpRefusal } from '../http/problems.js';
import { badLinkPage, leavePage, leftPage, PAGE_POLICY } from './pages.js';

/** What links of messages work with. */
export interface TrackingRoutesOptions {
  readonly tracker: Tracker;
  readonly linkKeys: LinkKey | readonly LinkKey[];
  readonly locale: Locale;
}

const FORM_MAX_BYTES = 16 * 1024;

function quiet(reply: FastifyReply): FastifyReply {
  return reply
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex');
}

function sendPage(reply: FastifyReply, locale: Locale, html: string): FastifyReply {
  return quiet(reply)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-language', locale)
    .header('content-security-policy', PAGE_POLICY)
    .header('x-content-type-options', 'nosniff')
    .send(html);
}

/** A person gets a page, a program a problem document. */
function badLink(request: FastifyRequest, reply: FastifyReply, fallback: Locale): FastifyReply {
  if (!(request.headers.accept ?? '').includes('text/html')) throw new HttpRefusal('RLN-2010');
  const locale = callerLocale(request.headers['accept-language'], fallback);
  return sendPage(reply.code(404), locale, badLinkPage(locale));
}

/**
 * `/c/...` leads on to the target of a link, and records the visit; `/u/...` shows a page, and only
 * a POST to it takes a person out. Both answer 404 to a token that was not made here.
 */
export function trackingRoutes(scope: FastifyInstance, options: TrackingRoutesOptions): void {
  const { tracker, linkKeys, locale: fallback } = options;
  scope.removeAllContentTypeParsers();
  // Mail clients post forms of either kind, or nothing at all.
  scope.addContentTypeParser(
    '*',
    { parseAs: 'string', bodyLimit: FORM_MAX_BYTES },
    (_request, body, done) => done(null, body),
  );
  scope.get('/c/:token', async (request, reply) => {
    const claim = verifyLink(linkKeys, request.url);
    if (!claim.ok || claim.value.kind !== 'click') return badLink(request, reply, fallback);
    const answer = await tracker.click({
      deliveryId: claim.value.deliveryId,
      linkIndex: claim.value.linkIndex,
      method: request.method,
      userAgent: request.headers['user-agent'] ?? '',
    });
    if (answer.kind === 'unknown') return badLink(request, reply, fallback);
    return quiet(reply).code(302).header('location', answer.target).send();
  });
  const leaving = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { method, url, body } = request;
    const read = readUnsubscribe(linkKeys, {
      method,
      url,
      ...(typeof body === 'string' ? { body } : {}),
    });
    if (!read.ok) return badLink(request, reply, fallback);
    const { deliveryId, channel, purpose, isOneClick, action } = read.value;
    const locale = callerLocale(request.headers['accept-language'], fallback);
    if (action === 'show_preferences') {
      const isKnown = (await tracker.deliveryOf(deliveryId)) !== null;
      if (!isKnown) return badLink(request, reply, fallback);
      return sendPage(reply, locale, leavePage(locale, purpose, channel));
    }
    const isDone = await tracker.unsubscribe({ deliveryId, channel, purpose, isOneClick });
    if (!isDone) return badLink(request, reply, fallback);
    return sendPage(reply, locale, leftPage(locale, purpose, channel));
  };
  scope.get('/u/:token', leaving);
  scope.post('/u/:token', leaving);
}
