/**
 * The rules of contact once more, written from the specification alone, to be compared with the
 * gate. It imports nothing of the product and is written for clarity, not for speed.
 */
import { dayAt, isFrenchHoliday, minuteAt, zoneExists } from './local-time.js';
import type { Answer, Cap, ConsentRow, Hours, QuietRule, World } from './world.js';

const HOUR_MS = 3_600_000;
const STEP_MS = 5 * 60_000;

const no = (stage: string, reason: string): Answer => ({ kind: 'withhold', stage, reason });

function daysOf(per: string): number | null {
  const unit = { d: 1, w: 7 }[per.slice(-1)];
  const amount = Number(per.slice(0, -1));
  return unit === undefined || !(amount >= 1) ? null : amount * unit;
}

function suppressed(world: World): Answer | null {
  if (world.suppressions === null) return no('suppression', 'suppression_unknown');
  const reasons = new Set<string>();
  for (const row of world.suppressions) {
    const over = row.untilMs !== null && world.atMs >= row.untilMs;
    const elsewhere =
      (row.channel !== null && row.channel !== world.channel) ||
      (row.purpose !== null && row.purpose !== world.purposeId) ||
      (row.kind === 'action' && row.key !== world.actionId);
    if (!over && !elsewhere) reasons.add(row.reason);
  }
  const count = (kind: string): number => world.failures.filter((one) => one.kind === kind).length;
  const byComplaint = count('complaint') >= world.suppress.complaints;
  const byHard = count('hard_bounce') >= world.suppress.hard_bounces;
  if (byComplaint) reasons.add('complaint');
  else if (byHard) reasons.add('hard_bounce');
  else if (bouncesSoftly(world)) reasons.add('soft_bounces');
  const order = [
    'hard_bounce',
    'soft_bounces',
    'complaint',
    'unsubscribed',
    'erased',
    'manual',
    'rest',
  ];
  const told = order.find((reason) => reasons.has(reason));
  return told === undefined ? null : no('suppression', `suppressed_${told}`);
}

function bouncesSoftly(world: World): boolean {
  const { count, per } = world.suppress.soft_bounces;
  const length = daysOf(per) ?? Infinity;
  const days = world.failures
    .filter((one) => one.kind === 'soft_bounce')
    .map((one) => dayAt(world.workspaceZone, one.atMs));
  return days.some((end) => days.filter((day) => day <= end && end - day < length).length >= count);
}

/** A row no other row of its source has overtaken. */
function stands(row: ConsentRow, rows: readonly ConsentRow[]): boolean {
  return rows
    .filter((other) => other.source === row.source)
    .every((other) => {
      if (other.atMs > row.atMs) return false;
      return !(other.atMs === row.atMs && row.status === 'granted' && other.status === 'denied');
    });
}

function consented(world: World): Answer | null {
  const purpose = world.purposes.find((one) => one.id === world.purposeId);
  if (world.consents === null) return no('consent', 'consent_unknown');
  const byContract = purpose?.basis.includes('contract') === true;
  const explicit = world.consents.filter((row) => {
    if (row.status === 'unknown') return false;
    if (row.status === 'granted') {
      const exact = row.channel === world.channel && row.purpose === world.purposeId;
      return exact && row.atMs <= world.atMs;
    }
    const here = row.channel === world.channel || row.channel === 'any';
    return here && (row.purpose === world.purposeId || (row.purpose === 'any' && !byContract));
  });
  const standing = explicit.filter((row) => stands(row, explicit));
  const grants = standing.filter((row) => row.status === 'granted');
  const refusals = standing.filter((row) => row.status === 'denied');
  const overrides = (grant: ConsentRow, refusal: ConsentRow): boolean =>
    grant.atMs > refusal.atMs && (grant.proof ?? '').trim() !== '' && !grant.bulk;
  const held = refusals.some((refusal) => !grants.some((grant) => overrides(grant, refusal)));
  if (held) return no('consent', 'consent_denied');
  if (byContract) return null;
  if (grants.length === 0) return no('consent', 'consent_unknown');
  const usable = grants.filter((grant) => refusals.every((refusal) => overrides(grant, refusal)));
  const flaws = usable.map((grant) => flawOf(grant, world, purpose?.basis ?? []));
  if (flaws.includes('')) return null;
  const nearest = ['proof_missing', 'no_purchase', 'not_professional', 'basis_not_allowed'];
  return no('consent', `consent_${nearest.find((flaw) => flaws.includes(flaw)) ?? ''}`);
}

function flawOf(grant: ConsentRow, world: World, allowed: readonly string[]): string {
  const proven = (grant.proof ?? '').trim() !== '';
  if (grant.basis === null || !allowed.includes(grant.basis)) return 'basis_not_allowed';
  if (grant.basis === 'legitimate_interest_b2b') {
    return world.professional && world.b2bRelevant ? '' : 'not_professional';
  }
  if (!proven) return 'proof_missing';
  if (grant.basis === 'soft_opt_in' && !world.hasPurchased) return 'no_purchase';
  return '';
}

function held(world: World): Answer | null {
  if (world.holds === null) return no('holds', 'hold_unknown');
  for (const hold of world.holds) {
    if (hold.purpose !== 'any' && hold.purpose !== world.purposeId) continue;
    if (hold.holds === null) return no('holds', 'hold_unknown');
    const tailMs = (daysOf(hold.lasts) ?? 0) * 24 * HOUR_MS;
    const inTail = hold.ceasedAtMs !== null && world.atMs - hold.ceasedAtMs < tailMs;
    if (hold.holds || inTail) return no('holds', 'held');
  }
  return null;
}

