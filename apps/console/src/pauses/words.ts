import { texts } from '../i18n/text.js';

/** Texts of pausing and resuming. */
export const pauseWords = texts({
  pauseAll: { fr: 'Tout suspendre', en: 'Pause everything' },
  resumeAll: { fr: 'Tout reprendre', en: 'Resume everything' },
  pauseOne: { fr: 'Suspendre ce scénario', en: 'Pause this scenario' },
  resumeOne: { fr: 'Reprendre ce scénario', en: 'Resume this scenario' },
  everything: {
    fr: (since: string, by: string) => `Tout est suspendu depuis ${since}, par ${by}.`,
    en: (since: string, by: string) => `Everything is paused since ${since}, by ${by}.`,
  },
  meaning: {
    fr: 'Personne n’entre, aucune attente ne finit, aucun message ne part. Rien n’est perdu.',
    en: 'Nobody enters, no wait ends, no message leaves. Nothing is lost.',
  },
  some: {
    fr: (names: string) => `Scénarios suspendus : ${names}.`,
    en: (names: string) => `Paused scenarios: ${names}.`,
  },
  confirm: {
    fr: 'Oui, je sais que rien ne partira plus',
    en: 'Yes, I know that nothing will leave any more',
  },
  failed: { fr: 'Rien n’a été changé.', en: 'Nothing was changed.' },
  counting: { fr: 'Compte ce que cela touche…', en: 'Counting what this touches…' },
});
