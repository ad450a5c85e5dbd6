import { fail, ok, type JsonObject, type ProfileId, type Result } from '#libs/kernel';
import { NOTHING, type DecisionRecord } from '#libs/decision';
import type { Clock } from '#libs/kernel';
import { isMap } from './context.js';
import type { CatalogueSource } from '../catalogue/catalogue.js';
import { drawGroup } from '../catalogue/groups.js';
import type { Decider, DecisionQuestion } from '../decision/decider.js';
import type { UnitOfWork } from '../ports/transaction.js';
import type { PeopleSource, PersonContext } from '../runtime/ports.js';

/** A question from outside, read. */
export interface DecisionRequest {
  /** Ids of the person by namespace, as given. */
  readonly profile: Readonly<Record<string, string>>;
  /** Null: every action in force. */
  readonly actions: readonly string[] | null;
  readonly model: DecisionQuestion['model'];
  readonly purpose: string;
  /** Under `entry` in expressions. */
  readonly context: JsonObject;
  readonly isDryRun: boolean;
  readonly isReserving: boolean;
  /** The caller's own id of this question: the same id has one record. Null: a new question. */
  readonly requestId: string | null;
}

/** Why a question cannot be read; names the member. */
export type DecisionRequestProblem =
  'profile' | 'actions' | 'policy' | 'purpose' | 'context' | 'dryRun' | 'reserve' | 'requestId';

/** What asking needs. */
export interface AskDecisionPorts {
  readonly work: UnitOfWork;
  readonly decider: Decider;
  readonly people: PeopleSource;
  readonly catalogue: CatalogueSource;
  /** Current profile id by ids as given; null where nobody has any of them. */
  readonly find: (ids: Readonly<Record<string, string>>) => Promise<ProfileId | null>;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Longest the store may be waited for before the fallback is recorded. */
  readonly timeoutMs: number;
}

const MODELS: ReadonlySet<unknown> = new Set<DecisionQuestion['model']>([
  'betaTS',
  'random',
  'rules',
]);
const MOST_ACTIONS = 200;
const MOST_IDS = 20;
const ID_MAX = 512;

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= max;

function readProfile(value: unknown): Record<string, string> | null {
  if (!isMap(value)) return null;
  const names = Object.keys(value);
  if (names.length === 0 || names.length > MOST_IDS) return null;
  const ids: Record<string, string> = {};
  for (const name of names) {
    const id = typeof value[name] === 'number' ? String(value[name]) : value[name];
    if (!isText(id, ID_MAX)) return null;
    ids[name] = id;
  }
  return ids;
}

const isFlag = (value: unknown): value is boolean | undefined =>
  value === undefined || typeof value === 'boolean';

/** Which member cannot be read; null where all can. */
function problemOf(body: Record<string, unknown>): DecisionRequestProblem | null {
  const { actions, policy, purpose, context, dryRun, reserve, requestId } = body;
  const isList = Array.isArray(actions) && actions.every((one) => isText(one, 100));
  if (actions !== undefined && (!isList || actions.length > MOST_ACTIONS)) return 'actions';
  if (policy !== undefined && !MODELS.has(policy)) return 'policy';
  if (purpose !== undefined && !isText(purpose, 100)) return 'purpose';
  if (context !== undefined && !isMap(context)) return 'context';
  if (!isFlag(dryRun)) return 'dryRun';
  if (!isFlag(reserve)) return 'reserve';
  return requestId === undefined || isText(requestId, 200) ? null : 'requestId';
}

/** Reads the body of `/v1/decide`; refuses with the name of the member that is wrong. */
export function readDecisionRequest(
  body: unknown,
): Result<DecisionRequest, DecisionRequestProblem> {
  const profile = isMap(body) ? readProfile(body['profile']) : null;
  if (!isMap(body) || profile === null) return fail('profile');
  const problem = problemOf(body);
  if (problem !== null) return fail(problem);
  return ok({
    profile,
    actions: (body['actions'] as string[] | undefined) ?? null,
    model: (body['policy'] as DecisionQuestion['model'] | undefined) ?? 'betaTS',
    purpose: (body['purpose'] as string | undefined) ?? 'marketing',
    context: (body['context'] as JsonObject | undefined) ?? {},
    isDryRun: body['dryRun'] === true,
    isReserving: body['reserve'] === true,
    requestId: (body['requestId'] as string | undefined) ?? null,
  });
}

/** Asks the decision service on behalf of a program. */
export class AskDecision {
  constructor(private readonly ports: AskDecisionPorts) {}

  /** Null where nobody has any of the ids. One record for one `requestId`. */
  async ask(request: DecisionRequest, keyId: string): Promise<DecisionRecord | null> {
    const { work, people, find, decider } = this.ports;
    const profileId = await find(request.profile);
    if (profileId === null) return null;
    return await work.transaction(async (tx) => {
      const person = (await people.load(tx, [profileId])).get(profileId);
      if (person === undefined) return null;
      const [record] = await decider.decide(tx, [this.questionOf(request, person, keyId)]);
      return record ?? null;
    });
  }

  private questionOf(
    request: DecisionRequest,
    person: PersonContext,
    keyId: string,
  ): DecisionQuestion {
    const { catalogue, clock, newId, timeoutMs } = this.ports;
    const current = catalogue.current();
    const actions = request.actions ?? [...current.actions.keys()];
    return {
      commandId: `api/${keyId}/${request.requestId ?? newId()}`,
      person,
      group: drawGroup(current, { purpose: request.purpose, definition: null }, person.groupUnit),
      // Learned over the whole workspace: outside a scenario there is no step to learn for.
      scenario: '',
      definition: '',
      stepId: '',
      enrolmentId: null,
      actions: actions.includes(NOTHING) ? actions : [...actions, NOTHING],
      model: request.model,
      fallback: null,
      businessAsUsual: null,
      purpose: request.purpose,
      timeoutMs,
      scope: { entry: request.context, decision: {}, vars: {} },
      nowMs: clock.nowMs(),
      isSample: person.isSample,
      isReserving: request.isReserving && !request.isDryRun,
      isDryRun: request.isDryRun,
    };
  }
}
