import type { CommandBus } from '@nestjs/cqrs';
import { foldName, openApiDocument } from '#libs/contracts';
import { CloseDeadLetters, CorrectDeadLetter } from '../commands/dead-letters.js';
import { SendEvent, StartImport, TakeImportBatch } from '../commands/events.js';
import { RemoveSample } from '../commands/sample.js';
import { PublishWorkspace } from '../commands/workspace.js';
import type { Console } from '../create-console.js';
import { answer, refuse, type ApiHandlers } from '../http/answer.js';

type Operations = Pick<
  ApiHandlers,
  | 'openapi'
  | 'sandboxMessages'
  | 'sandboxMessage'
  | 'deadLetters'
  | 'replayDeadLetters'
  | 'dismissDeadLetters'
  | 'status'
  | 'workspace'
  | 'publishings'
  | 'lintWorkspace'
  | 'planWorkspace'
  | 'applyWorkspace'
  | 'startImport'
  | 'importEvents'
  | 'sendEvent'
  | 'removeSample'
  | 'sampleRemoval'
  | 'results'
  | 'tables'
>;

type Letters = Pick<Operations, 'deadLetters' | 'replayDeadLetters' | 'dismissDeadLetters'>;

type Publishing = Pick<
  Operations,
  | 'workspace'
  | 'publishings'
  | 'lintWorkspace'
  | 'planWorkspace'
  | 'applyWorkspace'
  | 'startImport'
  | 'importEvents'
  | 'sendEvent'
>;

/** Pages and commands of operators, publishers and analysts. */
export function operationHandlers(console: Console, commands: CommandBus): Operations {
  const { operations, status, results, sampleRemoval, options } = console;
  return {
    ...publishingHandlers(console, commands),
    ...letterHandlers(console, commands),
    openapi: async ({ locale }) =>
      answer({ ...openApiDocument({ version: options.version, locale }) }),
    sandboxMessages: async ({ query }) => answer(await operations.sandbox(query)),
    async sandboxMessage({ params, locale }) {
      const found = await operations.sandboxOne(params['id'] ?? '', locale);
      return found === null ? refuse('not_found') : answer(found);
    },
    status: async ({ locale }) => answer(await status.status(locale)),
    async removeSample({ principal }) {
      await commands.execute(new RemoveSample(principal));
      return answer(await sampleRemoval.state());
    },
    sampleRemoval: async () => answer(await sampleRemoval.state()),
    async results({ params, query, locale }) {
      const found = await results.results(params['scenario'] ?? '', query, locale);
      return typeof found === 'string' ? refuse(found) : answer(found);
    },
    async tables() {
      const found = await results.tables();
      return typeof found === 'string' ? refuse(found) : answer(found);
    },
  };
}

function letterHandlers({ operations }: Console, commands: CommandBus): Letters {
  return {
    deadLetters: async ({ query, locale }) => answer(await operations.deadLetters(query, locale)),
    async replayDeadLetters({ body, principal }) {
      if (!('message' in body)) {
        return answer(await commands.execute(new CloseDeadLetters(principal, 'replay', body)));
      }
      const done = await commands.execute(new CorrectDeadLetter(principal, body));
      if (done.ok) return answer(done.value);
      const refused = done.error;
      if (refused.code === 'reserved') return refuse('reserved_name');
      const issues = refused.issues.map(({ path, message }) => ({
        path: `message.${path}`,
        message,
      }));
      return refuse('malformed', {}, { issues });
    },
    dismissDeadLetters: async ({ body, principal }) =>
      answer(await commands.execute(new CloseDeadLetters(principal, 'dismiss', body))),
  };
}

function publishingHandlers({ workspace }: Console, commands: CommandBus): Publishing {
  return {
    async workspace() {
      const found = await workspace.current();
      return found === null ? refuse('nothing_published') : answer(found);
    },
    lintWorkspace: async ({ body }) => answer(await workspace.lint(body.files)),
    async planWorkspace({ body, locale }) {
      const planned = await workspace.plan(body, locale);
      return planned === null ? refuse('not_found') : answer(planned);
    },
    publishings: async ({ query, locale }) =>
      answer(await workspace.publishings(query.limit, locale)),
    async applyWorkspace({ body, principal, locale }) {
      const done = await commands.execute(new PublishWorkspace(principal, body, locale));
      if ('isUnknown' in done) return refuse('not_found');
      return 'applied' in done
        ? answer(done.applied)
        : refuse('has_problems', {}, { problems: done.problems });
    },
    startImport: async ({ body, principal }) =>
      answer(await commands.execute(new StartImport(principal, body))),
    async importEvents({ params, query, text, principal, locale }) {
      const batch = { text, cursor: query.cursor, isLast: query.last === '1' };
      const taken = await commands.execute(
        new TakeImportBatch(principal, params['job'] ?? '', batch, locale),
      );
      return taken === null ? refuse('not_found') : answer(taken);
    },
    async sendEvent({ body, principal }) {
      if (foldName(body.name).startsWith('relance_')) return refuse('reserved_name');
      const command = new SendEvent(principal, body);
      const taken = await commands.execute(command);
      if (taken.kind === 'slow_down') {
        return refuse('too_many_tries', { seconds: taken.waitSeconds });
      }
      if (taken.kind === 'unavailable') return refuse('store_away');
      if (taken.kind !== 'done' || !taken.verdict.success) {
        const code = taken.kind === 'done' ? (taken.verdict.rejected[0]?.code ?? '') : taken.kind;
        return refuse('malformed', {}, { issues: [{ path: 'event', message: code }] });
      }
      return answer({ messageId: command.messageId });
    },
  };
}
