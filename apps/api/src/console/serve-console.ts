import type { FastifyInstance } from 'fastify';
import type { ApiOperation } from '#libs/contracts';
import type { Console } from './create-console.js';
import { operationHandlers } from './handlers/operations.js';
import { pageHandlers } from './handlers/pages.js';
import { sessionHandlers } from './handlers/session.js';
import type { ApiHandlers } from './http/answer.js';
import { registerApi, type RegisterOptions } from './http/register.js';

/** Every handler, each on the workspace in force when it is called. */
function handlersOf(console: Console): ApiHandlers {
  const all: ApiHandlers = {
    ...sessionHandlers(console),
    ...pageHandlers(console),
    ...operationHandlers(console),
  };
  const fresh = Object.entries(all).map(([operation, handle]) => {
    const run = handle as (call: unknown) => Promise<unknown>;
    return [
      operation as ApiOperation,
      async (call: unknown) => {
        await console.refresh();
        return await run(call);
      },
    ] as const;
  });
  return Object.fromEntries(fresh) as unknown as ApiHandlers;
}

/** Serves the console's API on a server that is not listening yet. */
export async function serveConsole(
  server: FastifyInstance,
  console: Console,
  hooks: Pick<RegisterOptions, 'onFault'>,
): Promise<void> {
  await registerApi(server, {
    access: console.access,
    handlers: handlersOf(console),
    publicUrl: console.options.publicUrl,
    ...hooks,
  });
}
