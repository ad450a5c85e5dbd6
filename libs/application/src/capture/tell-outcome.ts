import {
  fail,
  fromUnits,
  hashId,
  ok,
  toUnits,
  type Clock,
  type EpochMs,
  type ProfileId,
  type Result,
} from '#libs/kernel';
import type { Fact, OutcomeFact, RewardFact } from '#libs/contracts';
import type { ContactStore } from '../contact/contact.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import type { OutcomeRow, ResultStore, RewardRow } from '../results/ports.js';
import { isMap } from './context.js';
import { readInstant } from './times.js';

/** An outcome told by a program, read. */
export interface OutcomeRequest {
  readonly decisionId: string | null;
  readonly deliveryId: string | null;
  readonly kind: OutcomeRow['kind'];
  /** Decimal text; null without a value. */
  readonly value: string | null;
  readonly currency: string;
  /** The caller's id of it: told again, it counts once. Null: one a kind. */
  readonly outcomeId: string | null;
  readonly atMs: EpochMs | null;
}

/** Why an outcome cannot be read; names the member. */
export type OutcomeRequestProblem =
  'decisionId' | 'kind' | 'value' | 'currency' | 'outcomeId' | 'at';

/** What an outcome is about. */
export interface OutcomeSubject {
  readonly profileId: ProfileId;
  readonly accountId: string | null;
  readonly decisionId: string | null;
  /** Command of the decision: the key of its place under the caps. */
  readonly decisionCommandId: string | null;
  readonly deliveryId: string | null;
  readonly enrolmentId: string | null;
  readonly scenario: string | null;
  readonly isSample: boolean;
}

/** What telling an outcome needs. */
export interface TellOutcomePorts {
  readonly work: UnitOfWork;
  readonly results: ResultStore;
  readonly contacts: ContactStore;
  /** The decision and message meant; null where they are unknown, or do not belong together. */
  readonly subject: (
    tx: Tx,
    ids: { readonly decisionId: string | null; readonly deliveryId: string | null },
  ) => Promise<OutcomeSubject | null>;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly clock: Clock;
  /** Local day of the workspace, for the caps. */
  readonly today: () => number;
  readonly currency: () => string;
}

const KINDS: ReadonlySet<unknown> = new Set<OutcomeRow['kind']>([
  'clicked',
  'visited',
  'converted',
  'rated',
  'replied',
  'unsubscribed',
  'complained',
  'task_done',
  'no_response',
]);
/** These say that it did not work: the reward is closed with what there is. */
const NEGATIVE: ReadonlySet<OutcomeRow['kind']> = new Set([
  'no_response',
  'unsubscribed',
  'complained',
]);
const VALUE_MAX = 1e13;

const textOrNull = (value: unknown): string | null | undefined => {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && value !== '' && value.length <= 300 ? value : undefined;
};

function amountOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return Math.abs(number) > VALUE_MAX ? undefined : fromUnits(toUnits(number));
}

/** Each member as read; undefined where it cannot be. */
function membersOf(body: Record<string, unknown>) {
  const { kind, at, currency } = body;
  const isCurrency = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  return {
    decisionId: textOrNull(body['decisionId']),
    deliveryId: textOrNull(body['deliveryId']),
    kind: KINDS.has(kind) ? (kind as OutcomeRow['kind']) : undefined,
    value: amountOf(body['value']),
    currency: isCurrency ? currency : (currency ?? '') === '' ? '' : undefined,
    outcomeId: textOrNull(body['outcomeId']),
    atMs: (at ?? null) === null ? null : (readInstant(at) ?? undefined),
  };
}

/** Reads the body of `/v1/outcomes`; refuses with the name of the member that is wrong. */
export function readOutcomeRequest(body: unknown): Result<OutcomeRequest, OutcomeRequestProblem> {
  if (!isMap(body)) return fail('decisionId');
  const { decisionId, deliveryId, kind, value, currency, outcomeId, atMs } = membersOf(body);
  if (decisionId === undefined || deliveryId === undefined) return fail('decisionId');
  if (decisionId === null && deliveryId === null) return fail('decisionId');
  if (kind === undefined) return fail('kind');
  if (value === undefined) return fail('value');
  if (currency === undefined) return fail('currency');
  if (outcomeId === undefined) return fail('outcomeId');
  if (atMs === undefined) return fail('at');
  return ok({ decisionId, deliveryId, kind, value, currency, outcomeId, atMs });
}

