import type { Locale } from '#libs/kernel';
import { formatDay, formatMoney, type Bilingual } from '#libs/decision';
import type { AttributedBy } from './attribute.js';

/** Kinds of outcome; a closed list. */
export const OUTCOME_KINDS = [
  'clicked',
  'visited',
  'converted',
  'rated',
  'replied',
  'unsubscribed',
  'complained',
  'task_done',
  'no_response',
] as const;

/** A kind of outcome. */
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** The delivery an outcome is credited to, for people. Days are local to the reader. */
export interface TouchText {
  readonly channel: string;
  /** Name of the message or action, in the reader's language. */
  readonly name: string;
  /** Day of the touch, `2026-11-12`. */
  readonly on: string;
  /** From touch to outcome; says the hours when both fall on one day. */
  readonly delayMs?: number;
  readonly attributedBy?: AttributedBy;
}

/** What happened, for people. */
export interface OutcomeText {
  readonly kind: OutcomeKind;
  /** Day of the outcome, `2026-11-14`, local to the reader. */
  readonly on: string;
  /** Of an order, with its ISO 4217 currency. */
  readonly amount?: number;
  readonly currency?: string;
  /** Who, where an account has several people. */
  readonly who?: string;
  readonly touch?: TouchText;
}

/** Verbs as they follow a name; without one they start the sentence. */
const VERBS: Readonly<Record<OutcomeKind, Bilingual>> = {
  clicked: { fr: 'a cliqué', en: 'clicked' },
  visited: { fr: 'a visité le site', en: 'visited the site' },
  converted: { fr: 'a commandé', en: 'ordered' },
  rated: { fr: 'a donné une note', en: 'gave a rating' },
  replied: { fr: 'a répondu', en: 'replied' },
  unsubscribed: { fr: "s'est désinscrit(e)", en: 'unsubscribed' },
  complained: { fr: 'a signalé un message indésirable', en: 'reported a message as spam' },
  task_done: { fr: 'a été contacté(e)', en: 'was contacted' },
  no_response: { fr: "n'a pas répondu", en: 'did not respond' },
};

const CHANNELS: Readonly<Record<string, Bilingual>> = {
  email: { fr: 'le courriel', en: 'the e-mail' },
  sms: { fr: 'le SMS', en: 'the SMS' },
  task: { fr: "l'appel", en: 'the call' },
};
const OTHER_CHANNEL: Bilingual = { fr: 'le message', en: 'the message' };

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Days since an arbitrary day, in the Gregorian calendar; no clock or zone is needed for that. */
function dayNumber(isoDay: string): number {
  const [year = 0, month = 1, day = 1] = isoDay.split('-').map(Number);
  // Counting years from March puts the leap day last.
  const shifted = month <= 2 ? year - 1 : year;
  const place = month <= 2 ? month + 9 : month - 3;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return 365 * shifted + leaps + Math.floor((153 * place + 2) / 5) + day;
}

function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

function delayText(outcome: OutcomeText, touch: TouchText, locale: Locale): string {
  const days = dayNumber(outcome.on) - dayNumber(touch.on);
  if (days > 0) {
    return locale === 'fr'
      ? `${count(days, 'jour', 'jours')} après`
      : `${count(days, 'day', 'days')} after`;
  }
  if (touch.delayMs === undefined)
    return locale === 'fr' ? 'le jour même, après' : 'the same day, after';
  const hours = Math.floor(touch.delayMs / 3_600_000);
  if (hours < 1) return locale === 'fr' ? "moins d'une heure après" : 'less than an hour after';
  return locale === 'fr'
    ? `${count(hours, 'heure', 'heures')} après`
    : `${count(hours, 'hour', 'hours')} after`;
}

function touchName(touch: TouchText, locale: Locale): string {
  const channel = (CHANNELS[touch.channel] ?? OTHER_CHANNEL)[locale];
  return locale === 'fr' ? `${channel} « ${touch.name} »` : `${channel} “${touch.name}”`;
}

function withPreposition(name: string): string {
  return name.startsWith('le ') ? `au ${name.slice(3)}` : `à ${name}`;
}

function silence(outcome: OutcomeText, subject: string, locale: Locale): string {
  const { touch } = outcome;
  if (touch === undefined) return `${subject}.`;
  const name = touchName(touch, locale);
  const day = formatDay(touch.on, locale);
  return locale === 'fr'
    ? `${subject} ${withPreposition(name)} du ${day}.`
    : `${subject} to ${name} of ${day}.`;
}

/**
 * One sentence for a sales rep: "A commandé 129,90 EUR le 14/11, 2 jours après le courriel
 * « Panier »." A credit without a click says so.
 */
export function outcomeSentence(outcome: OutcomeText, locale: Locale): string {
  const verb = VERBS[outcome.kind][locale];
  const subject = outcome.who === undefined ? capital(verb) : `${outcome.who} ${verb}`;
  if (outcome.kind === 'no_response') return silence(outcome, subject, locale);
  const { amount, currency, touch } = outcome;
  const money =
    amount === undefined || currency === undefined
      ? ''
      : ` ${formatMoney(amount, currency, locale)}`;
  const day = `${locale === 'fr' ? 'le' : 'on'} ${formatDay(outcome.on, locale)}`;
  const fact = `${subject}${money} ${day}`;
  if (touch === undefined) return `${fact}.`;
  const unclicked = locale === 'fr' ? ' (sans clic)' : ' (no click)';
  const label = touch.attributedBy === 'view_through' ? unclicked : '';
  return `${fact}, ${delayText(outcome, touch, locale)} ${touchName(touch, locale)}${label}.`;
}
