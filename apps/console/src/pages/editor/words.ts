import { several, texts } from '../../i18n/text.js';

/** Texts of the editor. */
export const editorWords = texts({
  title: { fr: 'Modifier un scénario', en: 'Edit a scenario' },
  editing: { fr: (name: string) => `Modifier : ${name}`, en: (name: string) => `Edit: ${name}` },
  edit: { fr: 'Modifier', en: 'Edit' },
  path: { fr: 'Parcours', en: 'Path' },
  outline: { fr: 'Étapes', en: 'Steps' },
  file: { fr: 'Fichier YAML', en: 'YAML file' },
  problems: { fr: 'Problèmes', en: 'Problems' },
  problemsCount: {
    fr: (count: number) => (count === 0 ? 'Aucun problème' : `${count} problème${several(count)}`),
    en: (count: number) =>
      count === 0 ? 'No problem' : `${count} problem${count === 1 ? '' : 's'}`,
  },
  elsewhere: {
    fr: (count: number) =>
      `${count} autre${several(count)} dans d’autres fichiers de l’espace de travail`,
    en: (count: number) => `${count} more in other files of the workspace`,
  },
  checking: { fr: 'Vérification…', en: 'Checking…' },
  toLine: {
    fr: (line: number, message: string) => `Ligne ${line} : ${message}`,
    en: (line: number, message: string) => `Line ${line}: ${message}`,
  },
  error: { fr: 'erreur', en: 'error' },
  warning: { fr: 'avertissement', en: 'warning' },
  unreadable: {
    fr: 'Le YAML ne peut pas être lu à cet endroit : le parcours montre ce qui peut l’être.',
    en: 'The YAML cannot be read there: the path shows what can be.',
  },
  saved: { fr: 'Brouillon enregistré', en: 'Draft saved' },
  saving: { fr: 'Enregistrement…', en: 'Saving…' },
  unsaved: { fr: 'Pas encore enregistré', en: 'Not saved yet' },
  asPublished: { fr: 'Comme publié', en: 'As published' },
  readOnly: {
    fr: 'Votre rôle permet de lire ce fichier, non de le modifier.',
    en: 'Your role lets you read this file, not change it.',
  },
  removing: {
    fr: 'Ce brouillon retire le fichier : publier l’ôte de l’espace de travail, abandonner le garde.',
    en: 'This draft takes the file away: publishing removes it from the workspace, discarding keeps it.',
  },
  fromFolder: {
    fr: 'Ce qui est publié vient d’un dossier. Le prochain « relance apply » remplacera ce que vous publiez ici, sauf si vous mettez ce fichier dans le dossier : téléchargez-le.',
    en: 'What is published came from a folder. The next “relance apply” will replace what you publish here, unless you put this file into the folder: download it.',
  },
  fromConsole: {
    fr: 'La dernière version a été publiée depuis la console. Si un dossier la suit, mettez-y ce fichier : le prochain « relance apply » remplacerait la version d’ici.',
    en: 'The latest version was published from the console. If a folder follows it, put this file there: the next “relance apply” would replace this version.',
  },
  download: { fr: 'Télécharger le YAML', en: 'Download the YAML' },
  publish: { fr: 'Publier…', en: 'Publish…' },
  publishNow: { fr: 'Publier', en: 'Publish' },
  publishTitle: { fr: 'Publier ce fichier', en: 'Publish this file' },
  published: { fr: 'Publié.', en: 'Published.' },
  nothingChanges: { fr: 'Rien ne changerait.', en: 'Nothing would change.' },
  touches: {
    fr: (count: number, shown: string) =>
      count === 0
        ? 'Personne n’est dans ce qui change.'
        : `${shown} personne${several(count)} dans ce qui change.`,
    en: (count: number, shown: string) =>
      count === 0
        ? 'Nobody is in what changes.'
        : `${shown} ${count === 1 ? 'person' : 'people'} in what changes.`,
  },
  mendFirst: {
    fr: 'Corrigez d’abord les erreurs : rien ne sera publié.',
    en: 'Mend the errors first: nothing will be published.',
  },
  discard: { fr: 'Abandonner le brouillon', en: 'Discard the draft' },
  discardTitle: { fr: 'Abandonner ce brouillon ?', en: 'Discard this draft?' },
  discardHint: {
    fr: 'Vos changements à ce fichier sont perdus ; ce qui est publié reste.',
    en: 'Your changes to this file are lost; what is published stays.',
  },
  discarded: { fr: 'Brouillon abandonné.', en: 'Draft discarded.' },
  changedTitle: {
    fr: 'Quelqu’un a changé ce brouillon entre-temps',
    en: 'Somebody changed this draft meanwhile',
  },
  takeTheirs: { fr: 'Prendre leur texte', en: 'Take their text' },
  keepMine: { fr: 'Garder le mien', en: 'Keep mine' },
  behindTitle: {
    fr: 'Ce fichier a été publié autrement depuis le début du brouillon',
    en: 'This file was published otherwise since the draft was begun',
  },
  behindHint: {
    fr: 'Comparez : garder le vôtre remplacera ce qui a été publié.',
    en: 'Compare: keeping yours will replace what was published.',
  },
  compare: { fr: 'Comparer au fichier publié', en: 'Compare with what is published' },
  same: { fr: 'Les deux textes sont les mêmes.', en: 'Both texts are the same.' },
  lineAdded: { fr: 'ajoutée', en: 'added' },
  lineRemoved: { fr: 'retirée', en: 'removed' },
  unchanged: {
    fr: (count: number) => `${count} ligne${several(count)} inchangée${several(count)}`,
    en: (count: number) => `${count} unchanged line${count === 1 ? '' : 's'}`,
  },
  keys: {
    fr: 'Ctrl+Espace propose, Ctrl+Z défait (dans le parcours aussi), Tab sort du texte.',
    en: 'Ctrl+Space proposes, Ctrl+Z undoes (in the path too), Tab leaves the text.',
  },
  undo: { fr: 'Défaire', en: 'Undo' },
  redo: { fr: 'Refaire', en: 'Redo' },
  step: { fr: 'Étape', en: 'Step' },
  actionsOf: {
    fr: (label: string) => `Actions sur « ${label} »`,
    en: (label: string) => `Actions on “${label}”`,
  },
  addAfter: { fr: 'Ajouter une étape après', en: 'Add a step after' },
  addFirst: { fr: 'Ajouter une étape au début', en: 'Add a step at the start' },
  addTo: {
    fr: (branch: string) => `Ajouter une étape à « ${branch} »`,
    en: (branch: string) => `Add a step to “${branch}”`,
  },
  moveUp: { fr: 'Monter', en: 'Move up' },
  moveDown: { fr: 'Descendre', en: 'Move down' },
  remove: { fr: 'Supprimer', en: 'Delete' },
  toText: { fr: 'Voir dans le fichier', en: 'Show in the file' },
  notHere: {
    fr: 'Cela ne peut pas se faire ici ; changez le texte.',
    en: 'This cannot be done here; change the text.',
  },
  chooseStep: {
    fr: 'Choisissez une étape dans le parcours ou dans le fichier pour la modifier ici.',
    en: 'Choose a step in the path or in the file to change it here.',
  },
  otherFields: {
    fr: 'Le reste de cette étape se change dans le fichier.',
    en: 'The rest of this step is changed in the file.',
  },
  pathOf: {
    fr: (name: string) => `Parcours de ${name}, de haut en bas`,
    en: (name: string) => `Path of ${name}, top to bottom`,
  },
  outlineOf: {
    fr: (name: string) => `Étapes de ${name}`,
    en: (name: string) => `Steps of ${name}`,
  },
  entryLabel: { fr: (what: string) => `Entrée : ${what}`, en: (what: string) => `Entry: ${what}` },
  end: { fr: 'Fin du scénario', en: 'End of the scenario' },
  problemHere: { fr: 'problème', en: 'problem' },
  noFile: { fr: 'Ce fichier n’existe pas', en: 'This file does not exist' },
  noFileHint: {
    fr: 'Il n’est ni publié ni en brouillon. Repartez de la liste des scénarios.',
    en: 'It is neither published nor drafted. Start again from the list of scenarios.',
  },
  drafts: { fr: 'Brouillons', en: 'Drafts' },
  draftsIntro: {
    fr: 'Changé ici et pas encore publié.',
    en: 'Changed here and not published yet.',
  },
  newScenario: { fr: 'Nouveau scénario', en: 'New scenario' },
  fromTemplate: { fr: 'Partir d’un modèle', en: 'Start from a template' },
  abandonedCart: { fr: 'Panier abandonné', en: 'Abandoned cart' },
  abandonedCartHint: {
    fr: 'Une heure après un panier, choisit la relance, s’arrête à la commande.',
    en: 'An hour after a cart, chooses the reminder, stops at the order.',
  },
  welcome: { fr: 'Bienvenue', en: 'Welcome' },
  welcomeHint: {
    fr: 'Un quart d’heure après l’inscription, accueille et attend la première commande.',
    en: 'A quarter of an hour after sign-up, welcomes and waits for the first order.',
  },
  winBack: { fr: 'Reconquête', en: 'Win-back' },
  winBackHint: {
    fr: 'À l’entrée dans un segment, choisit l’offre qui fait revenir.',
    en: 'On entering a segment, chooses the offer that brings people back.',
  },
  name: { fr: 'Nom', en: 'Name' },
  shortName: { fr: 'Nom court', en: 'Short name' },
  shortNameHint: {
    fr: 'Minuscules, chiffres et tirets ; le fichier en porte le nom et il ne change plus.',
    en: 'Lower case, digits and hyphens; the file is called by it and it does not change.',
  },
  create: { fr: 'Commencer', en: 'Start' },
  change: { fr: 'Changement', en: 'Change' },
  added: { fr: 'nouveau', en: 'new' },
  changed: { fr: 'changé', en: 'changed' },
  removed: { fr: 'à retirer', en: 'to be removed' },
  by: { fr: 'Par', en: 'By' },
  when: { fr: 'Le', en: 'On' },
});

