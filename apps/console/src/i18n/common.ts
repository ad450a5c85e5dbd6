import { plural, several, texts, type Told } from './text.js';

/** Texts that several pages share. */
export const common = texts({
  product: { fr: 'Relance', en: 'Relance' },
  loading: { fr: 'Chargement', en: 'Loading' },
  retry: { fr: 'Réessayer', en: 'Try again' },
  more: { fr: 'Afficher la suite', en: 'Show more' },
  search: { fr: 'Rechercher', en: 'Search' },
  all: { fr: 'Tous', en: 'All' },
  copy: { fr: 'Copier', en: 'Copy' },
  copied: { fr: 'Copié', en: 'Copied' },
  close: { fr: 'Fermer', en: 'Close' },
  cancel: { fr: 'Annuler', en: 'Cancel' },
  csv: { fr: 'Télécharger en CSV', en: 'Download as CSV' },
  sortBy: { fr: (what: string) => `Trier par ${what}`, en: (what: string) => `Sort by ${what}` },
  none: { fr: 'Aucun', en: 'None' },
  unknown: { fr: 'Inconnu', en: 'Unknown' },
  code: { fr: (code: string) => `Code ${code}`, en: (code: string) => `Code ${code}` },
  asOf: { fr: (when: string) => `À jour ${when}`, en: (when: string) => `As of ${when}` },
  yourTime: {
    fr: (when: string) => `${when} chez vous`,
    en: (when: string) => `${when} your time`,
  },
  peopleCount: {
    fr: (count: number, shown: string) => `${shown} personne${several(count)}`,
    en: (count: number, shown: string) => `${shown} ${count === 1 ? 'person' : 'people'}`,
  },
  daysCount: {
    fr: (count: number) => `${count} jour${several(count)}`,
    en: (count: number) => `${count} day${plural(count)}`,
  },
  /** A name and what it stands for. */
  pair: {
    fr: (name: string, value: string) => `${name}\u00A0: ${value}`,
    en: (name: string, value: string) => `${name}: ${value}`,
  },
  quoted: { fr: (text: string) => `«\u00A0${text}\u00A0»`, en: (text: string) => `“${text}”` },
  showTable: { fr: 'Voir en tableau', en: 'Show as a table' },
  showPlot: { fr: 'Voir en graphique', en: 'Show as a plot' },
  showSql: { fr: 'Voir le SQL', en: 'Show the SQL' },
  live: { fr: 'En cours', en: 'Live' },
  paused: { fr: 'En pause', en: 'Paused' },
  failedTitle: { fr: 'Cette page n’a pas pu être chargée', en: 'This page could not be loaded' },
  unreachable: {
    fr: 'Le moteur ne répond pas.',
    en: 'The engine does not answer.',
  },
  unreachableHint: {
    fr: 'Rien n’est perdu : ce qui était reçu est gardé. Vérifiez qu’il tourne, puis réessayez.',
    en: 'Nothing is lost: what was received is kept. Check that it runs, then try again.',
  },
  staleTitle: {
    fr: 'Les derniers chiffres ne sont pas arrivés ; voici les précédents.',
    en: 'The latest figures did not arrive; these are the ones before.',
  },
  notFound: { fr: 'Page introuvable', en: 'Page not found' },
  notFoundHint: {
    fr: 'L’adresse a peut-être changé. Repartez de l’accueil.',
    en: 'The address may have changed. Start again from home.',
  },
  home: { fr: 'Accueil', en: 'Home' },
  email: { fr: 'E-mail', en: 'E-mail' },
  sms: { fr: 'SMS', en: 'SMS' },
  task: { fr: 'Tâche', en: 'Task' },
  person: { fr: 'Personne', en: 'Person' },
  account: { fr: 'Compte', en: 'Account' },
  scenario: { fr: 'Scénario', en: 'Scenario' },
  when: { fr: 'Quand', en: 'When' },
  step: { fr: 'Étape', en: 'Step' },
  action: { fr: 'Action', en: 'Action' },
  group: { fr: 'Groupe', en: 'Group' },
  country: { fr: 'Pays', en: 'Country' },
  owner: { fr: 'Suivi par', en: 'Owner' },
  revenue: { fr: 'Chiffre d’affaires', en: 'Revenue' },
});

/** What a message is for; a workspace may have others, which show by their own name. */
export const purposeNames = texts({
  marketing: { fr: 'Marketing', en: 'Marketing' },
  transactional: { fr: 'Service', en: 'Service' },
});

/** A purpose by its name; one of the workspace's own as it is. */
export const purposeOf = (purpose: string, names: Told<typeof purposeNames>): string =>
  purpose === 'marketing' || purpose === 'transactional' ? names[purpose] : purpose;

/** Groups of people, as shown to them who read results. */
export const groupNames = texts({
  policy: { fr: 'Traité', en: 'Treated' },
  random_control: { fr: 'Choix au hasard', en: 'Random choice' },
  holdout: { fr: 'Témoin, non sollicité', en: 'Held out, left alone' },
  rules: { fr: 'Règles habituelles', en: 'Business as usual' },
});

/** Where somebody is in a scenario. */
export const enrolmentStates = texts({
  running: { fr: 'En cours', en: 'Running' },
  paused: { fr: 'En pause', en: 'Paused' },
  held_out: { fr: 'Témoin', en: 'Held out' },
  ended: { fr: 'Terminé', en: 'Ended' },
});

/** Consent for a purpose on a channel. */
export const consentStates = texts({
  granted: { fr: 'Accordé', en: 'Granted' },
  denied: { fr: 'Refusé', en: 'Refused' },
  unknown: { fr: 'Inconnu', en: 'Unknown' },
});
