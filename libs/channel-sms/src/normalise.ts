import { createRequire } from 'node:module';
import { domainToASCII } from 'node:url';
import { fail, ok, type Result } from '#libs/kernel';
import type { CountryCode } from 'libphonenumber-js/max';

type Plans = typeof import('libphonenumber-js/max');
const require = createRequire(import.meta.url);
let plans: Plans | undefined;

/** Loaded with the first number: the plans of all countries take 20 MB. */
function library(): Plans {
  return (plans ??= require('libphonenumber-js/max') as Plans);
}

const PHONE_MAX_CHARACTERS = 60;
const EMAIL_MAX_CHARACTERS = 254;
const LOCAL_PART = /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}$/u;
const DOMAIN =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * The E.164 form of a number as people write it: `06 12 34 56 78` in `FR` gives `+33612345678`.
 * The region (ISO 3166, two letters) counts for numbers without a country code. Refuses what no
 * plan of numbers knows. Deterministic for one version of the plans.
 */
export function normalisePhone(text: string, region: string): Result<string, 'not_a_phone'> {
  const number = parse(text, region);
  return number === undefined ? fail('not_a_phone') : ok(number.number);
}

/** What kind of line a number is, as far as the plan of its country tells. */
export function phoneKind(text: string, region: string): 'mobile' | 'fixed' | 'other' | 'unknown' {
  const number = parse(text, region);
  if (number === undefined) return 'unknown';
  if (isFictional(number.number)) return 'mobile';
  const type = number.getType();
  if (type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE') return 'mobile';
  return type === 'FIXED_LINE' ? 'fixed' : 'other';
}

/**
 * The form by which an e-mail address is compared: trimmed, lower-case, its domain in ASCII. Dots
 * and tags in the local part stay: only the receiver knows what they mean.
 */
export function normaliseEmail(text: string): Result<string, 'not_an_email'> {
  const trimmed = text
    .trim()
    .replace(/^mailto:/i, '')
    .normalize('NFC');
  if (trimmed.length > EMAIL_MAX_CHARACTERS) return fail('not_an_email');
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0)).toLowerCase();
  const domain = domainToASCII(trimmed.slice(at + 1)).toLowerCase();
  const isSound = LOCAL_PART.test(local) && !/^\.|\.\.|\.$/.test(local) && DOMAIN.test(domain);
  return isSound ? ok(`${local}@${domain}`) : fail('not_an_email');
}

/** Numbers that the French plan keeps for fiction: the sample's people have these. */
function isFictional(e164: string): boolean {
  return /^\+3363998\d{4}$/.test(e164);
}

function parse(text: string, region: string) {
  if (text.length > PHONE_MAX_CHARACTERS) return undefined;
  // The library throws for a region it does not know; such numbers then need their country code.
  const known = /^[A-Z]{2}$/.test(region) ? (region as CountryCode) : undefined;
  const number = library().parsePhoneNumberFromString(
    text,
    known === undefined ? {} : { defaultCountry: known, extract: false },
  );
  const isKnown = number?.isValid() === true || isFictional(number?.number ?? '');
  return number !== undefined && isKnown && number.ext === undefined ? number : undefined;
}
