import { hashUnit, seededRandom, type Random } from '#libs/kernel';
import { between, pick, weighted } from './chance.js';
import { FIRST_NAMES, LAST_NAMES, slug, TOWNS } from './names.js';
import { HOUR_MS, isoDate } from './paris.js';
import { CLUSTERS, CLUSTER_SHARES, type Cluster } from './preferences.js';

/** What a person has said about one channel. */
export type ConsentWord = 'granted' | 'denied' | null;

/** One invented person: everything about them that does not depend on what the engine does. */
export interface Person {
  readonly index: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** E.164, of the range kept for fiction; undefined where none was ever given. */
  readonly mobile: string | undefined;
  readonly birthday: string | undefined;
  readonly country: string;
  readonly timezone: string;
  readonly town: string;
  readonly postcode: string;
  readonly locale: string;
  /** What to add to a time of Paris so that it falls on the same local hour. */
  readonly shiftMs: number;
  readonly userId: string;
  readonly customerId: string;
  /** In the ERP's customer file. */
  readonly isCustomer: boolean;
  /** Day of the first sign of life, in Paris. */
  readonly joinDay: number;
  /** Day on which the ERP first tells of them, where it does. */
  readonly fileDay: number;
  /** Sessions a day while active. */
  readonly rhythm: number;
  readonly emailConsent: ConsentWord;
  readonly smsConsent: ConsentWord;
  readonly cluster: Cluster;
  /** Index of the account, or undefined for a private person. */
  readonly account: number | undefined;
}

/** What a person is drawn from. */
export interface PersonDraw {
  readonly seed: string;
  readonly index: number;
  readonly joinDay: number;
  readonly account: number | undefined;
  /** Came of their own accord while the engine ran. */
  readonly isNewcomer: boolean;
}

// Places outside the mainland keep `FR`, as the law of contact does; their hour differs.
const PLACES: readonly (readonly [country: string, zone: string, hours: number, weight: number])[] =
  [
    ['FR', 'Europe/Paris', 0, 880],
    ['FR', 'Indian/Reunion', 3, 12],
    ['FR', 'America/Guadeloupe', -5, 8],
    ['FR', 'America/Martinique', -5, 8],
    ['FR', 'America/Cayenne', -4, 4],
    ['BE', 'Europe/Brussels', 0, 50],
    ['CH', 'Europe/Zurich', 0, 24],
    ['LU', 'Europe/Luxembourg', 0, 14],
  ];
const OVERSEAS_TOWNS: Readonly<Record<string, readonly [string, string]>> = {
  'Indian/Reunion': ['Saint-Denis', '97400'],
  'America/Guadeloupe': ['Pointe-à-Pitre', '97110'],
  'America/Martinique': ['Fort-de-France', '97200'],
  'America/Cayenne': ['Cayenne', '97300'],
  'Europe/Brussels': ['Bruxelles', '1000'],
  'Europe/Zurich': ['Lausanne', '1003'],
  'Europe/Luxembourg': ['Luxembourg', '1111'],
};
const RHYTHMS = [0.17, 0.085, 0.035];
const RHYTHM_WEIGHTS = [0.3, 0.5, 0.2];
const MOBILES = 10_000;
const YEAR_DAYS = 365;

function wordOf(random: Random, granted: number, denied: number): ConsentWord {
  const drawn = random();
  if (drawn < granted) return 'granted';
  return drawn < granted + denied ? 'denied' : null;
}

function birthdayOf(random: Random, joinDay: number): string | undefined {
  const age = between(random, 19 * YEAR_DAYS, 78 * YEAR_DAYS);
  return random() < 0.72 ? isoDate(joinDay - age) : undefined;
}

function clusterOf(random: Random): Cluster {
  const shares = CLUSTERS.map((one) => CLUSTER_SHARES[one]);
  return CLUSTERS[weighted(random, shares)] ?? 'simple';
}

function homeOf(random: Random, isAbroadPossible: boolean) {
  const weights = PLACES.map((one) => one[3]);
  const place = PLACES[isAbroadPossible ? weighted(random, weights) : 0];
  const [country = 'FR', timezone = 'Europe/Paris', hours = 0] = place ?? [];
  const [town, postcode] = OVERSEAS_TOWNS[timezone] ?? pick(random, TOWNS);
  const locale = random() < (country === 'FR' ? 0.05 : 0.2) ? 'en' : 'fr';
  return { country, timezone, town, postcode, locale, shiftMs: -hours * HOUR_MS };
}

/** Draws a person; the same draw gives the same person. */
export function drawPerson({ seed, index, joinDay, account, isNewcomer }: PersonDraw): Person {
  const random = seededRandom(seed, 'person', String(index));
  const firstName = pick(random, FIRST_NAMES);
  const lastName = pick(random, LAST_NAMES);
  const isBusiness = account !== undefined;
  const isKeen = isNewcomer || isBusiness;
  const emailConsent = isKeen ? wordOf(random, 0.88, 0.04) : wordOf(random, 0.69, 0.09);
  const smsConsent = wordOf(random, 0.4, 0.12);
  const hasMobile = smsConsent !== null || random() < 0.5;
  const host = isBusiness ? `entreprise-${account + 1}.example` : 'courriel.example';
  const number = String(index).padStart(5, '0');
  return {
    ...homeOf(random, !isBusiness),
    index,
    firstName,
    lastName,
    email: `${slug(firstName)}.${slug(lastName)}.${index}@${host}`,
    mobile: hasMobile && index < MOBILES ? `+3363998${number.slice(-4)}` : undefined,
    birthday: birthdayOf(random, joinDay),
    userId: `u-${number}`,
    customerId: `C${number}`,
    isCustomer: isBusiness || (!isNewcomer && random() < 0.8),
    joinDay,
    fileDay: joinDay + between(random, 1, 20),
    rhythm: RHYTHMS[weighted(random, RHYTHM_WEIGHTS)] ?? 0.085,
    emailConsent,
    smsConsent,
    cluster: clusterOf(random),
    account,
  };
}

const SLOT_DAYS = 420;
const AWAY_DAYS = 240;
const AWAY_SHARE = 0.42;

/**
 * Tells when people lose interest: in some spells of 420 days a person stays away for 240. So at
 * any time some cross each line that a marketer may draw for the dormant, for ever.
 */
export class Absences {
  private readonly known = new Map<number, { slot: number; from: number }>();

  constructor(private readonly seed: string) {}

  isAway(person: Person, day: number): boolean {
    if (person.account !== undefined) return false;
    const shifted = day + ((person.index * 173) % SLOT_DAYS);
    const slot = Math.floor(shifted / SLOT_DAYS);
    let spell = this.known.get(person.index);
    if (spell?.slot !== slot) {
      const drawn = hashUnit(this.seed, 'away', String(person.index), String(slot));
      const start = Math.floor((drawn / AWAY_SHARE) * (SLOT_DAYS - AWAY_DAYS));
      spell = { slot, from: drawn < AWAY_SHARE ? start : Infinity };
      this.known.set(person.index, spell);
    }
    const since = shifted - slot * SLOT_DAYS - spell.from;
    return since >= 0 && since < AWAY_DAYS;
  }
}
