import {
  fromUnits,
  hashId,
  toUnits,
  type EpochMs,
  type JsonObject,
  type ProfileId,
} from '#libs/kernel';
import type { Fact, OutcomeFact, RewardFact } from '#libs/contracts';
import { attribute, LAST_TOUCH, type Touch } from '#libs/attribution';
import type { CatalogueSource } from '../catalogue/catalogue.js';
import type { Tx } from '../ports/transaction.js';
import type { ResultRecorder, WatchMatch } from '../runtime/effects.js';
import type { Group } from '../runtime/ports.js';
import { FEEDBACK_EVENTS, type Feedback } from './feedback.js';
import type { OutcomeRow, ResultStore, RewardRow } from './ports.js';

/** Name of the reward of a `decide` step, as in the table `rewards`. */
export const STEP_REWARD = 'goal';

const OBSERVED: Readonly<Record<string, OutcomeRow['kind']>> = {
  relance_message_clicked: 'clicked',
  relance_message_replied: 'replied',
  relance_message_unsubscribed: 'unsubscribed',
  relance_message_complained: 'complained',
  relance_task_closed: 'task_done',
};

/** Names of engine events that are outcomes by themselves. */
export const OBSERVED_EVENTS: readonly string[] = [
  ...new Set([...Object.keys(OBSERVED), ...FEEDBACK_EVENTS]),
];

/** Turns matches of watches into outcomes and rewards, credited to the message that brought them. */
export class Results implements ResultRecorder {
  constructor(
    private readonly store: ResultStore,
    private readonly catalogue: CatalogueSource,
    private readonly feedback: Feedback,
  ) {}

  async matched(tx: Tx, matches: readonly WatchMatch[], nowMs: EpochMs): Promise<readonly Fact[]> {
    const goals = matches.filter((match) => match.kind === 'goal');
    const rewards = matches.filter((match) => match.kind === 'reward');
    return [
      ...(await this.goals(tx, goals)),
      ...(rewards.length === 0 ? [] : await this.rewards(tx, rewards, nowMs)),
    ];
  }

  private async goals(tx: Tx, matches: readonly WatchMatch[]): Promise<readonly Fact[]> {
    if (matches.length === 0) return [];
    const oldestMs = Math.min(...matches.map((match) => match.atMs)) - LAST_TOUCH.windowMs;
    const people = [...new Set(matches.map((match) => match.profileId))];
    const touches = await this.store.touchesOf(tx, people, oldestMs);
    const rows = matches.map((match): OutcomeRow => {
      const own = touches
        .filter(({ delivery }) => delivery.enrolmentId === match.enrolmentId)
        .map(({ delivery, humanAtMs }): Touch => ({
          deliveryId: delivery.id,
          decisionId: delivery.decisionId,
          enrolmentId: delivery.enrolmentId,
          scenario: delivery.scenario ?? '',
          group: delivery.group as Group,
          channel: delivery.channel,
          state: delivery.state,
          acceptedAtMs: delivery.acceptedAtMs ?? delivery.intendedAtMs,
          humanAtMs,
        }));
      const credit = attribute({ eventId: match.eventKey, atMs: match.atMs }, own);
      return {
        id: hashId('outcome', match.watchId, match.eventKey),
        ...this.conversionOf(match),
        deliveryId: credit?.deliveryId ?? null,
        decisionId: credit?.decisionId ?? null,
        attributedBy: match.group === 'holdout' ? 'holdout' : 'goal',
      };
    });
    const fresh = await this.store.insertOutcomes(tx, rows);
    return rows.filter((row) => fresh.has(row.id)).map(outcomeFact);
  }

  /** What a match says of its event, whoever is credited. */
  private conversionOf(
    match: WatchMatch,
  ): Omit<OutcomeRow, 'id' | 'deliveryId' | 'decisionId' | 'attributedBy'> {
    return {
      watchId: match.watchId,
      kind: 'converted',
      profileId: match.profileId,
      accountId: match.person?.accountId ?? null,
      atMs: match.atMs,
      value: match.value === null ? null : fromUnits(toUnits(match.value)),
      currency: match.value === null ? '' : this.currencyOf(match.properties),
      eventKey: match.eventKey,
      enrolmentId: match.enrolmentId,
      scenario: match.scenario,
      isSample: match.isSample,
    };
  }

