import { texts } from '../../i18n/text.js';

/** Texts of the sandbox mailbox. */
export const messageWords = texts({
  title: { fr: 'Messages', en: 'Messages' },
  intro: {
    fr: 'Les messages tels qu’ils sont reçus. Ceux du bac à sable ne quittent pas cette machine.',
    en: 'Messages as they are received. Those of the sandbox do not leave this machine.',
  },
  caught: { fr: 'Boîte du bac à sable', en: 'Sandbox mailbox' },
  toLabel: { fr: 'Destinataire', en: 'Recipient' },
  toHint: { fr: 'Partie d’une adresse', en: 'Part of an address' },
  channel: { fr: 'Canal', en: 'Channel' },
  both: { fr: 'Tous', en: 'All' },
  emptyTitle: { fr: 'Aucun message encore', en: 'No message yet' },
  empty: {
    fr: 'Le premier paraît quand un scénario envoie quelque chose à quelqu’un qui l’a permis.',
    en: 'The first appears when a scenario sends something to somebody who allowed it.',
  },
  noMatchTitle: { fr: 'Aucun message ne correspond', en: 'No message matches' },
  noMatch: { fr: 'Élargissez la recherche.', en: 'Widen the search.' },
  choose: { fr: 'Choisissez un message pour le lire.', en: 'Choose a message to read it.' },
  from: { fr: 'De', en: 'From' },
  to: { fr: 'À', en: 'To' },
  desktop: { fr: 'Ordinateur', en: 'Desktop' },
  phone: { fr: 'Téléphone', en: 'Phone' },
  text: { fr: 'Texte', en: 'Text' },
  headers: { fr: 'En-têtes', en: 'Headers' },
  view: { fr: 'Présentation', en: 'View' },
  rendered: { fr: 'Le message tel que reçu', en: 'The message as received' },
  subject: { fr: 'Objet', en: 'Subject' },
  noSubject: { fr: '(sans objet)', en: '(no subject)' },
  links: { fr: 'Liens du message', en: 'Links of the message' },
  linksHint: {
    fr: 'En ouvrir un compte comme un clic du destinataire.',
    en: 'Opening one counts as a click of the recipient.',
  },
  happened: { fr: 'Ce qu’il est devenu', en: 'What became of it' },
  nothingYet: { fr: 'Rien encore.', en: 'Nothing yet.' },
  header: { fr: 'En-tête', en: 'Header' },
  value: { fr: 'Valeur', en: 'Value' },
  back: { fr: 'Retour à la liste', en: 'Back to the list' },
});
