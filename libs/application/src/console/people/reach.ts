import type { ApiResponse } from '#libs/contracts';
import type { EpochMs, Locale } from '#libs/kernel';
import { reasonText, WITHHELD_REASONS, type WithheldReason } from '#libs/policy';
import { contactPointsOf, type ProfileDocument, type ProfileRules } from '#libs/profile';
import type { ConsoleSuppression } from './ports.js';

/** How a person can be reached on a channel, as the API tells it. */
export type Reach = ApiResponse<'person'>['channels'][number];

const CHANNELS = ['email', 'sms'] as const;
const MARKETING = 'marketing';
const KNOWN: ReadonlySet<string> = new Set(WITHHELD_REASONS);

/** A withheld reason in words; one that is not in the list stands for itself. */
function words(reason: string, locale: Locale): string {
  return KNOWN.has(reason) ? reasonText(reason as WithheldReason, locale) : reason;
}

/** Suppressions that bear on every message of the channel at the instant. */
function bearing(
  suppressions: readonly ConsoleSuppression[],
  channel: string,
  nowMs: EpochMs,
): ConsoleSuppression | undefined {
  return suppressions.find(
    (one) =>
      one.action === null &&
      (one.channel === 'any' || one.channel === '' || one.channel === channel) &&
      (one.purpose === null || one.purpose === MARKETING) &&
      (one.untilMs === null || one.untilMs > nowMs),
  );
}

/**
 * Whether marketing may reach a person on each channel, and if not, the first reason. It is what
 * holds for every message; caps, quiet hours and groups are asked at the moment of each send.
 */
export function reachOf(
  document: Pick<ProfileDocument, 'traits' | 'consents'>,
  suppressions: readonly ConsoleSuppression[],
  at: { readonly rules: ProfileRules; readonly nowMs: EpochMs; readonly locale: Locale },
): Reach[] {
  const points = contactPointsOf(document.traits, at.rules);
  return CHANNELS.map((channel) => {
    const address = points.find((point) => point.channel === channel)?.address ?? null;
    const consent = document.consents[`${channel}:${MARKETING}`] ?? 'unknown';
    const reason = refusalOf(address, consent, bearing(suppressions, channel, at.nowMs));
    return {
      channel,
      address,
      consent,
      isReachable: reason === null,
      why: reason === null ? null : `${words(reason, at.locale)}.`,
    };
  });
}

function refusalOf(
  address: string | null,
  consent: Reach['consent'],
  suppression: ConsoleSuppression | undefined,
): string | null {
  if (address === null) return 'no_address';
  if (suppression !== undefined) return `suppressed_${suppression.reason}`;
  if (consent === 'denied') return 'consent_denied';
  return consent === 'granted' ? null : 'consent_unknown';
}
