import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { HttpRefusal } from '../http/problems.js';

/** Paths of the API and of recipients: never a page of the console. */
const NOT_A_PAGE = /^\/(api|v1|c|o|u|webhooks)(\/|$|\?)/;
const YEAR_SECONDS = 31_536_000;

// Mantine writes style attributes; messages are shown in a frame without scripts.
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "frame-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/** Serves the console's built files; any other page is the application's own to show. */
export async function serveStaticFiles(server: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (!isBuilt) return;
  await server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    maxAge: YEAR_SECONDS * 1_000,
    immutable: true,
  });
  server.get('/favicon.svg', (_request, reply) => reply.sendFile('favicon.svg', folder));
  server.get('/*', (request, reply) => {
    if (NOT_A_PAGE.test(request.url)) throw new HttpRefusal('RLN-2008');
    return reply
      .headers({
        'cache-control': 'no-cache',
        'content-security-policy': POLICY,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .sendFile('index.html', folder, { cacheControl: false });
  });
}
