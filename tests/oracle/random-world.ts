/** Seeded cases around the edges of the rules. Imports nothing of the product. */
import { dayAt } from './local-time.js';
import type {
  Cap,
  ConsentRow,
  Day,
  Failure,
  Hold,
  Hours,
  Purpose,
  QuietRule,
  ReservationRow,
  SuppressionRow,
  World,
} from './world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2026, 0, 1);

/** A small seeded stream of numbers in [0, 1). */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  chance(share: number): boolean {
    return this.unit() < share;
  }
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }
  list<Value>(most: number, make: () => Value): Value[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const ZONES = [
  'Europe/Paris',
  'America/Guadeloupe',
  'Indian/Reunion',
  'America/New_York',
  'Pacific/Kiritimati',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Auckland',
];
const CHANNELS = ['email', 'sms', 'call'];
const BASES = ['opt_in', 'soft_opt_in', 'legitimate_interest_b2b'];
const WEEK: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WORKDAYS: readonly Day[] = WEEK.slice(0, 6);
/** Clock changes, so that enough cases lie beside one. */
const CHANGES_MS = [
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2026, 9, 25, 1),
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2026, 9, 3, 15, 30),
  Date.UTC(2026, 3, 4, 15),
  Date.UTC(2026, 1, 15, 2),
];

function instant(dice: Dice): number {
  if (dice.chance(0.15)) return dice.pick(CHANGES_MS) + dice.between(-40 * 60, 20 * 60) * 60_000;
  const atMs = START_MS + dice.below(730) * DAY_MS + dice.below(DAY_MS);
  // On a five-minute mark now and then: that is where windows begin and end.
  return dice.chance(0.3) ? Math.floor(atMs / 300_000) * 300_000 : atMs;
}

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function hours(dice: Dice): Hours {
  if (dice.chance(0.6)) {
    const strict = { days: WORKDAYS, from: '08:00', to: '20:00', holidays: 'never' } as const;
    return dice.chance(0.7) ? strict : { from: '07:00', to: '21:00' };
  }
  const times = { from: clockText(dice.below(288) * 5), to: clockText(dice.below(289) * 5) };
  const days = WEEK.filter(() => dice.chance(0.6));
  const holidays = dice.chance(0.5) ? ('never' as const) : ('allowed' as const);
  return dice.chance(0.5) ? { ...times, days, holidays } : { ...times, holidays };
}

function quietRule(dice: Dice): QuietRule {
  return {
    channel: dice.chance(0.85) ? dice.pick(CHANNELS) : 'any',
    allow: dice.chance(0.8) ? [hours(dice)] : [hours(dice), hours(dice)],
    zone: dice.chance(0.8) ? 'profile' : dice.pick(['workspace', 'America/New_York', 'Mars/Base']),
    otherwise: dice.chance(0.85) ? 'wait' : 'withhold',
  };
}

function cap(dice: Dice): Cap {
  return {
    channel: dice.pick([...CHANNELS, 'any']),
    purpose: dice.chance(0.85) ? 'marketing' : 'any',
    per: dice.chance(0.97) ? dice.pick(['1d', '2d', '7d', '1w', '30d']) : dice.pick(['12h', 'x']),
    max: dice.between(0, 9) === 0 ? 0 : dice.between(1, 4),
  };
}

function reservation(dice: Dice, today: number, atMs: number): ReservationRow {
  return {
    commandId: dice.chance(0.15) ? dice.pick(['own', 'own-decide']) : `c${dice.below(99)}`,
    channel: dice.pick(CHANNELS),
    purpose: dice.chance(0.85) ? 'marketing' : 'transactional',
    day: today - dice.pick([-4, -2, -1, -1, 0, 0, 0, 1, 1, 2, 3, 6, 6, 7, 7, 8, 29, 30]),
    state: dice.pick(['reserved', 'consumed', 'consumed', 'released']),
    expiresAtMs: atMs + dice.pick([-HOUR_MS, -1, 0, 1, HOUR_MS]),
  };
}

function consent(dice: Dice, atMs: number): ConsentRow {
  const denied = dice.chance(0.2);
  const status = denied ? 'denied' : dice.chance(0.93) ? 'granted' : 'unknown';
  return {
    channel: dice.chance(0.85) ? dice.pick(CHANNELS) : 'any',
    purpose: dice.chance(0.85) ? 'marketing' : dice.pick(['transactional', 'any']),
    status,
    basis: dice.chance(0.92) ? dice.pick(BASES) : dice.pick([null, 'contract']),
    source: dice.pick(['form', 'crm', 'sms_reply', 'preference_page']),
    proof: dice.chance(0.75) ? 'p1' : dice.pick([null, '', ' ']),
    atMs: dice.chance(0.96) ? atMs - dice.below(6) * HOUR_MS : atMs + HOUR_MS,
    bulk: dice.chance(0.15),
  };
}

