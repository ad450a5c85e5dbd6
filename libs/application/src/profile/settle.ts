import { canonicalJson, type JsonObject } from '#libs/kernel';
import { rfmInputOf, rfmText, type ProfileDocument } from '#libs/profile';
import type { Composed, Work } from './compose.js';
import { dueAtMs, judge } from './judge.js';
import type { ProfileRow } from './ports.js';
import type { Session } from './session.js';
import type { ProfileSettings } from './settings.js';
import type { Settled } from './teller.js';

/** When and by which rules a profile is settled. */
export type Moment = Pick<Session, 'settings' | 'nowMs' | 'today' | 'cause' | 'rfmCuts'>;

/** Judges a composed profile and gives it its next version, where anything visible changed. */
export function settle(
  session: Moment,
  work: Work,
  given: { readonly result: Composed; readonly views: ReadonlyMap<string, JsonObject> },
): Settled {
  const { settings, nowMs, today } = session;
  const { result } = given;
  const account = result.accountId === null ? null : (given.views.get(result.accountId) ?? null);
  const judged = judge(work, result, { settings, nowMs, today, account });
  const isSample = isSampleOf(work);
  const isAsked = session.cause === 'unmerge' || session.cause === 'rfm';
  const isNew = isAsked || isNewsOf(work, isSample);
  const isVisible = isNew || judged.changed.length > 0;
  const row: ProfileRow = {
    profileId: work.known.profileId,
    version: (work.stored?.version ?? 0) + (isVisible ? 1 : 0),
    groupUnit: work.known.groupUnit,
    accountId: result.accountId,
    firstSeenMs: work.known.firstSeenMs,
    updatedAtMs: isVisible ? nowMs : (work.stored?.updatedAtMs ?? nowMs),
    mergeCount: work.known.mergeCount,
    isSample,
    document: judged.document,
    memberships: result.memberships,
    hasPurchased: result.hasPurchased,
    rfm: isVisible
      ? rfmText(rfmInputOf(judged.document.aggregates), session.rfmCuts)
      : (work.stored?.rfm ?? ''),
    dueAtMs: dueAtMs(judged.document, settings),
  };
  return { work, row, judged, lastWords: result.lastWords, isVisible };
}

/** Beside what scenarios read: all that the fact of the profile tells. */
function isNewsOf({ stored, known, absorbed }: Work, isSample: boolean): boolean {
  if (stored === undefined || absorbed.length > 0) return true;
  return stored.firstSeenMs !== known.firstSeenMs || stored.isSample !== isSample;
}

function isSampleOf(work: Work): boolean {
  return (
    work.stored?.isSample === true ||
    work.absorbed.some(({ isSample }) => isSample) ||
    work.events.some(({ incoming }) => incoming.event.sample === true)
  );
}

/** Puts a settled profile among what will be written. */
export function keep({ out }: Session, { work, row, isVisible }: Settled, result: Composed): void {
  if (work.stored === undefined) out.created.push(row);
  else if (isVisible || differs(work, row)) out.updated.push(row);
  // A look without an event must settle the next one, or it would be due for ever.
  else if (work.events.length === 0) {
    out.rescheduled.push({ profileId: row.profileId, dueAtMs: row.dueAtMs });
  }
  out.claims.push(...result.claims);
  out.buckets.push(...result.buckets);
  out.consents.push(...work.consents);
  out.memberships.push(...work.memberships);
}

/** Whether anything that is kept differs, though no scenario could see it. */
function differs({ stored }: Work, row: ProfileRow): boolean {
  if (stored === undefined) return true;
  return (
    stored.firstSeenMs !== row.firstSeenMs ||
    stored.groupUnit !== row.groupUnit ||
    stored.hasPurchased !== row.hasPurchased ||
    stored.isSample !== row.isSample ||
    !isEqual(stored.memberships, row.memberships) ||
    // Parts that nothing touched are the very same objects.
    Object.entries(row.document).some(
      ([part, value]) => !isEqual(stored.document[part as keyof ProfileDocument], value),
    )
  );
}

function isEqual(left: unknown, right: unknown): boolean {
  return left === right || canonicalJson(left) === canonicalJson(right);
}

/** Notes the accounts whose people or sums a settled profile changes. */
export function touchAccounts(
  { settings }: Session,
  { work, row, judged }: Settled,
  touched: Set<string>,
): void {
  const before = work.stored?.accountId ?? null;
  const isSumChanged = judged.changed.includes(`aggregates.${revenueAggregate(settings)}`);
  if (row.accountId !== null && (isSumChanged || before !== row.accountId)) {
    touched.add(row.accountId);
  }
  if (before !== null && before !== row.accountId) touched.add(before);
  for (const { accountId } of work.absorbed) if (accountId !== null) touched.add(accountId);
}

/** The aggregate an account's revenue is summed from. */
export function revenueAggregate({ metrics }: ProfileSettings): string {
  const names = metrics.aggregates.map(({ name }) => name);
  return names.find((name) => name === 'revenue_365d') ?? 'rfm_value';
}
