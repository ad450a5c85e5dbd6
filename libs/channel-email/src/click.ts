import { isbot } from 'isbot';
import type { EpochMs } from '#libs/kernel';

/** One visit of a click link, and what is known of the others of its message. */
export interface ClickFacts {
  readonly method: string;
  readonly userAgent: string;
  readonly clickedAtMs: EpochMs;
  /** When the provider took the message. */
  readonly acceptedAtMs: EpochMs;
  readonly linkIndex: number;
  /** How many distinct links the message holds. */
  readonly linkCount: number;
  /** The other clicks on this message, in any order. */
  readonly otherClicks: readonly { readonly linkIndex: number; readonly atMs: EpochMs }[];
}

/** A sign that a machine followed the link. */
export type ClickEvidence =
  | 'head_request'
  | 'bot_user_agent'
  | 'no_user_agent'
  | 'soon_after_acceptance'
  | 'most_links_at_once';

const SOON_MS = 2_000;
const BURST_MS = 10_000;
const BURST_SHARE = 0.8;
/** Below three links, a person who looks at everything is no rarity. */
const BURST_MIN_LINKS = 3;
/** Scanners of mail gateways that do not call themselves bots. */
const SCANNERS =
  /barracuda|proofpoint|mimecast|safelinks|symantec|messagelabs|trendmicro|fireeye|forcepoint|sophos|zscaler|cloudmark|python-requests|okhttp|go-http-client|java\/|libwww|curl|wget/i;

/**
 * Whether a person clicked, as evidence to store beside the click, which is never deleted. One sign
 * is enough to not count it. Pure: a later click can make an earlier one part of a burst, so the
 * caller may classify again when it knows more.
 */
export function classifyClick(facts: ClickFacts): {
  readonly human: boolean;
  readonly evidence: readonly ClickEvidence[];
} {
  const evidence: ClickEvidence[] = [];
  const agent = facts.userAgent.trim();
  if (facts.method.toUpperCase() === 'HEAD') evidence.push('head_request');
  if (agent === '') evidence.push('no_user_agent');
  else if (SCANNERS.test(agent) || isbot(agent)) evidence.push('bot_user_agent');
  if (facts.clickedAtMs - facts.acceptedAtMs < SOON_MS) evidence.push('soon_after_acceptance');
  if (isBurst(facts)) evidence.push('most_links_at_once');
  return { human: evidence.length === 0, evidence };
}

/** At least 80 % of the links within some 10 s that contain this click. */
function isBurst(facts: ClickFacts): boolean {
  if (facts.linkCount < BURST_MIN_LINKS) return false;
  const here = { linkIndex: facts.linkIndex, atMs: facts.clickedAtMs };
  const near = [here, ...facts.otherClicks]
    .filter((click) => Math.abs(click.atMs - here.atMs) <= BURST_MS)
    .sort((left, right) => left.atMs - right.atMs);
  const needed = Math.ceil(facts.linkCount * BURST_SHARE);
  return near.some((first) => {
    if (first.atMs > here.atMs || here.atMs > first.atMs + BURST_MS) return false;
    const within = near.filter(
      (click) => click.atMs >= first.atMs && click.atMs <= first.atMs + BURST_MS,
    );
    return new Set(within.map((click) => click.linkIndex)).size >= needed;
  });
}
