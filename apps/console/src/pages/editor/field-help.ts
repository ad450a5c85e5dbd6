import { texts } from '../../i18n/text.js';

/** What each key of a scenario is for; completion and hovering show it. */
export const fieldHelp = texts({
  scenario: {
    fr: 'Nom court du scénario ; il ne change plus.',
    en: 'Short name of the scenario; it does not change.',
  },
  name: {
    fr: 'Nom montré, par langue ; ou nom d’une branche.',
    en: 'Name shown, by language; or name of a branch.',
  },
  description: {
    fr: 'À quoi sert le scénario, par langue.',
    en: 'What the scenario is for, by language.',
  },
  purpose: { fr: 'Finalité : le consentement qu’il faut.', en: 'Purpose: the consent it takes.' },
  priority: {
    fr: 'De 0 à 100 : quel scénario passe devant pour une même personne.',
    en: 'From 0 to 100: which scenario goes first for the same person.',
  },
  owner: { fr: 'Qui en répond.', en: 'Who answers for it.' },
  entry: { fr: 'Ce qui fait entrer une personne.', en: 'What takes a person in.' },
  exit: {
    fr: 'Ce qui fait sortir, à tout moment ; comme étape : finit, sous ce nom.',
    en: 'What takes people out, at any time; as a step: ends, under this name.',
  },
  goal: { fr: 'Ce qui compte comme réussite.', en: 'What counts as success.' },
  holdout: {
    fr: 'Part de personnes laissées sans rien, pour mesurer l’effet.',
    en: 'Share of people left untreated, to measure the effect.',
  },
  limits: { fr: 'Bornes d’un parcours.', en: 'Bounds of a run.' },
  max_age: {
    fr: 'Durée au bout de laquelle un parcours s’arrête.',
    en: 'Age at which a run ends.',
  },
  on_change: {
    fr: 'À la publication : garder chacun dans sa version, ou l’amener à la nouvelle.',
    en: 'On publishing: keep everybody in their version, or take them to the new one.',
  },
  redirects: {
    fr: 'Étapes renommées : ancien nom, nouveau nom.',
    en: 'Steps renamed: old name, new name.',
  },
  steps: { fr: 'Les étapes, de haut en bas.', en: 'The steps, top to bottom.' },
  on: { fr: 'L’évènement attendu.', en: 'The event.' },
  segment: { fr: 'Entrée dans un segment, ou sortie.', en: 'A segment entered or left.' },
  enters: { fr: 'Segment dans lequel on entre.', en: 'Segment entered.' },
  leaves: { fr: 'Segment que l’on quitte.', en: 'Segment left.' },
  when: {
    fr: 'Condition, en CEL : event, entry, profile, account, decision, vars.',
    en: 'Condition, in CEL: event, entry, profile, account, decision, vars.',
  },
  key: {
    fr: 'Plusieurs parcours par personne, un par clé.',
    en: 'Several runs a person, one a key.',
  },
  reentry: { fr: 'never, always, ou { after: 7d }.', en: 'never, always, or { after: 7d }.' },
  after: { fr: 'Délai avant de pouvoir entrer de nouveau.', en: 'Time before entering again.' },
  existing: {
    fr: 'Publier fait-il entrer qui est déjà dans le segment ?',
    en: 'Does publishing take in who is in the segment already?',
  },
  as: { fr: 'Nom de cette fin.', en: 'Name of this end.' },
  within: { fr: 'Délai pendant lequel cela compte.', en: 'Time within which it counts.' },
  value: { fr: 'Valeur de la réussite, en CEL.', en: 'Value of the success, in CEL.' },
  id: {
    fr: 'Nom de l’étape : il survit aux changements autour.',
    en: 'Name of the step: it survives changes around it.',
  },
  date: { fr: 'Entrée par une date de la personne.', en: 'Entry by a date of the person’s.' },
  trait: { fr: 'Le trait qui porte la date.', en: 'The trait that holds the date.' },
  every: {
    fr: 'Chaque anniversaire (year), ou la date même (once).',
    en: 'Each anniversary (year), or the date itself (once).',
  },
  offset: { fr: 'Jours avant (-7d) ou après.', en: 'Days before (-7d) or after.' },
  at: { fr: 'Heure locale, « 09:00 ».', en: 'Local time, "09:00".' },
  leap_day: {
    fr: 'Un 29 février, les autres années : la veille ou le lendemain.',
    en: 'A 29 February in other years: the day before or after.',
  },
  schedule: { fr: 'Entrée selon un calendrier.', en: 'Entry by a calendar.' },
  rrule: {
    fr: 'Règle du calendrier : FREQ=WEEKLY;BYDAY=MO.',
    en: 'Rule of the calendar: FREQ=WEEKLY;BYDAY=MO.',
  },
  from: { fr: 'Premier jour du calendrier.', en: 'First day of the calendar.' },
  api: {
    fr: 'Entrée à la demande d’un programme ou d’un autre scénario.',
    en: 'Entry on request of a program or another scenario.',
  },
  webhook: {
    fr: 'Appelle une adresse ; la réponse est vars.<id>.',
    en: 'Calls an endpoint; the answer is vars.<id>.',
  },
  to: { fr: 'Adresse de relance.yaml, par son nom.', en: 'Endpoint of relance.yaml, by its name.' },
  body: { fr: 'Ce qui est envoyé.', en: 'What is sent.' },
  on_failed: {
    fr: 'Si l’appel échoue : continuer ou finir.',
    en: 'If the call fails: go on or end.',
  },
  points: { fr: 'Donne ou retire des points de fidélité.', en: 'Gives or takes loyalty points.' },
  add: { fr: 'Points donnés.', en: 'Points given.' },
  take: { fr: 'Points retirés.', en: 'Points taken.' },
  reason: { fr: 'Pourquoi, en un mot.', en: 'Why, in a word.' },
  enrol: {
    fr: 'Fait entrer dans un autre scénario.',
    en: 'Has another scenario take the person in.',
  },
  parallel: { fr: 'Des branches de front.', en: 'Branches side by side.' },
  join: {
    fr: 'Continuer quand toutes ont fini (all), ou la première (any).',
    en: 'Go on when all are through, or the first (any).',
  },
  repeat: { fr: 'Les mêmes étapes, plusieurs fois.', en: 'The same steps, several times.' },
  times: { fr: 'Tours au plus.', en: 'Rounds at most.' },
  until: { fr: 'S’arrête quand ceci tient, en CEL.', en: 'Stops when this holds, in CEL.' },
  wait: { fr: 'Attend une durée : 15m, 2h, 3d, 1w.', en: 'Waits for a time: 15m, 2h, 3d, 1w.' },
  for: { fr: 'Durée ; ou pour qui est la tâche.', en: 'Time; or whom the task is for.' },
  wait_until: {
    fr: 'Attend une heure locale, certains jours.',
    en: 'Waits until a local time, on some days.',
  },
  time: { fr: 'Heure locale, « 18:30 ».', en: 'Local time, "18:30".' },
  days: { fr: 'Jours permis.', en: 'Days allowed.' },
  zone: {
    fr: 'Fuseau : de la personne, du compte, de l’espace, ou nommé.',
    en: 'Zone: of the person, the account, the workspace, or named.',
  },
  on_gap: { fr: 'Heure sautée au printemps.', en: 'Hour skipped in spring.' },
  on_overlap: { fr: 'Heure doublée à l’automne.', en: 'Hour doubled in autumn.' },
  on_resume: { fr: 'Échéance passée pendant une pause.', en: 'Due time passed during a pause.' },
  wait_for: {
    fr: 'Attend un évènement, ou un parmi plusieurs.',
    en: 'Waits for an event, or one of several.',
  },
  any: {
    fr: 'Plusieurs évènements : le premier l’emporte.',
    en: 'Several events: the first wins.',
  },
  up_to: { fr: 'Au plus ce temps.', en: 'At most this long.' },
  lookback: {
    fr: 'Compte aussi ce qui est arrivé depuis l’entrée ou l’étape d’avant.',
    en: 'Counts what came since the entry or the step before, too.',
  },
  then: {
    fr: 'Étapes si c’est arrivé, ou de cette branche.',
    en: 'Steps if it happened, or of this branch.',
  },
  else: { fr: 'Étapes si rien n’est arrivé à temps.', en: 'Steps if nothing happened in time.' },
  split: {
    fr: 'La première branche dont la condition tient.',
    en: 'The first branch whose condition holds.',
  },
  branches: { fr: 'Les branches, dans l’ordre.', en: 'The branches, in order.' },
  otherwise: {
    fr: 'La branche des autres ; il en faut une.',
    en: 'The branch of the others; there must be one.',
  },
  experiment: {
    fr: 'Tire au sort une branche, la même pour chacun à chaque fois.',
    en: 'Draws a branch by lot, the same for each person every time.',
  },
  arms: { fr: 'Les branches tirées.', en: 'The branches drawn.' },
  weight: { fr: 'Poids au tirage.', en: 'Weight in the draw.' },
  decide: {
    fr: 'Choisit la meilleure action pour la personne.',
    en: 'Chooses the best action for the person.',
  },
  actions: {
    fr: 'Actions en concurrence ; « nothing » pour ne rien faire.',
    en: 'Actions that compete; "nothing" to do nothing.',
  },
  reward: { fr: 'Ce dont le choix apprend.', en: 'What the choice learns from.' },
  model: { fr: 'Comment choisir.', en: 'How to choose.' },
  business_as_usual: {
    fr: 'Ce que l’on ferait sans choix.',
    en: 'What would be done without a choice.',
  },
  timeout: { fr: 'Temps au plus pour choisir.', en: 'Longest time to choose.' },
  fallback: { fr: 'Action prise à défaut de choix.', en: 'Action taken where there is no choice.' },
  deliver: {
    fr: 'Envoie une action, ou celle qui est choisie.',
    en: 'Sends an action, or the one chosen.',
  },
  decision: { fr: 'Nom de l’étape « decide ».', en: 'Name of the "decide" step.' },
  action: { fr: 'Action du catalogue.', en: 'Action of the catalogue.' },
  on_withheld: { fr: 'Si l’envoi est retenu.', en: 'Where the message is withheld.' },
  task: { fr: 'Une tâche pour un commercial.', en: 'A task for a rep.' },
  title: { fr: 'Ce qu’il y a à faire.', en: 'What is to be done.' },
  note: { fr: 'Ce qu’il faut savoir.', en: 'What to know.' },
  due: { fr: 'Échéance.', en: 'Due time.' },
  queue: { fr: 'File de tâches.', en: 'Queue of tasks.' },
  update: { fr: 'Note des traits sur le profil.', en: 'Notes traits on the profile.' },
  set: { fr: 'Traits et valeurs.', en: 'Traits and values.' },
  emit: {
    fr: 'Émet un évènement, pour d’autres scénarios.',
    en: 'Emits an event, for other scenarios.',
  },
  event: { fr: 'Nom de l’évènement.', en: 'Name of the event.' },
  properties: { fr: 'Propriétés de l’évènement.', en: 'Properties of the event.' },
});
