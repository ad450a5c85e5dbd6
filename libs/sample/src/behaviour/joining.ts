import { hashUnit, type EpochMs } from '#libs/kernel';
import { accountOf } from '../world/world.js';
import { HOUR_MS, isoDate, MINUTE_MS } from '../world/paris.js';
import type { Person } from '../world/person.js';
import { momentOf, type PersonDay } from './day.js';
import { deviceOf, hasLogin } from './ids.js';

const CHANNEL_WORDS = {
  email: { fr: 'par e-mail', en: 'by e-mail' },
  sms: { fr: 'par SMS', en: 'by text message' },
} as const;

/** What was on the form and what the person did there: without it no grant counts. */
function proofOf(person: Person, channel: 'email' | 'sms', day: number): string {
  const isEnglish = person.locale === 'en';
  const how = CHANNEL_WORDS[channel][isEnglish ? 'en' : 'fr'];
  return isEnglish
    ? `Box ticked on ${isoDate(day)}, newsletter form, wording v3: "I agree to receive offers from Maison Lumen ${how}"`
    : `Case cochée le ${isoDate(day)}, formulaire newsletter, texte v3 : « J’accepte de recevoir les offres de Maison Lumen ${how} »`;
}

function tellConsents(told: PersonDay, ids: Record<string, string>, atMs: EpochMs): void {
  const { person, scribe, day } = told;
  const words = { email: person.emailConsent, sms: person.smsConsent } as const;
  for (const channel of ['email', 'sms'] as const) {
    const status = words[channel];
    if (status === null) continue;
    scribe.write({
      atMs,
      source: 'form',
      name: 'consent_changed',
      ids,
      properties: {
        channel,
        purpose: 'marketing',
        status,
        ...(status === 'granted' ? { basis: 'opt_in', proof: proofOf(person, channel, day) } : {}),
      },
    });
  }
}

/** The first sign of life: a visit, the form, what was agreed to. */
export function tellJoining(told: PersonDay): void {
  const { world, person, scribe, day } = told;
  const atMs = momentOf(told);
  const device = deviceOf(world, person, day);
  const { firstName, lastName, email, country, locale, timezone, birthday, mobile } = person;
  const context = { locale, timezone };
  scribe.write({
    atMs,
    source: 'web',
    name: 'page_viewed',
    ids: { anonymous_id: device },
    properties: { path: '/newsletter', title: 'Newsletter' },
    context,
  });
  const ids = {
    anonymous_id: device,
    ...(hasLogin(person) ? { user_id: person.userId } : {}),
    email,
  };
  const isAsked = hashUnit(world.seed, 'asked', String(person.index)) < 0.6;
  scribe.write({
    atMs: atMs + 2 * MINUTE_MS,
    source: 'form',
    type: 'identify',
    name: 'identify',
    ids,
    verified: ['email'],
    traits: {
      firstName,
      lastName,
      email,
      country,
      locale,
      ...(birthday !== undefined && isAsked ? { birthday } : {}),
      ...(mobile === undefined ? {} : { mobile }),
    },
    context,
  });
  tellConsents(told, ids, atMs + 2 * MINUTE_MS + 500);
  scribe.write({
    atMs: atMs + 2 * MINUTE_MS + 2_000,
    source: 'form',
    name: 'signed_up',
    ids,
    properties: { form: day % 3 === 0 ? 'popup' : 'footer' },
    context,
  });
  scribe.write({
    atMs: atMs + 3 * MINUTE_MS,
    source: 'web',
    type: 'identify',
    name: 'identify',
    ids,
    verified: ['email'],
    traits: { timezone, locale, country },
    context,
  });
}

/** The entry in the ERP's customer file; its address makes it one with the visitor. */
export function tellCustomerFile(told: PersonDay): void {
  const { world, person, scribe, random } = told;
  const { firstName, lastName, country, mobile, town, postcode, customerId } = person;
  const atMs = momentOf(told);
  const isKnown = person.account !== undefined || random() < 0.94;
  const email = random() < 0.2 ? person.email.toUpperCase() : person.email;
  const ids = { customer_id: customerId, ...(isKnown ? { email } : {}) };
  const street = `${1 + Math.floor(random() * 120)} rue des Lilas`;
  scribe.write({
    atMs,
    source: 'erp',
    type: 'identify',
    name: 'identify',
    ids,
    traits: {
      firstName,
      lastName,
      country,
      address: { street, postcode, city: town },
      ...(person.account === undefined ? {} : { professional: true }),
      ...(mobile === undefined ? {} : { mobile }),
    },
  });
  const account = accountOf(world, person);
  if (account === undefined) return;
  const { groupId, siren, name, owner } = account;
  const isFirst = world.members(account)[0] === person;
  scribe.write({
    atMs: atMs + HOUR_MS / 6,
    source: 'crm',
    type: 'group',
    name: 'group',
    ids,
    account: {
      ids: { group_id: groupId, siren },
      traits: { name, country: 'FR', owner },
      role: isFirst ? 'manager' : 'buyer',
    },
  });
}
