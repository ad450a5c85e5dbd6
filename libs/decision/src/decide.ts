import { assert, present, seededRandom } from '#libs/kernel';
import { meanOf } from './numeric/distribution.js';
import { argMax } from './models/explorers.js';
import { effectiveModel, policyOf } from './models/registry.js';
import type { Choice } from './models/model.js';
import { plainRow, ranksOf, scoredRow, type Verdict } from './rows.js';
import { firstRefusal, type Reason, type StageVerdict } from './stages.js';
import {
  NOTHING,
  type CandidateInput,
  type CandidateRecord,
  type DecideInput,
  type DecisionRecord,
  type FallbackReason,
} from './types.js';

/** Share of uniform choices where the input names none. */
export const DEFAULT_FLOOR = 0.05;

/** Candidates lost to a reservation, by index, with the reason. */
export type Exclusions = ReadonlyMap<number, Verdict>;

interface Outcome {
  readonly rows: readonly CandidateRecord[];
  readonly chosen: number | null;
  readonly explored: boolean;
  readonly epsilon: number;
  readonly fallbackReason: FallbackReason | null;
  readonly eligible: number;
}

/** Joins what the input says with what came out. */
export function recordOf(input: DecideInput, outcome: Outcome): DecisionRecord {
  const chosen = outcome.chosen === null ? null : present(outcome.rows[outcome.chosen], 'chosen');
  return {
    decisionId: input.decisionId,
    enrolmentId: input.enrolmentId ?? null,
    atMs: input.atMs,
    scenario: input.scenario,
    definition: input.definition,
    stepId: input.stepId,
    profileId: input.profileId,
    group: input.group,
    model: effectiveModel(input),
    modelVersion: input.modelVersion,
    policy: input.policy,
    seed: input.seed,
    chosenAction: chosen?.action ?? null,
    chosenTreatment: chosen?.treatment ?? null,
    chosenChannel: chosen?.channel ?? null,
    chosenPropensity: chosen?.propensity ?? 1,
    chosenIndex: outcome.chosen,
    explored: outcome.explored,
    epsilon: outcome.epsilon,
    nCandidates: input.candidates.length,
    nEligible: outcome.eligible,
    fallbackReason: outcome.fallbackReason,
    currency: input.currency ?? null,
    features: input.features ?? {},
    candidates: outcome.rows,
  };
}

function refusalRow(candidate: CandidateInput, refusal: StageVerdict): CandidateRecord {
  const { stage, detail } = refusal;
  const reason = present(refusal.reason, 'reason of a refusal');
  return plainRow(candidate, { stage, passed: false, reason, detail }, 0);
}

/** The row of a candidate that may not be drawn, or null if it may. */
function loserRow(
  candidate: CandidateInput,
  excluded: Verdict | undefined,
): CandidateRecord | null {
  if (excluded !== undefined) return plainRow(candidate, excluded, 0);
  if (candidate.action === NOTHING) return null;
  const refusal = firstRefusal(candidate.filters);
  return refusal === null ? null : refusalRow(candidate, refusal);
}

/** Held out: `nothing` where listed, else no action at all; nobody else takes part. */
function heldOut(input: DecideInput): DecisionRecord {
  const chosen = input.candidates.findIndex((candidate) => candidate.action === NOTHING);
  const rows = input.candidates.map((candidate, index) =>
    index === chosen
      ? plainRow(candidate, { stage: 'output', passed: true, reason: 'holdout' }, 1)
      : plainRow(candidate, { stage: 'available', passed: false, reason: 'holdout' }, 0),
  );
  return recordOf(input, {
    rows,
    chosen: chosen < 0 ? null : chosen,
    explored: false,
    epsilon: 0,
    fallbackReason: chosen < 0 ? 'holdout' : null,
    eligible: chosen < 0 ? 0 : 1,
  });
}

function nobody(
  input: DecideInput,
  losers: readonly (CandidateRecord | null)[],
  fallbackReason: FallbackReason,
): DecisionRecord {
  const rows = losers.map((row) => present(row, 'a loser has a row'));
  const outcome = { rows, chosen: null, explored: false, epsilon: 0, fallbackReason, eligible: 0 };
  return recordOf(input, outcome);
}

