import { plural, several, texts } from '../../i18n/text.js';

/** Texts of dead letters. */
export const deadLetterWords = texts({
  title: { fr: 'Lettres mortes', en: 'Dead letters' },
  intro: {
    fr: 'Ce qui n’a pas pu être appliqué. Rien n’est perdu : corrigez la cause, puis rejouez.',
    en: 'What could not be applied. Nothing is lost: mend the cause, then replay.',
  },
  show: { fr: 'Montrer', en: 'Show' },
  open: { fr: 'En attente', en: 'Waiting' },
  replayed: { fr: 'Rejouées', en: 'Replayed' },
  dismissed: { fr: 'Classées', en: 'Dismissed' },
  causes: { fr: 'Par cause', en: 'By cause' },
  letters: { fr: 'Lettres', en: 'Letters' },
  count: {
    fr: (count: number, shown: string) => `${shown} lettre${several(count)}`,
    en: (count: number, shown: string) => `${shown} letter${plural(count)}`,
  },
  only: { fr: 'Voir seulement celles-ci', en: 'Show only these' },
  allCauses: { fr: 'Toutes les causes', en: 'All causes' },
  replay: { fr: 'Rejouer', en: 'Replay' },
  dismiss: { fr: 'Classer', en: 'Dismiss' },
  replayAsk: {
    fr: (count: number, shown: string) => `Rejouer ${shown} lettre${several(count)} ?`,
    en: (count: number, shown: string) => `Replay ${shown} letter${plural(count)}?`,
  },
  dismissAsk: {
    fr: (count: number, shown: string) => `Classer ${shown} lettre${several(count)} ?`,
    en: (count: number, shown: string) => `Dismiss ${shown} letter${plural(count)}?`,
  },
  replayHint: {
    fr: 'Elles repassent par l’entrée, comme à leur arrivée. Ce qui avait déjà compté ne compte pas deux fois ; ce qui échoue encore revient ici.',
    en: 'They pass through the entrance again, as when they came. What counted before does not count twice; what fails again comes back here.',
  },
  dismissHint: {
    fr: 'Elles restent lisibles parmi les classées, et ne seront plus rejouées.',
    en: 'They stay readable among the dismissed, and are not replayed any more.',
  },
  replayDone: {
    fr: (count: number, shown: string) =>
      `${shown} lettre${several(count)} rejouée${several(count)}.`,
    en: (count: number, shown: string) => `${shown} letter${plural(count)} replayed.`,
  },
  dismissDone: {
    fr: (count: number, shown: string) =>
      `${shown} lettre${several(count)} classée${several(count)}.`,
    en: (count: number, shown: string) => `${shown} letter${plural(count)} dismissed.`,
  },
  left: {
    fr: (count: number, shown: string) => `Il en reste ${shown} : relancez.`,
    en: (_: number, shown: string) => `${shown} are left: do it again.`,
  },
  failed: { fr: 'Rien n’a été changé.', en: 'Nothing was changed.' },
  came: { fr: 'Arrivée', en: 'Came' },
  source: { fr: 'Source', en: 'Source' },
  reason: { fr: 'Raison', en: 'Reason' },
  detail: { fr: 'Détail', en: 'Detail' },
  codeOf: { fr: 'Code', en: 'Code' },
  tries: { fr: 'Essais', en: 'Attempts' },
  attempts: {
    fr: (count: number, shown: string) => `${shown} essai${several(count)}`,
    en: (count: number, shown: string) => `${shown} attempt${plural(count)}`,
  },
  raw: { fr: 'Tel que reçu', en: 'As received' },
  corrected: { fr: 'Tel que rejoué', en: 'As replayed' },
  correctedBy: {
    fr: (who: string) => `Corrigé par ${who}`,
    en: (who: string) => `Corrected by ${who}`,
  },
  emptyTitle: { fr: 'Aucune lettre morte', en: 'No dead letter' },
  empty: {
    fr: 'Tout ce qui est arrivé a été appliqué. Un message mal formé, un refus du CRM ou une ligne d’import illisible paraîtraient ici.',
    en: 'All that arrived was applied. A malformed message, a refusal of the CRM or an unreadable import row would appear here.',
  },
});
