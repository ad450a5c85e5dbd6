import { texts } from '../../i18n/text.js';

/** Texts of the page of enrolments in trouble. */
export const operateWords = texts({
  title: { fr: 'Parcours à surveiller', en: 'Enrolments to look after' },
  intro: {
    fr: 'Qui attend plus que prévu, aurait dû continuer, ou n’a pas reçu son message ; et ce qu’on peut y faire.',
    en: 'Who waits longer than expected, should have gone on, or was not sent their message; and what can be done.',
  },
  show: { fr: 'Montrer', en: 'Show' },
  stuck: { fr: 'Bloqués', en: 'Stuck' },
  overdue: { fr: 'En retard', en: 'Overdue' },
  failing: { fr: 'En échec', en: 'Failing' },
  paused: { fr: 'Suspendus', en: 'Paused' },
  any: { fr: 'Tous', en: 'All' },
  counts: { fr: 'Par scénario et étape', en: 'By scenario and step' },
  none: { fr: 'Aucun souci', en: 'No trouble' },
  noneHint: {
    fr: 'Personne n’est bloqué, en retard, en échec ou suspendu.',
    en: 'Nobody is stuck, overdue, failing or paused.',
  },
  people: { fr: 'Personnes', en: 'People' },
  kind: { fr: 'Souci', en: 'Trouble' },
  why: { fr: 'Pourquoi', en: 'Why' },
  only: { fr: 'Ceux-là seulement', en: 'Only these' },
  list: { fr: 'Parcours', en: 'Enrolments' },
  emptyTitle: { fr: 'Personne ici', en: 'Nobody here' },
  empty: {
    fr: 'Ce filtre ne nomme personne. Choisissez-en un autre, ou tous.',
    en: 'This filter names nobody. Choose another, or all.',
  },
  all: { fr: 'Tout montrer', en: 'Show all' },
  pause: { fr: 'Suspendre ceux-là', en: 'Pause these' },
  resume: { fr: 'Reprendre ceux-là', en: 'Resume these' },
  stop: { fr: 'Arrêter ceux-là', en: 'Stop these' },
  sure: { fr: 'Oui, c’est bien ce que je veux', en: 'Yes, this is what I want' },
  failed: { fr: 'Rien n’a été changé.', en: 'Nothing was changed.' },
  state: { fr: 'État', en: 'State' },
  due: { fr: 'Prochaine échéance', en: 'Next due' },
  counting: { fr: 'Compte qui cela touche…', en: 'Counting whom this touches…' },
  acts: { fr: 'Ce qui a été fait', en: 'What was done' },
  noActs: {
    fr: 'Rien encore : suspendre, reprendre ou arrêter s’écrit ici, avec qui l’a fait.',
    en: 'Nothing yet: a pause, a resumption or a stop is written here, with who did it.',
  },
  progress: {
    fr: (done: string, total: string) => `${done} sur ${total}`,
    en: (done: string, total: string) => `${done} of ${total}`,
  },
  who: { fr: 'Par', en: 'By' },
  when: { fr: 'Quand', en: 'When' },
  what: { fr: 'Quoi', en: 'What' },
  where: { fr: 'Où en est-ce', en: 'How far' },
});