/** In the group `rules` only business as usual may survive, where the author names it. */
function withBusinessAsUsual(
  input: DecideInput,
  losers: readonly (CandidateRecord | null)[],
): readonly (CandidateRecord | null)[] {
  const { businessAsUsual } = input;
  if (input.group !== 'rules' || businessAsUsual === undefined) return losers;
  const verdict = { stage: 'arbitration', passed: false, reason: 'not_business_as_usual' } as const;
  return losers.map((row, index) => {
    const candidate = present(input.candidates[index], 'candidate');
    if (row !== null || candidate.action === businessAsUsual) return row;
    return plainRow(candidate, verdict, 0);
  });
}

function winningReason(input: DecideInput, choice: Choice, survivors: number): Reason {
  if (input.group === 'rules' && input.businessAsUsual !== undefined) return 'business_as_usual';
  return survivors === 1 ? 'only_candidate' : choice.wonBy;
}

function drawAmong(
  input: DecideInput,
  losers: readonly (CandidateRecord | null)[],
  attempt: number,
): DecisionRecord {
  const survivors: number[] = [];
  losers.forEach((row, index) => {
    if (row === null) survivors.push(index);
  });
  const policy = policyOf(effectiveModel(input));
  const candidateAt = (place: number) => present(input.candidates[survivors[place] ?? -1], 'one');
  const beliefs = survivors.map((_, place) => policy.model.scoreOf(candidateAt(place)));
  const random = seededRandom('decide', input.seed, String(attempt));
  const choice = policy.explorer.choose(beliefs, input.floor ?? DEFAULT_FLOOR, random);
  const ranks = ranksOf(choice.scores);
  const rows = [...losers];
  survivors.forEach((index, place) => {
    const isChosen = place === choice.index;
    const verdict: Verdict = isChosen
      ? { stage: 'output', passed: true, reason: winningReason(input, choice, survivors.length) }
      : { stage: 'arbitration', passed: true, reason: choice.lostBy };
    rows[index] = scoredRow(candidateAt(place), verdict, {
      score: choice.scores[place] ?? 0,
      isDrawn: choice.isDrawn,
      propensity: choice.propensities[place] ?? 0,
      rank: ranks[place] ?? 0,
    });
  });
  const isGreedy = choice.index === argMax(beliefs.map(meanOf));
  return recordOf(input, {
    rows: rows.map((row) => present(row, 'every candidate has a row')),
    chosen: present(survivors[choice.index], 'chosen'),
    explored: choice.isRandom && survivors.length > 1 && (choice.isUniform || !isGreedy),
    epsilon: choice.epsilon,
    fallbackReason: null,
    eligible: survivors.length,
  });
}

/** Decides with some candidates excluded; each exclusion is one lost reservation. */
export function decideWithout(input: DecideInput, excluded: Exclusions): DecisionRecord {
  const floor = input.floor ?? DEFAULT_FLOOR;
  assert(floor >= 0 && floor <= 1, 'floor is a share');
  if (input.group === 'holdout') return heldOut(input);
  const filtered = input.candidates.map((candidate, index) =>
    loserRow(candidate, excluded.get(index)),
  );
  const losers = withBusinessAsUsual(input, filtered);
  if (losers.some((row) => row === null)) return drawAmong(input, losers, excluded.size);
  const hadSurvivor = filtered.some((row) => row === null);
  return nobody(input, losers, hadSurvivor ? 'business_as_usual_unavailable' : 'no_candidate');
}

/**
 * Picks one candidate and logs why every other lost. Pure and deterministic: all chance comes from
 * the input's seed. Logged propensities are exact for the code that draws, and sum to 1 within 1e-9
 * over the rows that passed. No survivor: nothing is chosen, with the reason `no_candidate`.
 */
export function decide(input: DecideInput): DecisionRecord {
  return decideWithout(input, new Map());
}
