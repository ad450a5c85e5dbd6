import { texts } from '../../i18n/text.js';

/** Texts of results. */
export const resultWords = texts({
  title: { fr: 'Résultats', en: 'Results' },
  intro: {
    fr: 'Ce qui marche, et avec quelle certitude.',
    en: 'What works, and how sure that is.',
  },
  choose: { fr: 'Scénario', en: 'Scenario' },
  lift: { fr: 'Effet mesuré', en: 'Measured lift' },
  last90: { fr: '90 derniers jours', en: 'Last 90 days' },
  byDay: { fr: 'Entrées et conversions par jour', en: 'Entered and converted, by day' },
  byGroup: { fr: 'Par groupe', en: 'By group' },
  day: { fr: 'Jour d’entrée', en: 'Day of entry' },
  entered: { fr: 'Entrées', en: 'Entered' },
  sent: { fr: 'Envois', en: 'Sent' },
  delivered: { fr: 'Remis', en: 'Delivered' },
  clicks: { fr: 'Clics de personnes', en: 'Human clicks' },
  converted: { fr: 'Conversions', en: 'Converted' },
  rate: { fr: 'Taux', en: 'Rate' },
  cost: { fr: 'Coût', en: 'Cost' },
  emptyTitle: { fr: 'Pas encore de résultat', en: 'No result yet' },
  empty: {
    fr: 'Les résultats paraissent dès que des personnes entrent ; ils mûrissent jusqu’au terme de l’objectif.',
    en: 'Results appear as soon as people enter; they mature until the end of the goal’s window.',
  },
  noScenario: {
    fr: 'Publiez un scénario : ses résultats se liront ici.',
    en: 'Publish a scenario: its results will be read here.',
  },
});
