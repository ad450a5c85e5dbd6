import type { Principal, Sight } from '#libs/application';
import type { CommandBus } from '@nestjs/cqrs';
import { CloseTask } from '../commands/tasks.js';
import type { Console } from '../create-console.js';
import { answer, refuse, type ApiHandlers } from '../http/answer.js';

type Pages = Pick<
  ApiHandlers,
  | 'today'
  | 'scenarios'
  | 'scenario'
  | 'scenarioSource'
  | 'scenarioPeople'
  | 'decisions'
  | 'decision'
  | 'people'
  | 'person'
  | 'timeline'
  | 'explain'
  | 'accounts'
  | 'account'
  | 'tasks'
  | 'closeTask'
  | 'accountByKey'
  | 'personByKey'
>;

/** A rep sees the people, accounts and tasks that are theirs; whoever else may ask sees all. */
function sightOf(principal: Principal | null): Sight {
  const isRep = principal?.roles.includes('sales') === true;
  return { owner: isRep ? principal.email : null };
}

/** Pages of marketers, reps and analysts. */
export function pageHandlers(console: Console, commands: CommandBus): Pages {
  return {
    ...scenarioHandlers(console),
    ...personHandlers(console),
    ...accountHandlers(console, commands),
  };
}

function scenarioHandlers({
  scenarios,
  decisions,
}: Console): Pick<
  Pages,
  | 'today'
  | 'scenarios'
  | 'scenario'
  | 'scenarioSource'
  | 'scenarioPeople'
  | 'decisions'
  | 'decision'
> {
  return {
    today: async ({ locale }) => answer(await scenarios.today(locale)),
    scenarios: async ({ locale }) => answer(await scenarios.list(locale)),
    async scenario({ params, locale }) {
      const found = await scenarios.one(params['id'] ?? '', locale);
      return found === null ? refuse('not_found') : answer(found);
    },
    async scenarioSource({ params, query }) {
      const found = await scenarios.source(params['id'] ?? '', query.definition);
      return found === null ? refuse('not_found') : answer(found);
    },
    scenarioPeople: async ({ params, query, locale }) =>
      answer(await scenarios.people({ scenario: params['id'] ?? '', ...query }, locale)),
    decisions: async ({ query, locale }) => answer(await decisions.list(query, locale)),
    async decision({ params, locale }) {
      const found = await decisions.one(params['id'] ?? '', locale);
      return found === null ? refuse('not_found') : answer(found);
    },
  };
}

function personHandlers({
  people,
  profiles,
}: Console): Pick<Pages, 'people' | 'person' | 'timeline' | 'explain' | 'personByKey'> {
  return {
    people: async ({ query: { query: text, ...page }, principal }) =>
      answer(await people.search({ text, ...page }, sightOf(principal))),
    async person({ params, principal, locale }) {
      const found = await people.one(params['id'] ?? '', sightOf(principal), locale);
      return found === null ? refuse('not_found') : answer(found);
    },
    async timeline({ params, query, principal, locale }) {
      const { kinds = [], ...page } = query;
      const at = { sight: sightOf(principal), locale };
      const found = await people.timeline(params['id'] ?? '', { kinds, ...page }, at);
      return found === null ? refuse('not_found') : answer(found);
    },
    async explain({ query, locale }) {
      const found = await people.explain(query.profile, query.scenario, locale);
      if (found === null) return refuse('not_found');
      return 'unknown' in found ? refuse('unknown_scenario', found.unknown) : answer(found);
    },
    async personByKey({ params, principal }) {
      const { ns = '', id = '' } = params;
      const spellings = [id, id.toLowerCase()].map((value) => ({ ns, value }));
      const found = (await profiles.byIds(spellings)).find((one) => one !== null) ?? null;
      // Somebody else's customer is not told apart from nobody.
      const isSeen = found !== null && (await people.maySee(found, sightOf(principal)));
      return isSeen ? { redirect: `/people/${encodeURIComponent(found)}` } : refuse('not_found');
    },
  };
}

function accountHandlers(
  { accounts, tasks, profiles }: Console,
  commands: CommandBus,
): Pick<Pages, 'accounts' | 'account' | 'tasks' | 'closeTask' | 'accountByKey'> {
  return {
    accounts: async ({ query: { query: text, ...page }, principal, locale }) =>
      answer(await accounts.list({ text, ...page }, sightOf(principal), locale)),
    async account({ params, principal, locale }) {
      const found = await accounts.one(params['id'] ?? '', sightOf(principal), locale);
      return found === null ? refuse('not_found') : answer(found);
    },
    async tasks({ query, principal, locale }) {
      const owner = sightOf(principal).owner ?? query.owner?.toLowerCase() ?? null;
      return answer(await tasks.list({ ...query, owner }, locale));
    },
    async closeTask({ params, body, principal, locale }) {
      const at = { ...sightOf(principal), locale };
      const closed = await commands.execute(new CloseTask(principal, params['id'] ?? '', body, at));
      return typeof closed === 'string' ? refuse(closed) : answer(closed.task);
    },
    async accountByKey({ params, principal, locale }) {
      const [found] = await profiles.accountByIds([
        { ns: params['ns'] ?? '', value: params['id'] ?? '' },
      ]);
      const id = found ?? null;
      const isSeen = id !== null && (await accounts.one(id, sightOf(principal), locale)) !== null;
      return isSeen ? { redirect: `/accounts/${encodeURIComponent(id)}` } : refuse('not_found');
    },
  };
}
