import type { LocalText } from '#libs/kernel';

/**
 * What a value should have been, in words. A schema names one of these as its error, so that the
 * sentence exists once and in both languages.
 */
export const EXPECTATIONS = {
  id: {
    fr: 'un nom en minuscules, chiffres, - ou _, de 64 signes au plus',
    en: 'a name of lower-case letters, digits, - or _, 64 signs at most',
  },
  stepId: {
    fr: 'un nom en minuscules, chiffres ou _, qui commence par une lettre',
    en: 'a name of lower-case letters, digits or _, beginning with a letter',
  },
  traitName: {
    fr: 'un nom de lettres, chiffres ou _, qui commence par une lettre',
    en: 'a name of letters, digits or _, beginning with a letter',
  },
  eventName: {
    fr: 'un nom d’événement en minuscules, chiffres ou _ (order_completed)',
    en: 'an event name of lower-case letters, digits or _ (order_completed)',
  },
  duration: {
    fr: 'une durée comme 90s, 15m, 1h, 3d ou 2w',
    en: 'a duration like 90s, 15m, 1h, 3d or 2w',
  },
  days: { fr: 'un nombre de jours comme 30d', en: 'a number of days like 30d' },
  longDuration: {
    fr: 'une durée comme 90d, 13mo ou 3y',
    en: 'a duration like 90d, 13mo or 3y',
  },
  timeout: { fr: 'un délai comme 150ms ou 2s', en: 'a time-out like 150ms or 2s' },
  share: { fr: 'une part de 0% à 100%, comme 5%', en: 'a share from 0% to 100%, like 5%' },
  time: { fr: 'une heure entre guillemets, comme "18:30"', en: 'a time in quotes, like "18:30"' },
  endTime: {
    fr: 'une heure entre guillemets, jusqu’à "24:00"',
    en: 'a time in quotes, up to "24:00"',
  },
  timezone: { fr: 'un fuseau comme Europe/Paris', en: 'a zone like Europe/Paris' },
  locale: { fr: 'un code de langue comme fr ou en', en: 'a locale code like fr or en' },
  currency: { fr: 'un code de devise comme EUR', en: 'a currency code like EUR' },
  country: { fr: 'un code de pays comme FR', en: 'a country code like FR' },
  cel: { fr: 'une expression', en: 'an expression' },
  text: { fr: 'un texte', en: 'a text' },
  localText: {
    fr: 'un texte, ou un texte par langue : { fr: …, en: … }',
    en: 'a text, or a text for each locale: { fr: …, en: … }',
  },
  sender: {
    fr: 'un expéditeur : "Nom <adresse@domaine>"',
    en: 'a sender: "Name <address@domain>"',
  },
  endpoint: {
    fr: 'une adresse https:// (http:// pour cette machine seule), sans mot de passe',
    en: 'an https:// address (http:// for this machine only), without a password',
  },
  relativeDate: {
    fr: 'une date comme 2026-12-24, ou relative à la publication comme +60d',
    en: 'a date like 2026-12-24, or relative to publishing like +60d',
  },
  offset: {
    fr: 'un décalage en jours ou semaines, comme -7d ou 2w (un an au plus)',
    en: 'a shift of days or weeks, like -7d or 2w (a year at most)',
  },
  date: { fr: 'une date comme 2026-12-24', en: 'a date like 2026-12-24' },
  rrule: {
    fr: 'une règle RRULE, comme "FREQ=WEEKLY;BYDAY=MO"',
    en: 'an RRULE, like "FREQ=WEEKLY;BYDAY=MO"',
  },
  instant: {
    fr: 'un instant comme 2026-03-28T10:00 (fuseau de l’espace de travail) ou 2026-03-28T10:00:00+01:00',
    en: 'an instant like 2026-03-28T10:00 (zone of the workspace) or 2026-03-28T10:00:00+01:00',
  },
  consentKey: {
    fr: 'un canal et une finalité, comme email.marketing',
    en: 'a channel and a purpose, like email.marketing',
  },
  choice: {
    fr: 'une action, ou une action et son traitement : cart-offer-10/short',
    en: 'an action, or an action and its treatment: cart-offer-10/short',
  },
  positive: { fr: 'un nombre supérieur à 0', en: 'a number above 0' },
  property: {
    fr: 'un événement et sa propriété, comme order_completed.total',
    en: 'an event and its property, like order_completed.total',
  },
  branch: {
    fr: '« when: … » ou « otherwise: true », l’un des deux',
    en: '"when: …" or "otherwise: true", one of the two',
  },
  unique: { fr: 'des valeurs toutes différentes', en: 'values that all differ' },
  pair: { fr: 'deux nombres, le petit d’abord', en: 'two numbers, the smaller first' },
} as const satisfies Readonly<Record<string, LocalText>>;

/** A key of `EXPECTATIONS`. */
export type Expectation = keyof typeof EXPECTATIONS;
