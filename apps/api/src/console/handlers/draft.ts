import type { CommandBus } from '@nestjs/cqrs';
import type { DraftRefusal } from '#libs/application';
import type { ApiRefusal } from '#libs/contracts';
import type { Result } from '#libs/kernel';
import { DiscardDraft, PublishDraft, SaveDraft, StartDraft } from '../commands/draft.js';
import type { Console } from '../create-console.js';
import { answer, refuse, type ApiHandlers } from '../http/answer.js';

type Drafting = Pick<
  ApiHandlers,
  | 'draft'
  | 'draftFile'
  | 'saveDraft'
  | 'startDraft'
  | 'discardDraft'
  | 'lintDraft'
  | 'planDraft'
  | 'publishDraft'
>;

function told<Value>(result: Result<Value, DraftRefusal>): { readonly value: Value } | ApiRefusal {
  if (result.ok) return answer(result.value);
  const { refusal, params, problems } = result.error;
  return refuse(refusal, params, problems === undefined ? {} : { problems: [...problems] });
}

/** What is edited in the console, over what is published. */
export function draftHandlers({ drafts }: Console, commands: CommandBus): Drafting {
  return {
    draft: async ({ locale }) => answer(await drafts.list(locale)),
    async draftFile({ query }) {
      const found = await drafts.file(query.path);
      return found === null ? refuse('not_found') : answer(found);
    },
    saveDraft: async ({ body, principal }) =>
      told(await commands.execute(new SaveDraft(principal, body))),
    startDraft: async ({ body, principal, locale }) =>
      told(await commands.execute(new StartDraft(principal, body, locale))),
    async discardDraft({ body, principal }) {
      const result = await commands.execute(new DiscardDraft(principal, body.files));
      return result.ok ? answer({ done: true }) : told(result);
    },
    lintDraft: async ({ body }) => answer(await drafts.lint(body.file)),
    planDraft: async ({ body, locale }) => told(await drafts.plan(body.files, locale)),
    publishDraft: async ({ body, principal, locale }) =>
      told(await commands.execute(new PublishDraft(principal, body.files, locale))),
  };
}
