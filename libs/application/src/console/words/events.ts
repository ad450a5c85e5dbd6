import type { Locale } from '#libs/kernel';
import { moneyText, quoted, say, type Bilingual } from './text.js';

/** What a standard event says of a person; `{x}` is a property. */
const SAYINGS: Readonly<Record<string, Bilingual>> = {
  order_completed: { fr: 'a commandé', en: 'ordered' },
  order_cancelled: { fr: 'a annulé une commande', en: 'cancelled an order' },
  cart_updated: { fr: 'a changé son panier', en: 'changed the cart' },
  cart_viewed: { fr: 'a regardé son panier', en: 'looked at the cart' },
  product_viewed: { fr: 'a regardé un produit', en: 'looked at a product' },
  product_added: { fr: 'a ajouté un produit au panier', en: 'added a product to the cart' },
  product_removed: { fr: 'a retiré un produit du panier', en: 'took a product out of the cart' },
  checkout_started: { fr: 'a commencé à payer', en: 'started to pay' },
  complaint_opened: { fr: 'a ouvert une réclamation', en: 'opened a complaint' },
  complaint_closed: { fr: 'réclamation close', en: 'complaint closed' },
  consent_changed: { fr: 'a changé son consentement', en: 'changed consent' },
  signed_up: { fr: 's’est inscrit(e)', en: 'signed up' },
  account_created: { fr: 'a créé son compte', en: 'created an account' },
  page: { fr: 'a vu une page', en: 'viewed a page' },
  screen: { fr: 'a vu un écran', en: 'viewed a screen' },
  identify: { fr: 'informations reçues', en: 'details received' },
  group: { fr: 'rattachement à un compte', en: 'attached to an account' },
  alias: { fr: 'identités rapprochées', en: 'identities joined' },
  relance_segment_entered: { fr: 'entre dans le segment', en: 'enters the segment' },
  relance_segment_left: { fr: 'quitte le segment', en: 'leaves the segment' },
};

/** Engine events that another line of a timeline tells better. */
export const TOLD_ELSEWHERE: readonly string[] = [
  'relance_message_accepted',
  'relance_message_delivered',
  'relance_message_bounced',
  'relance_message_clicked',
  'relance_message_unsubscribed',
  'relance_message_complained',
  'relance_message_replied',
  'relance_task_closed',
];

