import type { EpochMs, Locale } from '#libs/kernel';
import { outcomeSentence, type OutcomeKind } from '#libs/attribution';
import { formatDay, formatMoney } from '#libs/decision';

/** An order credited to a campaign, as a rep reads it. Days are local to the workspace. */
export interface OrderTold {
  readonly campaign: string;
  readonly ref: string;
  /** Decimal text, empty where the order has no amount. */
  readonly amount: string;
  readonly currency: string;
  readonly on: string;
  readonly atMs: EpochMs;
  readonly touch: {
    readonly channel: string;
    readonly on: string;
    readonly atMs: EpochMs;
    readonly isClicked: boolean;
  } | null;
}

const CHANNELS: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  email: { fr: 'le courriel', en: 'the e-mail' },
  sms: { fr: 'le SMS', en: 'the SMS' },
  task: { fr: 'l’appel', en: 'the call' },
};
const OTHER = { fr: 'le message', en: 'the message' };
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** `Campagne « Relance panier »`, as the subject of what follows. */
export function campaignTitle(name: string, locale: Locale): string {
  return locale === 'fr' ? `Campagne « ${name} »` : `Campaign “${name}”`;
}

function delay(order: OrderTold, touch: NonNullable<OrderTold['touch']>, locale: Locale): string {
  const days = Math.round(
    (Date.parse(`${order.on}T00:00:00Z`) - Date.parse(`${touch.on}T00:00:00Z`)) / DAY_MS,
  );
  const isFrench = locale === 'fr';
  if (days > 0) {
    if (isFrench) return `${days} ${days === 1 ? 'jour' : 'jours'} après`;
    return `${days} ${days === 1 ? 'day' : 'days'} after`;
  }
  const hours = Math.floor((order.atMs - touch.atMs) / HOUR_MS);
  if (hours < 1) return isFrench ? 'moins d’une heure après' : 'less than an hour after';
  if (isFrench) return `${hours} ${hours === 1 ? 'heure' : 'heures'} après`;
  return `${hours} ${hours === 1 ? 'hour' : 'hours'} after`;
}

/**
 * « Campagne « Relance panier » : commande SO0042 de 129,90 EUR le 14/11, 2 jours après le courriel
 * du 12/11 (clic). » Deterministic.
 */
export function orderSentence(order: OrderTold, locale: Locale): string {
  const { campaign, ref, amount, currency, on, touch } = order;
  const isFrench = locale === 'fr';
  const money =
    amount === '' || currency === '' ? '' : formatMoney(Number(amount), currency, locale);
  const day = formatDay(on, locale);
  const fact = isFrench
    ? `commande ${ref}${money === '' ? '' : ` de ${money}`} le ${day}`
    : `order ${ref}${money === '' ? '' : ` of ${money}`} on ${day}`;
  const start = `${campaignTitle(campaign, locale)}${isFrench ? ' :' : ':'} ${fact}`;
  if (touch === null) return `${start}.`;
  const name = (CHANNELS[touch.channel] ?? OTHER)[locale];
  const from = formatDay(touch.on, locale);
  const click = isFrench
    ? touch.isClicked
      ? 'clic'
      : 'sans clic'
    : touch.isClicked
      ? 'click'
      : 'no click';
  const when = isFrench ? `${name} du ${from}` : `${name} of ${from}`;
  return `${start}, ${delay(order, touch, locale)} ${when} (${click}).`;
}

/** Anything else worth a rep's time: « Campagne « X » : A signalé un message indésirable le 14/11. » */
export function factSentence(
  fact: { readonly kind: OutcomeKind; readonly on: string; readonly campaign: string | null },
  locale: Locale,
): string {
  const sentence = outcomeSentence({ kind: fact.kind, on: fact.on }, locale);
  if (fact.campaign === null) return sentence;
  const start = sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
  return `${campaignTitle(fact.campaign, locale)}${locale === 'fr' ? ' :' : ':'} ${start}`;
}

/** « Campagne « X » : tâche « Appeler Mme Petit » faite le 14/11 (intéressée). » */
export function taskSentence(
  task: {
    readonly title: string;
    readonly on: string;
    readonly outcome: string | null;
    readonly campaign: string | null;
  },
  locale: Locale,
): string {
  const isFrench = locale === 'fr';
  const day = formatDay(task.on, locale);
  const outcome = task.outcome === null || task.outcome === 'done' ? '' : ` (${task.outcome})`;
  const fact = isFrench
    ? `tâche « ${task.title} » faite le ${day}${outcome}.`
    : `task “${task.title}” done on ${day}${outcome}.`;
  if (task.campaign === null) return fact.slice(0, 1).toUpperCase() + fact.slice(1);
  return `${campaignTitle(task.campaign, locale)}${isFrench ? ' :' : ':'} ${fact}`;
}
