import { hashUnit, present, type EpochMs } from '#libs/kernel';
import { drawAccount, type Account } from './account.js';
import { parisDay } from './paris.js';
import { Absences, drawPerson, type Person } from './person.js';

/** What a sample is made from. The same values give the same world, byte for byte. */
export interface WorldOptions {
  readonly seed: string;
  /** End of the history and begin of the life after it. */
  readonly endMs: EpochMs;
  /** People at `endMs`; later more come by themselves. Default 2,000. */
  readonly people?: number;
  /** Default 60. */
  readonly accounts?: number;
}

/** Days of the ERP's order book before the day of `endMs`. */
export const BOOK_DAYS = 360;
const RECENT_DAYS = 90;
const RECENT_SHARE = 0.2;
/** New people a day once the engine runs. */
export const NEWCOMERS_A_DAY = 8;
const MOST_PEOPLE = 20_000;

/** The people and companies of the sample, drawn when first asked for. */
export class World {
  readonly seed: string;
  readonly endMs: EpochMs;
  /** Day of `endMs` in Paris. */
  readonly endDay: number;
  readonly founders: number;
  readonly accounts: readonly Account[];
  readonly absences: Absences;
  private readonly people: Person[] = [];
  private readonly accountOf: (number | undefined)[] = [];

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.endMs = options.endMs;
    this.endDay = parisDay(options.endMs);
    this.founders = options.people ?? 2_000;
    this.absences = new Absences(options.seed);
    const count = options.accounts ?? 60;
    this.accounts = Array.from({ length: count }, (_, index) => drawAccount(this.seed, index));
    for (const account of this.accounts) {
      const room = Math.max(0, this.founders - this.accountOf.length);
      for (let member = 0; member < Math.min(account.members, room); member += 1) {
        this.accountOf.push(account.index);
      }
    }
  }

  /** How many people there are on a day: newcomers are added for ever, up to 20,000 people. */
  peopleOn(day: number): number {
    const added = Math.max(0, day - this.endDay) * NEWCOMERS_A_DAY;
    return Math.min(Math.max(MOST_PEOPLE, this.founders), this.founders + added);
  }

  person(index: number): Person {
    const known = this.people[index];
    if (known !== undefined) return known;
    const isNewcomer = index >= this.founders;
    const account = this.accountOf[index];
    const joinDay = isNewcomer
      ? this.endDay + 1 + Math.floor((index - this.founders) / NEWCOMERS_A_DAY)
      : this.founderJoinDay(index, account !== undefined);
    const person = drawPerson({ seed: this.seed, index, joinDay, account, isNewcomer });
    this.people[index] = person;
    return person;
  }

  /** Members of an account; the first is the one who orders. */
  members(account: Account): readonly Person[] {
    const first = this.accountOf.indexOf(account.index);
    const last = this.accountOf.lastIndexOf(account.index);
    if (first < 0) return [];
    return Array.from({ length: last - first + 1 }, (_, offset) => this.person(first + offset));
  }

  /** Who goes by an e-mail address, a mobile, a login or a customer number; strangers undefined. */
  personAt(id: string): Person | undefined {
    const asked = id.replace(/\s/g, '').toLowerCase();
    const digits = /(?:\.(\d+)@[a-z0-9-]+\.example|^(?:\+3363998|u-|c)(\d{4,5}))$/.exec(asked);
    const index = Number(digits?.[1] ?? digits?.[2] ?? Number.NaN);
    if (!Number.isInteger(index) || index >= MOST_PEOPLE) return undefined;
    const person = this.person(index);
    const { email, mobile, userId, customerId } = person;
    const isTheirs = [email, mobile, userId, customerId.toLowerCase()].includes(asked);
    return isTheirs ? person : undefined;
  }

  private founderJoinDay(index: number, isBusiness: boolean): number {
    const drawn = hashUnit(this.seed, 'join', String(index));
    if (isBusiness) return this.endDay - BOOK_DAYS + 2 + Math.floor(drawn * 20);
    if (drawn < RECENT_SHARE) {
      return this.endDay - RECENT_DAYS + Math.floor((drawn / RECENT_SHARE) * RECENT_DAYS);
    }
    const early = (drawn - RECENT_SHARE) / (1 - RECENT_SHARE);
    // Most were there when the order book begins.
    const spread = BOOK_DAYS - RECENT_DAYS;
    return this.endDay - BOOK_DAYS + Math.floor(early ** 2.5 * spread);
  }
}

/** The account of a person, where there is one. */
export function accountOf(world: World, person: Person): Account | undefined {
  if (person.account === undefined) return undefined;
  return present(world.accounts[person.account], 'account of a person');
}
