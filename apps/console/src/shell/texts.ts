import { texts } from '../i18n/text.js';

/** Texts of what surrounds every page. */
export const shellTexts = texts({
  skip: { fr: 'Aller au contenu', en: 'Skip to content' },
  navigation: { fr: 'Navigation', en: 'Navigation' },
  openMenu: { fr: 'Ouvrir le menu', en: 'Open the menu' },
  language: { fr: 'Langue', en: 'Language' },
  french: { fr: 'Français', en: 'French' },
  english: { fr: 'Anglais', en: 'English' },
  toDark: { fr: 'Passer au sombre', en: 'Switch to dark' },
  toLight: { fr: 'Passer au clair', en: 'Switch to light' },
  signOut: { fr: 'Se déconnecter', en: 'Sign out' },
  signedInAs: { fr: 'Connecté', en: 'Signed in' },
  sample: { fr: 'données d’exemple', en: 'sample data' },
  sampleHint: {
    fr: 'Des personnes inventées : rien ne part vers l’extérieur.',
    en: 'Made-up people: nothing is sent to the outside.',
  },
  dayAMinute: { fr: 'un jour par minute', en: 'one day a minute' },
  hourAMinute: { fr: 'une heure par minute', en: 'one hour a minute' },
  timesFaster: {
    fr: (times: string) => `${times} fois plus vite`,
    en: (times: string) => `${times} times faster`,
  },
  resting: { fr: 'horloge au repos', en: 'clock at rest' },
  restingHint: {
    fr: 'Le temps s’arrête quand personne ne regarde, et repart avec vous.',
    en: 'Time stops when nobody looks, and goes on with you.',
  },
  clockHint: {
    fr: 'Date du moteur, dans le fuseau de l’espace de travail.',
    en: 'The engine’s date, in the workspace’s time zone.',
  },
  marketer: { fr: 'Marketing', en: 'Marketing' },
  sales: { fr: 'Commercial', en: 'Sales' },
  analyst: { fr: 'Analyse', en: 'Analysis' },
  admin: { fr: 'Administration', en: 'Administration' },
  machine: { fr: 'Programme', en: 'Program' },
});

/** Names of the pages. */
export const pageNames = texts({
  today: { fr: 'Aujourd’hui', en: 'Today' },
  scenarios: { fr: 'Scénarios', en: 'Scenarios' },
  people: { fr: 'Personnes', en: 'People' },
  accounts: { fr: 'Mes comptes', en: 'My accounts' },
  allAccounts: { fr: 'Comptes', en: 'Accounts' },
  tasks: { fr: 'Tâches', en: 'Tasks' },
  messages: { fr: 'Messages', en: 'Messages' },
  decisions: { fr: 'Décisions', en: 'Decisions' },
  results: { fr: 'Résultats', en: 'Results' },
  deadLetters: { fr: 'Lettres mortes', en: 'Dead letters' },
  enrolments: { fr: 'À surveiller', en: 'To look after' },
  status: { fr: 'État', en: 'Status' },
  tables: { fr: 'Tables', en: 'Tables' },
});