function appliesTo(cap: Cap, channel: string, purpose: string): boolean {
  return ['any', channel].includes(cap.channel) && ['any', purpose].includes(cap.purpose);
}

/**
 * The day that a send counts on: the one on which it goes out. What waits for the morning takes the
 * morning's place.
 */
function dayOfGoing(world: World, asksHours: boolean): number {
  const later = asksHours ? quiet(world) : null;
  const goesAtMs = later?.kind === 'putOff' ? (later.untilMs ?? world.atMs) : world.atMs;
  return dayAt(world.workspaceZone, goesAtMs);
}

function capped(world: World, asksHours: boolean): Answer | null {
  if (world.caps === null) return no('caps', 'cap_invalid');
  const mine = world.caps.filter((cap) => appliesTo(cap, world.channel, world.purposeId));
  if (mine.some((cap) => daysOf(cap.per) === null)) return no('caps', 'cap_invalid');
  if (world.reservations === null) return no('caps', 'cap_unknown');
  if (mine.length === 0) return null;
  const day = dayOfGoing(world, asksHours);
  const places = world.reservations.filter((row) => {
    if (world.ownCommandIds.includes(row.commandId) || row.state === 'released') return false;
    return !(row.state === 'reserved' && world.atMs >= row.expiresAtMs);
  });
  for (const cap of mine) {
    const length = daysOf(cap.per) ?? 0;
    const taken = places.filter((row) => appliesTo(cap, row.channel, row.purpose));
    // Every stretch of so many days with this one in it, those that end after it too: a place that
    // was promised for a later day must still be there when that day comes.
    for (let last = day; last < day + length; last += 1) {
      const used = taken.filter((row) => row.day <= last && row.day > last - length).length;
      if (used + 1 > cap.max) return no('caps', 'cap');
    }
  }
  return null;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function minutesOf(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function isOpen(hours: Hours, zone: string, atMs: number): boolean {
  const minute = minuteAt(zone, atMs);
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const within = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  if (from === to || !within) return false;
  const day = dayAt(zone, atMs);
  // 1970-01-05 was a Monday.
  const weekday = DAYS[(((day - 4) % 7) + 7) % 7] ?? '';
  if (hours.days !== undefined && !(hours.days as readonly string[]).includes(weekday))
    return false;
  return hours.holidays !== 'never' || !isFrenchHoliday(day, zone);
}

function zoneFor(rule: QuietRule, world: World): string {
  const named = rule.zone === 'profile' ? world.profileZone : rule.zone;
  if (rule.zone === 'workspace' || named === null || !zoneExists(named)) return world.workspaceZone;
  return named;
}

function quiet(world: World): Answer | null {
  const rules = world.quietHours.filter((rule) => ['any', world.channel].includes(rule.channel));
  if (rules.length === 0) return null;
  const knowsHolidays = [world.profileCountry, world.workspaceCountry].includes('FR');
  const asksHolidays = rules.some((rule) => rule.allow.some((one) => one.holidays === 'never'));
  if (asksHolidays && !knowsHolidays) return no('quiet_hours', 'country_unknown');
  const placed = rules.map((rule) => ({ rule, zone: zoneFor(rule, world) }));
  const open = (atMs: number): boolean =>
    placed.every(({ rule, zone }) => rule.allow.some((hours) => isOpen(hours, zone, atMs)));
  if (open(world.atMs)) return null;
  if (rules.some((rule) => rule.otherwise === 'withhold')) return no('quiet_hours', 'quiet_hours');
  const sinceMs = Math.min(world.firstPutOffAtMs ?? world.atMs, world.atMs);
  let untilMs = (Math.floor(world.atMs / STEP_MS) + 1) * STEP_MS;
  for (; untilMs - sinceMs <= 96 * HOUR_MS; untilMs += STEP_MS) {
    if (open(untilMs)) return { kind: 'putOff', untilMs };
  }
  return no('quiet_hours', 'quiet_hours_too_far');
}

/** What the rules say of one send. */
export function oracle(world: World): Answer {
  const purpose = world.purposes.find((one) => one.id === world.purposeId);
  if (world.enrolmentEnded) return no('request', 'enrolment_ended');
  if (purpose === undefined) return no('request', 'purpose_unknown');
  if (world.sector === 'renovation' && !purpose.basis.includes('contract')) {
    return no('request', 'sector_forbidden');
  }
  const asks = (what: string): boolean =>
    !purpose.ignores.includes(what) || purpose.obeys.includes(what);
  if (asks('holdout') && world.group === null) return no('holdout', 'group_unknown');
  if (asks('holdout') && world.group === 'holdout') return no('holdout', 'holdout');
  if (world.address === 'invalid') return no('address', 'address_invalid');
  if (world.address === 'none') return no('address', 'no_address');
  if (!world.hasSender) return no('address', 'no_sender');
  const refusal =
    suppressed(world) ??
    consented(world) ??
    (asks('holds') ? held(world) : null) ??
    (asks('caps') ? capped(world, asks('quiet_hours')) : null) ??
    (asks('quiet_hours') ? quiet(world) : null);
  return refusal ?? { kind: 'allow' };
}
