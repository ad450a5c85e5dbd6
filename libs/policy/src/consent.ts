import type { EpochMs } from '#libs/kernel';
import type { Channel } from './rules.js';

/** One row of the consent ledger: what one source said, once. */
export interface ConsentStatement {
  /** `any` counts for refusals only: a grant is given per channel and purpose. */
  readonly channel: Channel;
  readonly purpose: string;
  readonly status: 'granted' | 'denied' | 'unknown';
  /** The ground of a grant; null where the source gave none, which grants nothing. */
  readonly basis: string | null;
  /** Who said so: `form`, `crm`, `sms_reply`, `preference_page`. */
  readonly source: string;
  /** Evidence (who, when, wording, where); blank is none. */
  readonly proof: string | null;
  readonly atMs: EpochMs;
  /** From a bulk sync or a file: such a grant never overrides a refusal. */
  readonly bulk?: boolean | undefined;
}

/** What the ledger amounts to for one channel and purpose. */
export type EffectiveConsent =
  | { readonly status: 'unknown' }
  | { readonly status: 'denied'; readonly by: ConsentStatement }
  | { readonly status: 'granted'; readonly grants: readonly ConsentStatement[] };

/** What is asked of the ledger. */
export interface ConsentQuestion {
  readonly channel: Channel;
  readonly purpose: string;
  /** Grants dated later do not count yet; refusals always do. */
  readonly atMs?: EpochMs | undefined;
}

/** Whether a statement carries evidence of its own. */
export function hasProof(statement: ConsentStatement): boolean {
  return typeof statement.proof === 'string' && statement.proof.trim() !== '';
}

function bears(statement: ConsentStatement, question: ConsentQuestion): boolean {
  const { channel, purpose, status, atMs } = statement;
  if (status === 'granted') {
    const known = Number.isFinite(atMs) && atMs <= (question.atMs ?? Infinity);
    return known && channel === question.channel && purpose === question.purpose;
  }
  if (status !== 'denied') return false;
  const here = channel === question.channel || channel === 'any';
  return here && (purpose === question.purpose || purpose === 'any');
}

/** A refusal without a readable time is taken as the newest of all. */
const timeOf = ({ atMs }: ConsentStatement): number => (Number.isFinite(atMs) ? atMs : Infinity);

/** A source's latest statements: one refusal, or every grant of that same instant. */
function latestOf(statements: readonly ConsentStatement[]): ConsentStatement[] {
  const newestMs = Math.max(...statements.map(timeOf));
  const newest = statements.filter((one) => timeOf(one) === newestMs);
  const refusal = inOrder(newest).find((one) => one.status === 'denied');
  return refusal === undefined ? newest : [refusal];
}

/** Newest first, then by content, so that the order of the ledger's rows never matters. */
function inOrder(statements: readonly ConsentStatement[]): ConsentStatement[] {
  const key = (one: ConsentStatement): string =>
    JSON.stringify([
      one.source,
      one.channel,
      one.purpose,
      one.basis,
      one.proof,
      one.bulk ?? null,
      String(one.atMs),
    ]);
  return [...statements].sort((left, right) => {
    if (timeOf(left) !== timeOf(right)) return timeOf(left) > timeOf(right) ? -1 : 1;
    const [leftKey, rightKey] = [key(left), key(right)];
    if (leftKey === rightKey) return 0;
    return leftKey < rightKey ? -1 : 1;
  });
}

/**
 * The effective consent: within a source its latest explicit statement (at one instant a refusal
 * wins); across sources a refusal wins, unless a grant newer than every refusal brings a proof of
 * its own and is no bulk sync's. `unknown` says nothing. Does not depend on the rows' order.
 */
export function effectiveConsent(
  statements: readonly ConsentStatement[],
  question: ConsentQuestion,
): EffectiveConsent {
  const bySource = new Map<string, ConsentStatement[]>();
  for (const statement of statements) {
    if (!bears(statement, question)) continue;
    const known = bySource.get(statement.source);
    if (known === undefined) bySource.set(statement.source, [statement]);
    else known.push(statement);
  }
  if (bySource.size === 0) return { status: 'unknown' };
  const latest = inOrder([...bySource.values()].flatMap(latestOf));
  const grants = latest.filter((one) => one.status === 'granted');
  const refusal = latest.find((one) => one.status === 'denied');
  if (refusal === undefined) return { status: 'granted', grants };
  const renewed = grants.filter(
    (one) => timeOf(one) > timeOf(refusal) && hasProof(one) && one.bulk !== true,
  );
  return renewed.length > 0
    ? { status: 'granted', grants: renewed }
    : { status: 'denied', by: refusal };
}
