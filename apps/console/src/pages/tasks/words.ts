import { texts, type Told } from '../../i18n/text.js';

/** Texts of tasks. */
export const taskWords = texts({
  title: { fr: 'Tâches', en: 'Tasks' },
  intro: {
    fr: 'Ce que les campagnes vous demandent de faire, et pourquoi.',
    en: 'What the campaigns ask you to do, and why.',
  },
  open: { fr: 'À faire', en: 'To do' },
  closed: { fr: 'Closes', en: 'Closed' },
  state: { fr: 'Montrer', en: 'Show' },
  due: { fr: (when: string) => `Pour le ${when}`, en: (when: string) => `Due ${when}` },
  noDue: { fr: 'Sans échéance', en: 'No due date' },
  overdue: { fr: 'En retard', en: 'Overdue' },
  close: { fr: 'Clore', en: 'Close' },
  closeAs: { fr: 'Comment cela s’est-il passé ?', en: 'How did it go?' },
  closeTask: {
    fr: (title: string) => `Clore : ${title}`,
    en: (title: string) => `Close: ${title}`,
  },
  closedNow: { fr: 'Tâche close. Merci.', en: 'Task closed. Thank you.' },
  notClosed: { fr: 'La tâche est restée ouverte.', en: 'The task stayed open.' },
  closedOn: { fr: (when: string) => `Close le ${when}`, en: (when: string) => `Closed ${when}` },
  emptyTitle: { fr: 'Rien à faire pour l’instant', en: 'Nothing to do for now' },
  dueOn: { fr: 'Échéance', en: 'Due' },
  closedAt: { fr: 'Close le', en: 'Closed' },
  outcome: { fr: 'Résultat', en: 'Outcome' },
  why: { fr: 'Pourquoi', en: 'Why' },
  note: { fr: 'Note', en: 'Note' },
  empty: {
    fr: 'Une tâche paraît quand un scénario estime qu’un appel de vous vaut mieux qu’un message.',
    en: 'A task appears when a scenario finds that a call from you is worth more than a message.',
  },
  noneClosed: { fr: 'Aucune tâche close', en: 'No closed task' },
  noneClosedHint: {
    fr: 'Les tâches que vous closez restent lisibles ici, avec leur résultat.',
    en: 'The tasks you close stay readable here, with their outcome.',
  },
});

/** Ways a task ends, as the rep says them. */
export const outcomeNames = texts({
  done: { fr: 'Fait', en: 'Done' },
  reached: { fr: 'Joint, à suivre', en: 'Reached, to follow up' },
  interested: { fr: 'Intéressé', en: 'Interested' },
  ordered: { fr: 'A commandé', en: 'Ordered' },
  no_answer: { fr: 'Pas de réponse', en: 'No answer' },
  not_interested: { fr: 'Pas intéressé', en: 'Not interested' },
  declined: { fr: 'Tâche non pertinente', en: 'Task not relevant' },
});

type Outcome = keyof typeof outcomeNames;

/** An outcome by its name; one that this console does not know as it is. */
export const outcomeOf = (outcome: string | null, names: Told<typeof outcomeNames>) =>
  outcome !== null && Object.hasOwn(names, outcome) ? names[outcome as Outcome] : outcome;
