/** The product's side: the request a delivery builds from what it read, then the gate. */
import { LuxonCalendar } from '#libs/adapter-calendar';
import { durationMs, parseDuration } from '#libs/kernel';
import {
  quietHoursAnswer,
  suppressionFor,
  type GateRequest,
  type GateVerdict,
  type Suppression,
} from '#libs/policy';
import type { Answer, Hold, World } from './world.js';

/** Shared: its caches are part of what is tested. */
export const calendar = new LuxonCalendar();

function lastsMs(hold: Hold): number {
  const parsed = parseDuration(hold.lasts);
  return parsed.ok ? durationMs(parsed.value) : NaN;
}

function suppressionsOf(world: World): Suppression[] | null {
  if (world.suppressions === null) return null;
  const listed = world.suppressions as readonly Suppression[];
  const failures = world.failures.map((one) => ({
    ...one,
    day: calendar.localDay(one.atMs, world.workspaceZone),
  }));
  const verdict = suppressionFor(failures, world.suppress);
  if (verdict === null) return [...listed];
  const scope = { channel: world.channel, purpose: null, untilMs: null };
  return [...listed, { kind: 'address', key: 'hash', ...verdict, ...scope }];
}

/** The gate's request for a case. */
export function requestOf(world: World): GateRequest {
  const { atMs, channel, workspaceZone, profileZone, profileCountry, workspaceCountry } = world;
  const place = { channel, workspaceZone, profileZone, profileCountry, workspaceCountry };
  return {
    atMs,
    profileId: 'p1',
    channel,
    purpose: world.purposes.find((one) => one.id === world.purposeId) ?? null,
    action: world.actionId,
    group: world.group as GateRequest['group'],
    enrolmentEnded: world.enrolmentEnded,
    address: world.address,
    hasSender: world.hasSender,
    suppressions: suppressionsOf(world),
    consents: world.consents,
    hasPurchased: world.hasPurchased,
    professional: world.professional,
    b2bRelevant: world.b2bRelevant,
    sector: world.sector,
    holds: world.holds?.map((hold) => ({ ...hold, lastsMs: lastsMs(hold) })) ?? null,
    caps: world.caps,
    reservations: world.reservations,
    ownCommandIds: world.ownCommandIds,
    today: calendar.localDay(atMs, workspaceZone),
    quietHours: quietHoursAnswer(world.quietHours, place, { calendar, atMs }),
    firstPutOffAtMs: world.firstPutOffAtMs,
  };
}

/** A verdict in the words both sides share. */
export function answerOf(verdict: GateVerdict): Answer {
  if (verdict.kind === 'allow') return { kind: 'allow' };
  if (verdict.kind === 'putOff') return { kind: 'putOff', untilMs: verdict.untilMs };
  return { kind: 'withhold', stage: verdict.stage, reason: verdict.reason };
}
