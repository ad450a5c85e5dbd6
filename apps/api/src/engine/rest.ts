import type { FastifyInstance } from 'fastify';
import type { AnchoredClock } from '#libs/adapter-postgres';

/** How long the sample lives on without anybody looking. */
export const ALONE_MS = 15 * 60_000;
const LOOK_EVERY_MS = 10_000;

/** Requests that say nothing of a person looking: programs, receivers of mail, probes. */
const UNSEEN = /^\/(v1|c|o|u|webhooks|healthz|readyz|metrics)(\/|$|\?)/;

/**
 * Lets the sample's clock rest when nobody has asked the console for anything for a while, and go on
 * at the first request: a machine left alone does not live through years overnight.
 */
export function restWhenAlone(
  server: FastifyInstance,
  clock: Pick<AnchoredClock, 'rest' | 'resume' | 'speed'>,
  wallMs: () => number = Date.now,
): void {
  let seenMs = wallMs();
  server.addHook('onRequest', async (request) => {
    if (UNSEEN.test(request.url)) return;
    seenMs = wallMs();
    if (clock.speed === 0) await clock.resume();
  });
  const timer = setInterval(() => {
    if (clock.speed > 0 && wallMs() - seenMs > ALONE_MS) void clock.rest();
  }, LOOK_EVERY_MS).unref();
  server.addHook('onClose', () => clearInterval(timer));
}
