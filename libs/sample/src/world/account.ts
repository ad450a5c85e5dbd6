import { hashUnit, seededRandom, type LocalText } from '#libs/kernel';
import { between, pick } from './chance.js';
import { COMPANY_KINDS, COMPANY_NAMES } from './names.js';

/** A rep of the sample, known by a role and not by a name. */
export interface SampleRep {
  /** Lower case; the owner of accounts. */
  readonly email: string;
  readonly name: LocalText;
}

/** The three reps who own the sample's accounts. */
export const SAMPLE_REPS: readonly SampleRep[] = [
  {
    email: 'rep1@maison-lumen.example',
    name: { fr: 'Commercial Nord', en: 'Sales, north' },
  },
  { email: 'rep2@maison-lumen.example', name: { fr: 'Commercial Sud', en: 'Sales, south' } },
  {
    email: 'rep3@maison-lumen.example',
    name: { fr: 'Grands comptes', en: 'Key accounts' },
  },
];

/** An invented company that buys by the lot. */
export interface Account {
  readonly index: number;
  readonly groupId: string;
  readonly name: string;
  /** Nine digits, valid by Luhn, below every number given to a company. */
  readonly siren: string;
  readonly owner: string;
  /** Days from one usual order to the next. */
  readonly cadenceDays: number;
  /** Day, from 0, on which its first spell begins. */
  readonly phase: number;
  /** Usual amount of an order, in euros. */
  readonly usualTotal: number;
  readonly members: number;
}

/** Whether digits pass Luhn's check. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return /^\d+$/.test(digits) && sum % 10 === 0;
}

// Numbers that begin with four zeros are not given out, so no company is meant.
function sirenOf(index: number): string {
  const body = `0000${String(1_000 + index * 37).padStart(4, '0')}`;
  for (let digit = 0; digit < 10; digit += 1) {
    if (isLuhn(`${body}${digit}`)) return `${body}${digit}`;
  }
  return `${body}0`;
}

/** Draws a company; the same seed and index give the same. */
export function drawAccount(seed: string, index: number): Account {
  const random = seededRandom(seed, 'account', String(index));
  const cadenceDays = between(random, 26, 42);
  const isKey = index % 6 === 5;
  const rep = isKey ? 2 : index % 2;
  const kind = COMPANY_KINDS[index % COMPANY_KINDS.length] ?? '';
  return {
    index,
    groupId: `acc-${String(index + 1).padStart(3, '0')}`,
    name: `${kind} ${COMPANY_NAMES[(index * 7 + Math.floor(index / 10)) % COMPANY_NAMES.length]}`,
    siren: sirenOf(index),
    owner: SAMPLE_REPS[rep]?.email ?? '',
    cadenceDays,
    phase: between(random, 0, cadenceDays - 1),
    usualTotal: pick(random, [280, 420, 640, 900, 1_400]) * (isKey ? 2.5 : 1),
    members: between(random, 2, 5),
  };
}

const LATE_SHARE = 0.6;

/** One usual order of a buyer: the day it falls on, and whether they let it slip. */
export interface OrderSpell {
  readonly slot: number;
  readonly day: number;
  /** They do not order by themselves in this spell: a message or a call may bring it. */
  readonly isLate: boolean;
}

/** Who orders, from what company. */
export interface Buyer {
  readonly seed: string;
  readonly account: Account;
  /** Index of the person: each member orders for their own part of the house. */
  readonly person: number;
}

/** The spell that a day belongs to. */
export function orderSpell({ seed, account, person }: Buyer, day: number): OrderSpell {
  const { cadenceDays } = account;
  const phase = account.phase + person * 11;
  const slot = Math.floor((day - phase) / cadenceDays);
  const drawn = hashUnit(seed, 'spell', String(person), String(slot));
  const late = hashUnit(seed, 'late', String(person), String(slot));
  const slack = Math.floor(cadenceDays * 0.3);
  const start = phase + slot * cadenceDays;
  return { slot, day: start + Math.floor(drawn * slack), isLate: late < LATE_SHARE };
}

/** Order number of a buyer's spell: there is one order a spell, whatever brought it. */
export function lotId({ account, person }: Buyer, slot: number): string {
  return `B-${account.index + 1}-${person}-${slot}`;
}
