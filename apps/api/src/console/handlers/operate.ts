import type { CommandBus } from '@nestjs/cqrs';
import { ActOnEnrolments, PauseEngine } from '../commands/operate.js';
import type { Console } from '../create-console.js';
import { answer, refuse, type ApiHandlers } from '../http/answer.js';

type Operating = Pick<
  ApiHandlers,
  'coverage' | 'pauses' | 'pause' | 'enrolments' | 'troubles' | 'actOnEnrolments' | 'operatorActs'
>;

/** Pauses, and enrolments that need somebody. */
export function operateHandlers({ operate, coverage }: Console, commands: CommandBus): Operating {
  return {
    async coverage({ params, locale }) {
      const found = await coverage.one(params['id'] ?? '', locale);
      return found === null ? refuse('not_found') : answer(found);
    },
    pauses: async ({ locale }) => answer(await operate.pauses(locale)),
    async pause({ body, principal, locale }) {
      const done = await commands.execute(new PauseEngine(principal, body, locale));
      return 'unknown' in done ? refuse('unknown_scenario', done.unknown) : answer(done);
    },
    enrolments: async ({ query, locale }) => answer(await operate.list(query, locale)),
    troubles: async ({ locale }) => answer(await operate.troubles(locale)),
    async actOnEnrolments({ body, principal, locale }) {
      const done = await commands.execute(new ActOnEnrolments(principal, body, locale));
      if (done === 'nothing_named') return refuse(done);
      return 'unknown' in done ? refuse('unknown_scenario', done.unknown) : answer(done);
    },
    operatorActs: async ({ locale }) => answer(await operate.acts(locale)),
  };
}