/** What became of an outcome: recorded, known already, or about nothing known. */
export type OutcomeAnswer =
  | { readonly kind: 'recorded'; readonly outcomeId: string }
  | { readonly kind: 'repeated'; readonly outcomeId: string }
  | { readonly kind: 'unknown' };

/** Takes outcomes that programs observed where the engine cannot see them. */
export class TellOutcome {
  constructor(private readonly ports: TellOutcomePorts) {}

  /** In one transaction: the outcome, the decision's reward, its place under the caps. Idempotent. */
  async tell(request: OutcomeRequest): Promise<OutcomeAnswer> {
    return await this.ports.work.transaction(async (tx) => {
      const subject = await this.ports.subject(tx, request);
      if (subject === null) return { kind: 'unknown' };
      const row = this.rowOf(request, subject);
      const fresh = await this.ports.results.insertOutcomes(tx, [row]);
      if (!fresh.has(row.id)) return { kind: 'repeated', outcomeId: row.id };
      const rewards = await this.reward(tx, row);
      await this.consume(tx, subject);
      await this.ports.writeFacts(tx, [outcomeFact(row), ...rewards]);
      return { kind: 'recorded', outcomeId: row.id };
    });
  }

  private rowOf(request: OutcomeRequest, subject: OutcomeSubject): OutcomeRow {
    const { kind, value, outcomeId } = request;
    const about = subject.decisionId ?? subject.deliveryId ?? '';
    const nowMs = this.ports.clock.nowMs();
    return {
      id: hashId('told', about, outcomeId ?? kind),
      watchId: null,
      kind,
      profileId: subject.profileId,
      accountId: subject.accountId,
      atMs: Math.min(request.atMs ?? nowMs, nowMs),
      value,
      currency: value === null ? '' : request.currency || this.ports.currency(),
      eventKey: null,
      deliveryId: subject.deliveryId,
      decisionId: subject.decisionId,
      enrolmentId: subject.enrolmentId,
      scenario: subject.scenario,
      attributedBy: 'direct',
      isSample: subject.isSample,
    };
  }

  private async reward(tx: Tx, row: OutcomeRow): Promise<readonly Fact[]> {
    if (row.decisionId === null) return [];
    const { clock, results } = this.ports;
    const nowMs = clock.nowMs();
    const isNegative = NEGATIVE.has(row.kind);
    const gained = isNegative ? 0 : Number(row.value ?? 1);
    const after = (await results.rewardsOf(tx, [row.decisionId]))
      .filter((before) => !before.isFinal)
      .map((before): RewardRow => ({
        ...before,
        value: before.value + gained,
        isFinal: isNegative,
        version: before.version + 1,
        maturedAtMs: nowMs,
      }));
    await results.saveRewards(tx, after);
    return after.map((reward) => rewardFact(reward, nowMs));
  }

  /** A reservation asked for with `reserve: true` becomes a contact that was made. */
  private async consume(tx: Tx, subject: OutcomeSubject): Promise<void> {
    const { decisionCommandId: commandId, deliveryId } = subject;
    // A delivery has consumed its place itself.
    if (commandId === null || deliveryId !== null) return;
    const day = this.ports.today();
    await this.ports.contacts.move(tx, [{ commandId, state: 'consumed', day }]);
  }
}

function outcomeFact(row: OutcomeRow): OutcomeFact {
  const { id, kind, profileId, atMs, isSample, eventKey } = row;
  const { accountId, value, currency, deliveryId, decisionId, enrolmentId, scenario } = row;
  return {
    id,
    kind: 'outcome',
    version: 1,
    atMs,
    profileId,
    body: {
      outcomeKind: kind,
      accountId,
      atMs,
      value,
      currency,
      eventId: eventKey,
      deliveryId,
      decisionId,
      enrolmentId,
      scenario,
      attributedBy: row.attributedBy,
      sample: isSample,
    },
  };
}

function rewardFact(row: RewardRow, nowMs: EpochMs): RewardFact {
  const { decisionId, reward, value, maturedAtMs, isFinal, scenario, stepId } = row;
  return {
    id: `${decisionId}/${reward}`,
    kind: 'reward',
    version: row.version,
    atMs: nowMs,
    profileId: row.profileId,
    body: {
      decisionId,
      reward,
      value,
      maturedAtMs,
      isFinal,
      scenario: scenario === '' ? null : scenario,
      stepId: stepId === '' ? null : stepId,
      action: row.action,
      treatment: row.treatment,
      sample: row.isSample,
    },
  };
}
