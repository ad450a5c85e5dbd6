import { ownMember, type Json } from '#libs/kernel';
import { CAPS, type ProfileRules, type TraitRule } from './rules.js';
import type { Claim } from './traits.js';

/** Why a value is the one that holds. */
export interface Provenance {
  readonly source: string;
  readonly atMs: number;
  readonly eventKey: string;
  /** What settled it: the only one, a verified value, the master's rank, the newest, or the tie. */
  readonly rule: 'only' | 'verified' | 'rank' | 'recency' | 'tie';
}

/** A trait's value that holds, and why. */
export interface Winner {
  readonly value: Json;
  readonly provenance: Provenance;
}

/** Order of two statements of one source: newer first, then the greater event key. */
export function isNewer(
  left: Pick<Claim, 'atMs' | 'eventKey'>,
  right: Pick<Claim, 'atMs' | 'eventKey'>,
): boolean {
  return left.atMs !== right.atMs ? left.atMs > right.atMs : left.eventKey > right.eventKey;
}

function rankOf(rule: TraitRule | undefined, source: string): number {
  const rank = rule?.master.indexOf(source) ?? -1;
  return rank === -1 ? Number.MAX_SAFE_INTEGER : rank;
}

interface Criterion {
  readonly rule: Provenance['rule'];
  /** Below 0 where the left wins. */
  readonly compare: (left: Claim, right: Claim) => number;
}

const RECENCY: Criterion = {
  rule: 'recency',
  compare: (left, right) => right.atMs - left.atMs,
};
const TIE: Criterion = {
  rule: 'tie',
  compare: (left, right) => {
    if (left.eventKey !== right.eventKey) return left.eventKey > right.eventKey ? -1 : 1;
    if (left.source === right.source) return 0;
    return left.source < right.source ? -1 : 1;
  },
};

function criteriaOf(rule: TraitRule | undefined): readonly Criterion[] {
  if (rule === undefined) return [RECENCY, TIE];
  const verified: Criterion = {
    rule: 'verified',
    compare: (left, right) => Number(right.isVerified) - Number(left.isVerified),
  };
  const rank: Criterion = {
    rule: 'rank',
    compare: (left, right) => rankOf(rule, left.source) - rankOf(rule, right.source),
  };
  const byStrategy = rule.strategy === 'recency' ? [RECENCY, rank, TIE] : [rank, RECENCY, TIE];
  return rule.verifiedFirst ? [verified, ...byStrategy] : byStrategy;
}

/**
 * The statement that holds for one trait, whatever the order in which they came: verified first where
 * the rule says so, then the master's rank (or recency), then recency, then the greater event key.
 */
export function winnerOf(
  claims: readonly Claim[],
  rule: TraitRule | undefined,
): Winner | undefined {
  const [first, ...others] = claims;
  if (first === undefined) return undefined;
  const criteria = criteriaOf(rule);
  let best = first;
  let settledBy: Provenance['rule'] = 'only';
  // What settles it is the last criterion needed against any other; the tie says most.
  let depth = -1;
  for (const claim of others) {
    for (const criterion of criteria) {
      const order = criterion.compare(best, claim);
      if (order === 0) continue;
      if (order > 0) best = claim;
      break;
    }
  }
  for (const claim of claims) {
    if (claim === best) continue;
    const at = criteria.findIndex((criterion) => criterion.compare(best, claim) !== 0);
    if (at <= depth) continue;
    depth = at;
    settledBy = criteria[at]?.rule ?? settledBy;
  }
  const { value, source, atMs, eventKey } = best;
  return { value, provenance: { source, atMs, eventKey, rule: settledBy } };
}

/**
 * What each source says at last, verified and not: the rest is history, whichever node it lies under.
 */
function latestOf(claims: readonly Claim[]): readonly Claim[] {
  const latest = new Map<string, Claim>();
  for (const claim of claims) {
    const key = `${claim.source}\u0000${claim.isVerified}`;
    const known = latest.get(key);
    if (known === undefined || isNewer(claim, known)) latest.set(key, claim);
  }
  return [...latest.values()];
}

/**
 * When each trait was last spoken of, by whatever source and whoever's word holds. Order does not
 * matter, and what comes later never moves it back.
 */
export function lastWords(claims: Iterable<Claim>): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const { trait, atMs } of claims) {
    words.set(trait, Math.max(words.get(trait) ?? atMs, atMs));
  }
  return words;
}

/** The golden record: every trait's winner, from all claims of all nodes. Order does not matter. */
export function survive(claims: Iterable<Claim>, rules: ProfileRules): ReadonlyMap<string, Winner> {
  const byTrait = new Map<string, Claim[]>();
  for (const claim of claims) {
    const known = byTrait.get(claim.trait);
    if (known === undefined) byTrait.set(claim.trait, [claim]);
    else known.push(claim);
  }
  const winners = new Map<string, Winner>();
  let undeclared = 0;
  for (const trait of [...byTrait.keys()].sort()) {
    const rule = ownMember(rules.traits, trait);
    if (rule === undefined) {
      undeclared += 1;
      if (undeclared > CAPS.undeclaredTraits) continue;
    }
    const winner = winnerOf(latestOf(byTrait.get(trait) ?? []), rule);
    if (winner !== undefined) winners.set(trait, winner);
  }
  return winners;
}
