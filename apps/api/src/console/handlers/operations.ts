import { randomUUID } from 'node:crypto';
import { foldName, openApiDocument } from '#libs/contracts';
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
  | 'lintWorkspace'
  | 'planWorkspace'
  | 'applyWorkspace'
  | 'startImport'
  | 'importEvents'
  | 'sendEvent'
  | 'results'
  | 'tables'
>;

type Publishing = Pick<
  Operations,
  | 'workspace'
  | 'lintWorkspace'
  | 'planWorkspace'
  | 'applyWorkspace'
  | 'startImport'
  | 'importEvents'
  | 'sendEvent'
>;

/** Pages and commands of operators, publishers and analysts. */
export function operationHandlers(console: Console): Operations {
  const { operations, status, results, options } = console;
  return {
    ...publishingHandlers(console),
    openapi: async ({ locale }) =>
      answer({ ...openApiDocument({ version: options.version, locale }) }),
    sandboxMessages: async ({ query }) => answer(await operations.sandbox(query)),
    async sandboxMessage({ params, locale }) {
      const found = await operations.sandboxOne(params['id'] ?? '', locale);
      return found === null ? refuse('not_found') : answer(found);
    },
    deadLetters: async ({ query, locale }) => answer(await operations.deadLetters(query, locale)),
    async replayDeadLetters({ body, principal }) {
      if (!('message' in body)) return answer(await operations.closeLetters('replay', body));
      const done = await operations.correctLetter(body, principal?.email ?? '');
      if (done.ok) return answer(done.value);
      const refused = done.error;
      if (refused.code === 'reserved') return refuse('reserved_name');
      const issues = refused.issues.map(({ path, message }) => ({
        path: `message.${path}`,
        message,
      }));
      return refuse('malformed', {}, { issues });
    },
    dismissDeadLetters: async ({ body }) => answer(await operations.closeLetters('dismiss', body)),
    status: async ({ locale }) => answer(await status.status(locale)),
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

function publishingHandlers({ workspace, imports, options }: Console): Publishing {
  return {
    async workspace() {
      const found = await workspace.current();
      return found === null ? refuse('nothing_published') : answer(found);
    },
    lintWorkspace: async ({ body }) => answer(workspace.lint(body.files)),
    planWorkspace: async ({ body, locale }) => answer(await workspace.plan(body.files, locale)),
    async applyWorkspace({ body, principal, locale }) {
      const by = { author: principal?.email ?? '', locale };
      const done = await workspace.apply(body.files, by);
      return 'applied' in done
        ? answer(done.applied)
        : refuse('has_problems', {}, { problems: done.problems });
    },
    startImport: async ({ body }) => answer(await imports.start(body)),
    async importEvents({ params, query, text, locale }) {
      const batch = { text, cursor: query.cursor, isLast: query.last === '1' };
      const taken = await imports.take(params['job'] ?? '', batch, locale);
      return taken === null ? refuse('not_found') : answer(taken);
    },
    async sendEvent({ body }) {
      if (foldName(body.name).startsWith('relance_')) return refuse('reserved_name');
      const messageId = body.messageId ?? randomUUID();
      const { name, ids, properties, traits, atMs } = body;
      const taken = await options.takeEvent({
        type: 'track',
        event: name,
        messageId,
        ids,
        properties,
        ...(traits === undefined ? {} : { context: { traits } }),
        ...(atMs === undefined ? {} : { timestamp: new Date(atMs).toISOString() }),
      });
      if (taken.kind === 'slow_down') {
        return refuse('too_many_tries', { seconds: taken.waitSeconds });
      }
      if (taken.kind === 'unavailable') return refuse('store_away');
      if (taken.kind !== 'done' || !taken.verdict.success) {
        const code = taken.kind === 'done' ? (taken.verdict.rejected[0]?.code ?? '') : taken.kind;
        return refuse('malformed', {}, { issues: [{ path: 'event', message: code }] });
      }
      return answer({ messageId });
    },
  };
}