/** Kinds of step as the menu names them. */
export const kindNames = texts({
  wait: { fr: 'Attendre une durée', en: 'Wait for a time' },
  wait_until: { fr: 'Attendre une heure', en: 'Wait until an hour' },
  wait_for: { fr: 'Attendre un évènement', en: 'Wait for an event' },
  deliver: { fr: 'Envoyer une action', en: 'Send an action' },
  decide: { fr: 'Choisir la meilleure action', en: 'Choose the best action' },
  split: { fr: 'Séparer selon une condition', en: 'Split by a condition' },
  experiment: { fr: 'Tirer au sort', en: 'Draw lots' },
  task: { fr: 'Donner une tâche à un commercial', en: 'Give a rep a task' },
  update: { fr: 'Noter sur le profil', en: 'Note on the profile' },
  emit: { fr: 'Émettre un évènement', en: 'Emit an event' },
  points: { fr: 'Donner des points', en: 'Give points' },
  parallel: { fr: 'Avancer de front', en: 'Go side by side' },
  repeat: { fr: 'Répéter', en: 'Repeat' },
  exit: { fr: 'Finir', en: 'End' },
});

/** Labels of steps, made from what is written. */
export const labelWords = texts({
  wait: { fr: (span: string) => `Attendre ${span}`, en: (span: string) => `Wait ${span}` },
  waitUntil: {
    fr: (time: string) => `Attendre ${time}`,
    en: (time: string) => `Wait until ${time}`,
  },
  waitFor: {
    fr: (what: string) => `Attendre : ${what}`,
    en: (what: string) => `Wait for: ${what}`,
  },
  split: { fr: 'Selon le cas', en: 'Depending on' },
  experiment: { fr: 'Tirage au sort', en: 'Experiment' },
  decide: {
    fr: (count: number) => `Choisir parmi ${count}`,
    en: (count: number) => `Choose among ${count}`,
  },
  deliver: { fr: (what: string) => `Envoyer « ${what} »`, en: (what: string) => `Send “${what}”` },
  deliverChosen: { fr: 'Envoyer ce qui est choisi', en: 'Send what was chosen' },
  task: { fr: (title: string) => `Tâche : ${title}`, en: (title: string) => `Task: ${title}` },
  update: { fr: (traits: string) => `Noter ${traits}`, en: (traits: string) => `Note ${traits}` },
  emit: { fr: (event: string) => `Émettre ${event}`, en: (event: string) => `Emit ${event}` },
  exit: { fr: (as: string) => `Fin : ${as}`, en: (as: string) => `End: ${as}` },
  unknown: { fr: 'Étape à écrire', en: 'Step to be written' },
  enters: {
    fr: (segment: string) => `entrée dans « ${segment} »`,
    en: (segment: string) => `entering “${segment}”`,
  },
  leaves: {
    fr: (segment: string) => `sortie de « ${segment} »`,
    en: (segment: string) => `leaving “${segment}”`,
  },
  or: { fr: ' ou ', en: ' or ' },
  happened: { fr: 'c’est arrivé', en: 'it happened' },
  notInTime: { fr: 'rien à temps', en: 'nothing in time' },
  otherwise: { fr: 'sinon', en: 'otherwise' },
  branch: { fr: 'branche', en: 'branch' },
  spanUnits: { fr: 's,min,h,j,sem.', en: 's,min,h,d,wk' },
  days: {
    fr: 'mon lun.,tue mar.,wed mer.,thu jeu.,fri ven.,sat sam.,sun dim.',
    en: 'mon Mon,tue Tue,wed Wed,thu Thu,fri Fri,sat Sat,sun Sun',
  },
});
