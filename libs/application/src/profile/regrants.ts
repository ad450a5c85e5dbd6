import type { EpochMs } from '#libs/kernel';
import { contactPointsOf, provenGrants } from '#libs/profile';
import type { Settled } from './teller.js';
import type { ProfileSettings, Pseudonyms } from './settings.js';

/** Somebody agreed to a purpose on a channel, with proof. */
export interface Regrant {
  readonly channel: string;
  readonly purpose: string;
  readonly grantedAtMs: EpochMs;
  /** Ids the person has had, and hashes of the addresses they have on the channel now. */
  readonly keys: readonly string[];
  readonly isSample: boolean;
}

/**
 * What a person agrees to, where what was said of it, or who they are, changed. That a later refusal
 * stands against it is not looked at: the ledger of consents refuses by itself, and what comes out
 * must not depend on which of the two is read first.
 */
export function regrantsOf(
  { work, row }: Settled,
  at: {
    readonly settings: ProfileSettings;
    readonly pseudonyms: Pseudonyms;
    readonly nowMs: EpochMs;
  },
): readonly Regrant[] {
  if (work.consents.length === 0 && work.absorbed.length === 0) return [];
  // What came now may be older than what the document keeps of its source.
  const statements = [...row.document.statements, ...work.consents];
  const grants = provenGrants(statements, at.nowMs);
  if (grants.length === 0) return [];
  const points = contactPointsOf(row.document.traits, at.settings.rules);
  return grants.map(({ channel, purpose, atMs }) => ({
    channel,
    purpose,
    grantedAtMs: atMs,
    keys: [
      ...new Set([row.profileId, ...work.known.nodeIds]),
      ...points
        .filter((point) => point.channel === channel)
        .map(({ address }) => at.pseudonyms.hash(channel, address)),
    ],
    isSample: row.isSample,
  }));
}
