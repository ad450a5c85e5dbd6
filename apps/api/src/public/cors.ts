import type { FastifyInstance, FastifyReply } from 'fastify';

const HEADERS = 'authorization, content-type, content-encoding, x-write-key, x-retry-count';

function allowAnyOrigin(reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-origin', '*');
}

/**
 * Lets pages of any origin call the routes of this scope: their key is public, and no cookie is
 * read. Browsers ask first, by OPTIONS, for each of `paths`.
 */
export function allowBrowsers(scope: FastifyInstance, paths: readonly string[]): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    allowAnyOrigin(reply);
    done();
  });
  for (const path of paths) {
    scope.options(path, (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-methods', 'GET, POST, OPTIONS')
        .header('access-control-allow-headers', HEADERS)
        .header('access-control-max-age', '86400')
        .send(),
    );
  }
}