  private currencyOf(properties: JsonObject): string {
    const given = properties['currency'];
    const isCode = typeof given === 'string' && /^[A-Z]{3}$/.test(given);
    return isCode ? given : this.catalogue.current().currency;
  }

  private async rewards(
    tx: Tx,
    matches: readonly WatchMatch[],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]> {
    // The same event may be routed again: an outcome row of its own makes each count once.
    const rows = matches.map((match): OutcomeRow => ({
      id: hashId('reward', match.watchId, match.eventKey),
      ...this.conversionOf(match),
      deliveryId: null,
      decisionId: match.decisionId,
      attributedBy: 'window',
    }));
    const fresh = await this.store.insertOutcomes(tx, rows);
    const gained = new Map<string, number>();
    matches.forEach((match, index) => {
      if (match.decisionId === null || !fresh.has(rows[index]?.id ?? '')) return;
      gained.set(match.decisionId, (gained.get(match.decisionId) ?? 0) + (match.value ?? 1));
    });
    const before = await this.store.rewardsOf(tx, [...gained.keys()]);
    const after = before
      .filter((row) => !row.isFinal)
      .map((row): RewardRow => ({
        ...row,
        value: row.value + (gained.get(row.decisionId) ?? 0),
        version: row.version + 1,
        maturedAtMs: nowMs,
      }));
    await this.store.saveRewards(tx, after);
    return [
      ...rows.filter((row) => fresh.has(row.id)).map(outcomeFact),
      ...after.map((row) => rewardFact(row, nowMs)),
    ];
  }

  async closed(
    tx: Tx,
    rewards: readonly { readonly decisionId: string; readonly profileId: ProfileId }[],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]> {
    if (rewards.length === 0) return [];
    const before = await this.store.rewardsOf(
      tx,
      rewards.map((reward) => reward.decisionId),
    );
    const after = before
      .filter((row) => !row.isFinal)
      .map((row): RewardRow => ({
        ...row,
        isFinal: true,
        version: row.version + 1,
        maturedAtMs: nowMs,
      }));
    await this.store.saveRewards(tx, after);
    return after.map((row) => rewardFact(row, nowMs));
  }

  async observed(
    tx: Tx,
    events: Parameters<ResultRecorder['observed']>[1],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]> {
    const changed = await this.feedback.apply(tx, events, nowMs);
    const rows = events.flatMap((event): OutcomeRow[] => {
      const kind = OBSERVED[event.name];
      if (kind === undefined || event.properties['bot'] === true) return [];
      return [
        {
          id: hashId('outcome', event.name, event.key),
          watchId: null,
          kind,
          profileId: event.profileId,
          accountId: textOf(event.properties['account_id']),
          atMs: event.atMs,
          value: null,
          currency: '',
          eventKey: event.key,
          deliveryId: textOf(event.properties['delivery_id']),
          decisionId: textOf(event.properties['decision_id']),
          enrolmentId: textOf(event.properties['enrolment_id']),
          scenario: textOf(event.properties['scenario']),
          attributedBy: 'direct',
          isSample: event.properties['sample'] === true,
        },
      ];
    });
    if (rows.length === 0) return changed;
    const fresh = await this.store.insertOutcomes(tx, rows);
    return [...changed, ...rows.filter((row) => fresh.has(row.id)).map(outcomeFact)];
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function outcomeFact(row: OutcomeRow): OutcomeFact {
  return {
    id: row.id,
    kind: 'outcome',
    version: 1,
    atMs: row.atMs,
    profileId: row.profileId,
    body: {
      outcomeKind: row.kind,
      accountId: row.accountId,
      atMs: row.atMs,
      value: row.value,
      currency: row.currency,
      eventId: row.eventKey,
      deliveryId: row.deliveryId,
      decisionId: row.decisionId,
      enrolmentId: row.enrolmentId,
      scenario: row.scenario,
      attributedBy: row.attributedBy,
      sample: row.isSample,
    },
  };
}

function rewardFact(row: RewardRow, nowMs: EpochMs): RewardFact {
  return {
    id: `${row.decisionId}/${row.reward}`,
    kind: 'reward',
    version: row.version,
    atMs: nowMs,
    profileId: row.profileId,
    body: {
      decisionId: row.decisionId,
      reward: row.reward,
      value: row.value,
      maturedAtMs: row.maturedAtMs,
      isFinal: row.isFinal,
      scenario: row.scenario,
      stepId: row.stepId,
      action: row.action,
      treatment: row.treatment,
      sample: row.isSample,
    },
  };
}
