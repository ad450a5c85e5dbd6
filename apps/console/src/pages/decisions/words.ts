import { plural, several, texts } from '../../i18n/text.js';

/** Texts of decisions. */
export const decisionWords = texts({
  title: { fr: 'Décisions', en: 'Decisions' },
  intro: {
    fr: 'Chaque choix du moteur, avec sa raison et celle de chaque action écartée.',
    en: 'Every choice of the engine, with its reason and that of every action set aside.',
  },
  one: { fr: 'Décision', en: 'Decision' },
  about: {
    fr: (name: string) => `Décision pour ${name}`,
    en: (name: string) => `Decision for ${name}`,
  },
  newest: { fr: 'Les plus récentes d’abord', en: 'Newest first' },
  chosen: { fr: 'Choix', en: 'Choice' },
  chance: { fr: 'Chance d’être choisie', en: 'Chance of being chosen' },
  kept: { fr: 'Possibles', en: 'Eligible' },
  ofCandidates: {
    fr: (eligible: string, all: string) => `${eligible} sur ${all}`,
    en: (eligible: string, all: string) => `${eligible} of ${all}`,
  },
  explored: { fr: 'à l’essai', en: 'exploring' },
  exploredHint: {
    fr: 'Choisie pour apprendre, et non parce qu’elle paraissait la meilleure.',
    en: 'Chosen in order to learn, not because it looked best.',
  },
  why: { fr: 'Pourquoi', en: 'Why' },
  funnel: { fr: 'De possible à choisie', en: 'From available to chosen' },
  left: {
    fr: (count: number, shown: string) => `${shown} action${several(count)}`,
    en: (count: number, shown: string) => `${shown} action${plural(count)}`,
  },
  lost: {
    fr: (count: number, shown: string) => `${shown} écartée${several(count)}`,
    en: (_: number, shown: string) => `${shown} set aside`,
  },
  candidates: { fr: 'Actions examinées', en: 'Actions considered' },
  reason: { fr: 'Raison', en: 'Reason' },
  outcomeChance: { fr: 'Chance de réussite', en: 'Chance of success' },
  gain: { fr: 'Gain attendu', en: 'Expected gain' },
  happened: { fr: 'La suite', en: 'What followed' },
  nothingYet: { fr: 'Rien ne s’est encore passé.', en: 'Nothing has happened yet.' },
  details: { fr: 'Pour l’analyste', en: 'For the analyst' },
  model: { fr: 'Modèle', en: 'Model' },
  emptyTitle: { fr: 'Aucune décision encore', en: 'No decision yet' },
  empty: {
    fr: 'Une décision paraît quand une personne atteint l’étape « choisir la meilleure action » d’un scénario.',
    en: 'A decision appears when somebody reaches the “choose the best action” step of a scenario.',
  },
  allScenarios: { fr: 'Tous les scénarios', en: 'All scenarios' },
});
