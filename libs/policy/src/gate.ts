import { capVerdict, capWindows, liveUsage } from './caps.js';
import { checkConsent } from './gate-consent.js';
import { withhold, type GateRequest, type GateVerdict, type HoldState } from './gate-request.js';
import { GROUPS } from './groups.js';
import { LONGEST_PUT_OFF_MS } from './quiet-hours.js';
import type { GateStage, WithheldReason } from './reasons.js';
import { IGNORABLE_CHECKS } from './rules.js';
import { isSuppressing, SUPPRESSION_REASONS } from './suppression.js';
import type { DayNumber } from './windows.js';

/** One check of the gate; null lets the contact on to the next. */
export interface GateCheck {
  readonly stage: GateStage;
  readonly run: (request: GateRequest) => GateVerdict | null;
}

function isReadable(request: GateRequest): boolean {
  const { atMs, today, channel, profileId, ownCommandIds } = request;
  const named = [channel, profileId].every((text) => typeof text === 'string' && text !== '');
  const timed = Number.isFinite(atMs) && Number.isInteger(today);
  return named && timed && channel !== 'any' && Array.isArray(ownCommandIds);
}

function checkRequest(request: GateRequest): GateVerdict | null {
  if (!isReadable(request)) return withhold('request_invalid');
  if (request.enrolmentEnded !== false) return withhold('enrolment_ended');
  const { purpose } = request;
  if (purpose == null || typeof purpose.id !== 'string' || !Array.isArray(purpose.basis)) {
    return withhold('purpose_unknown');
  }
  if (request.sector === 'renovation' && !purpose.basis.includes('contract')) {
    return withhold('sector_forbidden', request.sector);
  }
  return null;
}

function checkHoldout({ group }: GateRequest): GateVerdict | null {
  if (group == null || !GROUPS.includes(group)) return withhold('group_unknown');
  return group === 'holdout' ? withhold('holdout') : null;
}

function checkAddress({ address, hasSender }: GateRequest): GateVerdict | null {
  if (address === 'invalid') return withhold('address_invalid');
  if (address !== 'valid') return withhold('no_address');
  return hasSender === true ? null : withhold('no_sender');
}

function checkSuppression(request: GateRequest): GateVerdict | null {
  const { suppressions, channel, action, atMs, purpose } = request;
  if (!Array.isArray(suppressions)) return withhold('suppression_unknown');
  const scope = { channel, purpose: purpose?.id ?? '', action };
  const bearing = suppressions.filter((one) => isSuppressing(one, scope, atMs));
  if (bearing.length === 0) return null;
  const reason = SUPPRESSION_REASONS.find((one) => bearing.some((row) => row.reason === one));
  return withhold(reason === undefined ? 'suppression_unknown' : `suppressed_${reason}`);
}

function holdReason(hold: HoldState, request: GateRequest): WithheldReason | null {
  if (hold.purpose !== 'any' && hold.purpose !== request.purpose?.id) return null;
  if (hold.holds === true) return 'held';
  if (hold.holds !== false) return 'hold_unknown';
  if (hold.ceasedAtMs === null) return null;
  const freeAtMs = hold.ceasedAtMs + hold.lastsMs;
  if (!Number.isFinite(freeAtMs)) return 'hold_unknown';
  return request.atMs < freeAtMs ? 'held' : null;
}

function checkHolds(request: GateRequest): GateVerdict | null {
  if (!Array.isArray(request.holds)) return withhold('hold_unknown');
  for (const hold of request.holds as readonly HoldState[]) {
    const reason = holdReason(hold, request);
    if (reason !== null) return withhold(reason, hold.id);
  }
  return null;
}

/**
 * Local day on which a contact would go out, and so takes its place under the caps: today, or the
 * day quiet hours put it off to. NaN where that is unknown.
 */
