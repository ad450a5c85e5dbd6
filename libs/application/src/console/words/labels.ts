import type { Locale } from '#libs/kernel';
import type { Bilingual } from './text.js';

const TRAITS: Readonly<Record<string, Bilingual>> = {
  firstName: { fr: 'Prénom', en: 'First name' },
  lastName: { fr: 'Nom', en: 'Last name' },
  name: { fr: 'Nom', en: 'Name' },
  email: { fr: 'Courriel', en: 'E-mail' },
  mobile: { fr: 'Mobile', en: 'Mobile' },
  phone: { fr: 'Téléphone', en: 'Phone' },
  country: { fr: 'Pays', en: 'Country' },
  timezone: { fr: 'Fuseau horaire', en: 'Time zone' },
  locale: { fr: 'Langue', en: 'Language' },
  birthday: { fr: 'Anniversaire', en: 'Birthday' },
  churnScore: { fr: 'Risque de départ', en: 'Churn risk' },
  address: { fr: 'Adresse', en: 'Address' },
  company: { fr: 'Société', en: 'Company' },
  loyalty: { fr: 'Fidélité', en: 'Loyalty' },
};

/** A trait's or aggregate's name for people: `orders_365d` becomes `orders 365 d`. */
export function labelOf(name: string, locale: Locale): string {
  const known = TRAITS[name]?.[locale];
  if (known !== undefined) return known;
  const spaced = name
    .replace(/([\p{Ll}])(\p{Lu})/gu, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return spaced.slice(0, 1).toUpperCase() + spaced.slice(1);
}