function suppression(dice: Dice, atMs: number): SuppressionRow {
  const reasons = ['hard_bounce', 'complaint', 'unsubscribed', 'erased', 'manual', 'rest'];
  return {
    kind: dice.pick(['address', 'profile', 'action']),
    key: dice.pick(['offer', 'other']),
    reason: dice.pick(reasons),
    channel: dice.pick([null, ...CHANNELS]),
    purpose: dice.pick([null, 'marketing', 'transactional']),
    sinceMs: atMs - DAY_MS,
    untilMs: dice.pick([null, atMs - 1, atMs, atMs + 1, atMs + DAY_MS]),
  };
}

function failure(dice: Dice, atMs: number): Failure {
  const kind = dice.chance(0.9) ? 'soft_bounce' : dice.pick(['hard_bounce', 'complaint'] as const);
  return { kind, atMs: atMs - dice.below(70 * 24) * HOUR_MS };
}

function hold(dice: Dice, atMs: number): Hold {
  return {
    id: dice.pick(['open-complaint', 'late-parcel']),
    purpose: dice.pick(['marketing', 'marketing', 'any', 'transactional']),
    lasts: dice.pick(['7d', '1d', '1w']),
    holds: dice.chance(0.05) ? true : dice.chance(0.02) ? null : false,
    ceasedAtMs: dice.chance(0.5)
      ? null
      : atMs - dice.pick([1, 7]) * DAY_MS - dice.pick([-1, 0, 1, DAY_MS]),
  };
}

function purposes(dice: Dice): Purpose[] {
  const checks = ['holdout', 'holds', 'caps', 'quiet_hours', 'suppression', 'consent', 'address'];
  const some = (share: number): string[] => checks.filter(() => dice.chance(share));
  const marketing = { id: 'marketing', basis: BASES, ignores: [], obeys: [] };
  const ignores = ['holdout', 'caps', 'quiet_hours'];
  const usual = { id: 'transactional', basis: ['contract'], ignores, obeys: ['suppression'] };
  if (dice.chance(0.8)) return [marketing, usual];
  const basis = dice.chance(0.5) ? ['opt_in'] : BASES.filter(() => dice.chance(0.6));
  const odd = { ...marketing, basis, ignores: some(0.2), obeys: some(0.2) };
  return dice.chance(0.9) ? [odd, { ...usual, ignores: some(0.5), obeys: some(0.3) }] : [usual];
}

/** A case that is mostly in order, so that each check decides often enough. */
export function randomWorld(dice: Dice): World {
  const atMs = instant(dice);
  const workspaceZone = dice.chance(0.7) ? 'Europe/Paris' : dice.pick(ZONES);
  const today = dayAt(workspaceZone, atMs);
  const rarely = (share: number): boolean => dice.chance(share);
  const channel = dice.pick(CHANNELS);
  const proven = { channel, purpose: 'marketing', status: 'granted', basis: 'opt_in' } as const;
  const base = { ...proven, source: 'form', proof: 'p0', atMs: atMs - 3 * HOUR_MS, bulk: false };
  const said = dice.list(4, () => consent(dice, atMs));
  return {
    atMs,
    channel,
    purposeId: dice.chance(0.85) ? 'marketing' : 'transactional',
    actionId: dice.pick(['offer', null]),
    purposes: purposes(dice),
    caps: rarely(0.01) ? null : dice.list(4, () => cap(dice)),
    quietHours: dice.list(3, () => quietRule(dice)),
    holds: rarely(0.01) ? null : dice.list(2, () => hold(dice, atMs)),
    suppress: {
      hard_bounces: dice.between(1, 2),
      soft_bounces: { count: 3, per: dice.pick(['30d', '2w']) },
      complaints: dice.between(1, 2),
    },
    profileZone: dice.chance(0.85) ? dice.pick(ZONES) : dice.pick([null, 'Mars/Base', '']),
    workspaceZone,
    profileCountry: dice.pick(['FR', null, 'Atlantis']),
    workspaceCountry: rarely(0.03) ? null : 'FR',
    group: rarely(0.05)
      ? dice.pick(['holdout', null])
      : dice.pick(['policy', 'random_control', 'rules']),
    enrolmentEnded: rarely(0.01),
    address: rarely(0.02) ? dice.pick(['invalid', 'none']) : 'valid',
    hasSender: !rarely(0.01),
    failures: rarely(0.15) ? dice.list(5, () => failure(dice, atMs)) : [],
    suppressions: rarely(0.01)
      ? null
      : rarely(0.15)
        ? dice.list(2, () => suppression(dice, atMs))
        : [],
    consents: rarely(0.01) ? null : dice.chance(0.75) ? [...said, base] : said,
    hasPurchased: dice.chance(0.5),
    professional: dice.chance(0.5),
    b2bRelevant: dice.chance(0.5),
    sector: rarely(0.01) ? 'renovation' : dice.pick([null, 'retail']),
    reservations: rarely(0.01) ? null : dice.list(5, () => reservation(dice, today, atMs)),
    ownCommandIds: ['own', 'own-decide'],
    firstPutOffAtMs: dice.chance(0.8) ? null : atMs - dice.below(97) * HOUR_MS,
  };
}