/** An event as the store keeps it. */
export interface ToldEvent {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Names of an event for people: its standard saying, the workspace's name, or as it is. */
export function eventName(name: string, locale: Locale, own?: string): string {
  return own ?? SAYINGS[name]?.[locale] ?? quoted(name.replaceAll('_', ' '), locale);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function firstText(event: ToldEvent, names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(event.properties[name]);
    if (text !== '') return text.slice(0, 120);
  }
  return '';
}

/** Amount of an event that is about money; null where it names none. */
export function eventAmount(
  event: ToldEvent,
  currency: string,
): { amount: string; currency: string } | null {
  const total =
    event.properties['total'] ?? event.properties['value'] ?? event.properties['revenue'];
  const number = typeof total === 'string' || typeof total === 'number' ? Number(total) : NaN;
  if (!Number.isFinite(number) || Math.abs(number) > 1e13) return null;
  const given = event.properties['currency'];
  const isCode = typeof given === 'string' && /^[A-Z]{3}$/.test(given);
  return { amount: number.toFixed(2), currency: isCode ? given : currency };
}

/** One sentence on an event: `A commandé 129,90 EUR.` */
export function eventSentence(
  event: ToldEvent,
  locale: Locale,
  names: {
    readonly currency: string;
    readonly own?: string;
    readonly segment?: (id: string) => string;
  },
): string {
  const { name } = event;
  const saying = eventName(name, locale, names.own);
  const start = saying.charAt(0).toUpperCase() + saying.slice(1);
  if (name.startsWith('relance_segment_')) {
    const id = textOf(event.properties['segment']);
    return `${start} ${quoted(names.segment?.(id) ?? id, locale)}.`;
  }
  if (name === 'consent_changed') {
    const consent = consentText(event, locale);
    return consent === '' ? `${start}.` : `${start} (${consent}).`;
  }
  const money = eventAmount(event, names.currency);
  const what = firstText(event, ['product_name', 'title', 'subject', 'path', 'name', 'product_id']);
  const amount = money === null ? '' : ` ${moneyText(money.amount, money.currency, locale)}`;
  return `${start}${amount}${what === '' ? '' : ` (${what})`}.`;
}

const STATUSES: Readonly<Record<string, Bilingual>> = {
  granted: { fr: 'accordé', en: 'granted' },
  denied: { fr: 'refusé', en: 'refused' },
  unknown: { fr: 'inconnu', en: 'unknown' },
};

function consentText(event: ToldEvent, locale: Locale): string {
  const channel = channelName(textOf(event.properties['channel']), locale);
  const purpose = purposeName(textOf(event.properties['purpose']), locale);
  const about = [channel, purpose].filter((part) => part !== '').join(', ');
  const status = consentStatusName(textOf(event.properties['status']), locale);
  const colon = locale === 'fr' ? ' : ' : ': ';
  return [about, status].filter((part) => part !== '').join(colon);
}

const BASES: Readonly<Record<string, Bilingual>> = {
  opt_in: { fr: 'accord donné', en: 'agreed' },
  soft_opt_in: { fr: 'client existant', en: 'existing customer' },
  legitimate_interest_b2b: {
    fr: 'intérêt légitime, professionnel',
    en: 'legitimate interest, business',
  },
  contract: { fr: 'contrat', en: 'contract' },
};

/** Legal ground of a consent in words. */
export function basisName(basis: string, locale: Locale): string {
  return BASES[basis]?.[locale] ?? basis.replaceAll('_', ' ');
}

const PURPOSES: Readonly<Record<string, Bilingual>> = {
  marketing: { fr: 'marketing', en: 'marketing' },
  transactional: { fr: 'service', en: 'service' },
};

/** Purpose of a message in words. */
export function purposeName(purpose: string, locale: Locale): string {
  return PURPOSES[purpose]?.[locale] ?? purpose.replaceAll('_', ' ');
}

const TASK_STATES: Readonly<Record<string, Bilingual>> = {
  open: { fr: 'à faire', en: 'to do' },
  done: { fr: 'faite', en: 'done' },
  reached: { fr: 'personne jointe, à suivre', en: 'reached, to follow up' },
  interested: { fr: 'personne intéressée', en: 'interested' },
  ordered: { fr: 'commande passée', en: 'ordered' },
  no_answer: { fr: 'pas de réponse', en: 'no answer' },
  not_interested: { fr: 'pas d’intérêt', en: 'not interested' },
  declined: { fr: 'jugée non pertinente', en: 'judged not relevant' },
  expired: { fr: 'échéance passée', en: 'expired' },
  withheld: { fr: 'retenue', en: 'withheld' },
};

/** How a task stands or ended, in words. */
export function taskStateName(
  { state, outcome }: { readonly state: string; readonly outcome: string | null },
  locale: Locale,
): string {
  const told = state === 'open' ? state : (outcome ?? state);
  return TASK_STATES[told]?.[locale] ?? told.replaceAll('_', ' ');
}

const CHANNELS: Readonly<Record<string, Bilingual>> = {
  email: { fr: 'courriel', en: 'e-mail' },
  sms: { fr: 'SMS', en: 'SMS' },
  task: { fr: 'tâche', en: 'task' },
  any: { fr: 'tous canaux', en: 'all channels' },
};

/** A channel in words. */
export function channelName(channel: string, locale: Locale): string {
  return CHANNELS[channel]?.[locale] ?? channel;
}

/** Status of a consent in words. */
export function consentStatusName(status: string, locale: Locale): string {
  return STATUSES[status]?.[locale] ?? status;
}

/** Ways an enrolment ends that the engine names itself. */
const ENDINGS: Readonly<Record<string, Bilingual>> = {
  done: { fr: 'au bout du scénario', en: 'at the end of the scenario' },
  merged: { fr: 'deux fiches de la même personne réunies', en: 'two records of one person joined' },
  state_too_large: { fr: 'trop de données à retenir', en: 'too much data to keep' },
  max_age: { fr: 'durée maximale atteinte', en: 'greatest age reached' },
  step_budget_exceeded: { fr: 'trop d’étapes sans attente', en: 'too many steps without a wait' },
  erased: { fr: 'données effacées', en: 'data erased' },
  stopped: { fr: 'arrêté par une personne', en: 'stopped by a person' },
  withheld: { fr: 'message retenu', en: 'message withheld' },
};

/** How an enrolment ended, in words. */
export function endingName(endedAs: string, locale: Locale): string {
  return ENDINGS[endedAs]?.[locale] ?? quoted(endedAs.replaceAll('_', ' '), locale);
}

/** Which group somebody was put in, in words. */
export function groupName(group: string, locale: Locale): string {
  switch (group) {
    case 'holdout':
      return say(locale, 'témoin, non sollicité', 'holdout, not contacted');
    case 'random_control':
      return say(locale, 'témoin, choix au hasard', 'control, random choice');
    case 'rules':
      return say(locale, 'règles habituelles', 'business as usual');
    default:
      return say(locale, 'traité', 'treated');
  }
}
