import { several, texts } from '../../i18n/text.js';

/** Texts of a scenario's page. */
export const scenarioWords = texts({
  graph: { fr: 'Parcours', en: 'Path' },
  graphOf: {
    fr: (name: string) => `Étapes de ${name}, de haut en bas`,
    en: (name: string) => `Steps of ${name}, top to bottom`,
  },
  source: { fr: 'Fichier', en: 'File' },
  editFile: { fr: 'Modifier', en: 'Edit' },
  noSource: {
    fr: 'Le fichier de cette version n’est plus conservé.',
    en: 'The file of this version is no longer kept.',
  },
  problems: { fr: 'Problèmes', en: 'Problems' },
  lineOf: { fr: (line: number) => `ligne ${line}`, en: (line: number) => `line ${line}` },
  waitingHere: {
    fr: (count: number, shown: string) => `${shown} ici`,
    en: (_: number, shown: string) => `${shown} here`,
  },
  passed: {
    fr: (count: number, shown: string) => `${shown} passé${several(count)}`,
    en: (_: number, shown: string) => `${shown} passed`,
  },
  today: { fr: (shown: string) => `${shown} aujourd’hui`, en: (shown: string) => `${shown} today` },
  inIt: { fr: 'Dedans', en: 'In it' },
  held: { fr: 'Retenus par la pause', en: 'Held by the pause' },
  heldOut: { fr: 'Témoins', en: 'Held out' },
  ended: { fr: 'Terminés', en: 'Ended' },
  lift: { fr: 'Effet mesuré', en: 'Measured lift' },
  summary: { fr: 'En résumé', en: 'In short' },
  versions: { fr: 'Versions', en: 'Versions' },
  version: { fr: 'Publiée le', en: 'Published on' },
  author: { fr: 'Par', en: 'By' },
  atFirstStart: { fr: 'Relance, au premier démarrage', en: 'Relance, at the first start' },
  authorUnknown: { fr: 'Non noté', en: 'Not noted' },
  showFile: { fr: 'Voir le fichier', en: 'Show the file' },
  showChanges: { fr: 'Voir les changements', en: 'Show the changes' },
  changes: {
    fr: 'Changements depuis la version d’avant',
    en: 'Changes since the version before',
  },
  oneVersion: { fr: 'Une seule version jusqu’ici.', en: 'One version so far.' },
  oneVersionHint: {
    fr: 'Publier un changement en ajoute une ; qui est déjà dedans garde la sienne.',
    en: 'Publishing a change adds one; whoever is in it already keeps theirs.',
  },
  inForce: { fr: 'en vigueur', en: 'in force' },
  people: { fr: 'Personnes', en: 'People' },
  results: { fr: 'Résultats', en: 'Results' },
  decisions: { fr: 'Décisions', en: 'Decisions' },
  stepPeople: { fr: 'Qui est à cette étape', en: 'Who is at this step' },
  since: { fr: 'Depuis', en: 'Since' },
  due: { fr: 'Prochaine échéance', en: 'Next due' },
  onEvent: { fr: 'à l’évènement', en: 'on the event' },
  entered: { fr: 'Entrée', en: 'Entered' },
  state: { fr: 'État', en: 'State' },
  nobodyTitle: { fr: 'Personne ici pour l’instant', en: 'Nobody here at the moment' },
  nobody: {
    fr: 'Les personnes paraissent dès que l’évènement d’entrée arrive et que les conditions sont remplies.',
    en: 'People appear as soon as the entry event arrives and the conditions hold.',
  },
});
