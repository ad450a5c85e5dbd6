import type { CommandBus } from '@nestjs/cqrs';
import type { FastifyInstance } from 'fastify';
import type { ApiOperation } from '#libs/contracts';
import type { Console } from './create-console.js';
import { draftHandlers } from './handlers/draft.js';
import { operateHandlers } from './handlers/operate.js';
import { operationHandlers } from './handlers/operations.js';
import { pageHandlers } from './handlers/pages.js';
import { sessionHandlers } from './handlers/session.js';
import type { ApiHandlers } from './http/answer.js';
import { registerApi, type RegisterOptions } from './http/register.js';

/** Every handler, each on the workspace in force when it is called. */
function handlersOf(console: Console, commands: CommandBus): ApiHandlers {
  const all: ApiHandlers = {
    ...sessionHandlers(console, commands),
    ...pageHandlers(console, commands),
    ...operationHandlers(console, commands),
    ...draftHandlers(console, commands),
    ...operateHandlers(console, commands),
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

/** What the console's API is served by: reads ask the use cases, changes go through the bus. */
export interface ConsoleDoor {
  readonly console: Console;
  readonly commands: CommandBus;
}

/** Serves the console's API on a server that is not listening yet. */
export async function serveConsole(
  server: FastifyInstance,
  { console, commands }: ConsoleDoor,
  hooks: Pick<RegisterOptions, 'onFault'>,
): Promise<void> {
  await registerApi(server, {
    access: console.access,
    handlers: handlersOf(console, commands),
    publicUrl: console.options.publicUrl,
    ...hooks,
  });
}