export function contactDay(
  request: Pick<GateRequest, 'atMs' | 'today' | 'purpose' | 'quietHours' | 'firstPutOffAtMs'>,
): DayNumber {
  const { quietHours } = request;
  const isAsked = !ignores(request, 'quiet_hours');
  if (!isAsked || checkQuietHours(request)?.kind !== 'putOff') return request.today;
  return quietHours?.kind === 'answered' ? (quietHours.openDay ?? NaN) : NaN;
}

function checkCaps(request: GateRequest): GateVerdict | null {
  const { caps, reservations, channel, purpose, atMs } = request;
  if (!Array.isArray(caps)) return withhold('cap_invalid');
  const windows = capWindows(caps, channel, purpose?.id ?? '');
  if (!windows.ok) return withhold(windows.error);
  if (!Array.isArray(reservations)) return withhold('cap_unknown');
  const day = contactDay(request);
  if (!Number.isInteger(day)) return withhold('cap_unknown');
  const usage = liveUsage(reservations, atMs, request.ownCommandIds);
  const block = capVerdict(windows.value, usage, day);
  if (block === null) return null;
  return withhold('cap', `${block.channel} ${block.used}/${block.max}, ${block.windowDays}d`);
}

function checkQuietHours(
  request: Pick<GateRequest, 'atMs' | 'quietHours' | 'firstPutOffAtMs'>,
): GateVerdict | null {
  const { quietHours, atMs, firstPutOffAtMs } = request;
  if (quietHours == null) return withhold('quiet_hours_unknown');
  if (quietHours.kind === 'unrestricted') return null;
  if (quietHours.kind === 'unknown') return withhold(quietHours.reason);
  const { openAtMs, otherwise } = quietHours;
  if (openAtMs === atMs) return null;
  if (otherwise !== 'wait') return withhold('quiet_hours');
  if (openAtMs === null) return withhold('quiet_hours_too_far');
  // An opening in the past answers another question than this one.
  if (!(openAtMs > atMs)) return withhold('quiet_hours_unknown');
  const sinceMs = Math.min(firstPutOffAtMs ?? atMs, atMs);
  if (!(openAtMs - sinceMs <= LONGEST_PUT_OFF_MS)) return withhold('quiet_hours_too_far');
  return { kind: 'putOff', untilMs: openAtMs, reason: 'quiet_hours' };
}

function ignores(request: Pick<GateRequest, 'purpose'>, stage: GateStage): boolean {
  const ignorable = (IGNORABLE_CHECKS as readonly string[]).includes(stage);
  const { purpose } = request;
  if (!ignorable || purpose?.ignores?.includes(stage) !== true) return false;
  return purpose.obeys?.includes(stage) !== true;
}

/** Leaves the check out where the purpose may and does ignore it. */
const unlessIgnored =
  (stage: GateStage, run: GateCheck['run']): GateCheck['run'] =>
  (request) =>
    ignores(request, stage) ? null : run(request);

/**
 * The gate's checks in their order. Whatever is missing refuses with a reason of its own. `gateOf`
 * composes another gate of some of them.
 */
export const gateChecks: readonly GateCheck[] = [
  { stage: 'request', run: checkRequest },
  { stage: 'holdout', run: unlessIgnored('holdout', checkHoldout) },
  { stage: 'address', run: checkAddress },
  { stage: 'suppression', run: checkSuppression },
  { stage: 'consent', run: checkConsent },
  { stage: 'holds', run: unlessIgnored('holds', checkHolds) },
  { stage: 'caps', run: unlessIgnored('caps', checkCaps) },
  { stage: 'quiet_hours', run: unlessIgnored('quiet_hours', checkQuietHours) },
];

/** A gate of the given checks: the first that objects decides. */
export function gateOf(checks: readonly GateCheck[]): (request: GateRequest) => GateVerdict {
  return (request) => {
    for (const check of checks) {
      const verdict = check.run(request);
      if (verdict !== null) return verdict;
    }
    return { kind: 'allow' };
  };
}

/**
 * Whether a contact may go now, later, or not: asked at the moment of sending, after targeting and
 * decision. Pure: the same request gives the same verdict. It reserves nothing.
 */
export const gate: (request: GateRequest) => GateVerdict = gateOf(gateChecks);
