import type { EpochMs, JsonObject } from '#libs/kernel';
import {
  evaluateFunnel,
  posteriorKey,
  NOTHING,
  type CandidateInput,
  type FunnelChecks,
  type StageAnswer,
} from '#libs/decision';
import {
  gateChecks,
  limitVerdict,
  type DayNumber,
  type GateRequest,
  type GateStage,
} from '#libs/policy';
import type { ActionRule, TreatmentRule } from '../catalogue/catalogue.js';
import type { ContactState } from '../contact/contact.js';
import {
  dayOfContact,
  gateRequest,
  personBindings,
  type GateKnowledge,
} from '../contact/gate-input.js';
import type { Group, PersonContext } from '../runtime/ports.js';
import { ownerFor } from '../task/owner.js';
import type { ModelSnapshot } from './ports.js';

/** What candidates are judged by. */
export interface Judging {
  readonly known: GateKnowledge;
  readonly person: PersonContext;
  readonly state: ContactState | null;
  readonly group: Group;
  readonly purpose: string;
  readonly scenario: string;
  readonly stepId: string;
  readonly commandId: string;
  readonly nowMs: EpochMs;
  /** Entry, decisions and vars as expressions name them. */
  readonly scope: JsonObject;
  readonly model: ModelSnapshot;
  readonly actionUsage: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** The candidates of a decision: every treatment of every listed action, with its funnel. */
export function candidatesOf(actions: readonly string[], judging: Judging): CandidateInput[] {
  return actions.flatMap((id) => {
    if (id === NOTHING) return [nothing()];
    const action = judging.known.catalogue.actions.get(id);
    if (action === undefined) return [unknownAction(id)];
    return action.treatments.map((treatment) => candidate(action, treatment, judging));
  });
}

function nothing(): CandidateInput {
  return { action: NOTHING, treatment: null, channel: null, filters: [], value: 0, cost: 0 };
}

function unknownAction(id: string): CandidateInput {
  return {
    action: id,
    treatment: null,
    channel: null,
    filters: [{ stage: 'available', passed: false, reason: 'inactive' }],
    value: 0,
    cost: 0,
  };
}

function candidate(action: ActionRule, treatment: TreatmentRule, judging: Judging): CandidateInput {
  const bindings = bindingsOf(judging);
  const value =
    action.value === null ? 1 : numberOr(judging.known.evaluate(action.value, bindings));
  const key = posteriorKey(judging.scenario, judging.stepId, action.id, treatment.id);
  const posterior = judging.model.posteriors.get(key);
  return {
    action: action.id,
    treatment: treatment.id,
    channel: treatment.channel,
    filters: evaluateFunnel(checksOf(action, treatment, { judging, value })),
    value: value ?? 0,
    cost: action.cost[treatment.id] ?? action.cost[treatment.channel] ?? 0,
    lever: judging.known.catalogue.levers[action.issue] ?? 1,
    ...(posterior === undefined ? {} : { posterior }),
  };
}

function numberOr(answer: ReturnType<GateKnowledge['evaluate']>): number | null {
  return answer.ok && typeof answer.value === 'number' && Number.isFinite(answer.value)
    ? answer.value
    : null;
}

/** Names of expressions for actions: person, entry, decision, vars. */
export function bindingsOf(judging: Pick<Judging, 'person' | 'nowMs' | 'scope'>) {
  return { ...judging.scope, ...personBindings(judging.person, judging.nowMs) };
}

function checksOf(
  action: ActionRule,
  treatment: TreatmentRule,
  at: { readonly judging: Judging; readonly value: number | null },
): FunnelChecks {
  const { judging, value } = at;
  const own = {
    available: () => availability(action, judging.nowMs),
    eligibility: () => rule(action.eligible, 'not_eligible', judging),
    applicability: () => rule(action.applicable, 'not_applicable', judging),
    suitability: () => rule(action.suitable, 'not_suitable', judging),
    volume: () => volume(action, treatment.channel, judging),
    score: (): StageAnswer => (value === null ? { reason: 'no_value' } : true),
  };
  if (treatment.channel === 'task') {
    return { ...own, channel: () => ownerOf(treatment, judging) };
  }
  const request = requestOf(action, treatment, judging);
  return {
    ...own,
    channel: () => asked('address', request),
    consent: () => asked('consent', request),
    suppression: () => {
      const answer = asked('suppression', request);
      return answer === true ? asked('holds', request) : answer;
    },
    caps: () => asked('caps', request),
  };
}

function availability(action: ActionRule, nowMs: EpochMs): StageAnswer {
  const { fromMs, untilMs } = action.valid;
  if (fromMs !== null && nowMs < fromMs) return { reason: 'not_yet_valid' };
  if (untilMs !== null && nowMs >= untilMs) return { reason: 'expired' };
  return true;
}

function ownerOf(treatment: TreatmentRule, judging: Judging): StageAnswer {
  const owner = treatment.task === null ? null : ownerFor(treatment.task.for, judging.person);
  return owner === null ? { reason: 'no_owner' } : true;
}

function rule(
  source: string | null,
  reason: 'not_eligible' | 'not_applicable' | 'not_suitable',
  judging: Judging,
): StageAnswer {
  if (source === null) return true;
  const answer = judging.known.evaluate(source, bindingsOf(judging));
  if (answer.ok) return answer.value === true ? true : { reason, detail: source };
  const isMissing = answer.error === 'missing_key';
  return { reason: isMissing ? 'missing_data' : 'rule_error', detail: source };
}

/** Local day on which a candidate of a channel would go out: a task today, a message when it may. */
export function dayOfCandidate(channel: string, judging: Judging): DayNumber {
  const { known, nowMs: atMs } = judging;
  if (channel === 'task') return known.calendar.localDay(atMs, known.catalogue.timezone);
  return dayOfContact({ ...judging, atMs, channel, firstPutOffAtMs: null }, known);
}

function volume(action: ActionRule, channel: string, judging: Judging): StageAnswer {
  const { per_profile: own, total } = action.limits;
  if (Object.keys({ ...own, ...total }).length === 0) return true;
  const profileDays = (judging.state?.reservations ?? [])
    .filter((one) => one.action === action.id && one.state !== 'released')
    .filter((one) => one.commandId !== judging.commandId)
    .map((one) => one.day);
  const totalByDay = judging.actionUsage.get(action.id) ?? new Map<number, number>();
  const day = dayOfCandidate(channel, judging);
  const block = limitVerdict(action.limits, { profileDays, totalByDay }, day);
  if (block === null) return true;
  const reason = block.scope === 'total' ? 'limit_reached' : 'action_limit';
  return { reason, detail: `${block.used}/${block.max}, ${block.windowDays} d` };
}

function requestOf(
  action: ActionRule,
  treatment: TreatmentRule,
  judging: Judging,
): () => GateRequest {
  let request: GateRequest | undefined;
  const { known } = judging;
  return () =>
    (request ??= gateRequest(
      {
        atMs: judging.nowMs,
        person: judging.person,
        state: judging.state,
        channel: treatment.channel,
        purpose: judging.purpose,
        action: action.id,
        group: judging.group,
        hasSender: hasSender(treatment, known),
        isB2bRelevant: action.b2bRelevant,
        ownCommandIds: [judging.commandId],
        firstPutOffAtMs: null,
        isEnrolmentEnded: false,
      },
      known,
    ));
}

/** Whether the treatment's sender exists for its channel; an SMS may do with the only one there is. */
export function hasSender(treatment: TreatmentRule, known: GateKnowledge): boolean {
  const { senders } = known.catalogue;
  if (treatment.sender === null) {
    return [...senders.values()].some((sender) => sender.channel === treatment.channel);
  }
  return senders.get(treatment.sender)?.channel === treatment.channel;
}

/** One check of the gate; a purpose that ignores caps or holds is not asked for them. */
function asked(stage: GateStage, request: () => GateRequest): StageAnswer {
  for (const check of gateChecks) {
    if (check.stage !== stage) continue;
    const verdict = check.run(request());
    if (verdict?.kind === 'withhold') {
      return { reason: verdict.reason, detail: verdict.detail };
    }
  }
  return true;
}
