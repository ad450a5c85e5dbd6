/** A text in both languages. */
type Pair = readonly [fr: string, en: string];

/** A page of the console and what it must say. */
export interface PageCase {
  readonly name: string;
  readonly path: string;
  /** Its heading and title when there is data. */
  readonly title: Pair;
  /** Its heading where the data did not come; the same where it does not depend on any. */
  readonly failingTitle?: Pair;
  /** Its heading where nothing is there yet; the same where it does not depend on it. */
  readonly emptyTitle?: Pair;
  readonly full: Pair;
  readonly empty: Pair;
}

/** Every page, with a sentence that only its data brings, and one that only their absence does. */
export const PAGES: readonly PageCase[] = [
  {
    name: 'today',
    path: '/today',
    title: ['Aujourd’hui', 'Today'],
    full: ['34 messages retenus depuis hier', '34 messages withheld since yesterday'],
    empty: ['Aucun scénario ne tourne encore', 'No scenario runs yet'],
  },
  {
    name: 'scenarios',
    path: '/scenarios',
    title: ['Scénarios', 'Scenarios'],
    full: ['Relance panier', 'Abandoned cart'],
    empty: ['Aucun scénario publié', 'No scenario published'],
  },
  {
    name: 'scenario',
    path: '/scenarios/abandoned-cart',
    title: ['Relance panier', 'Abandoned cart'],
    failingTitle: ['Scénario', 'Scenario'],
    full: ['86 ici', '86 here'],
    empty: [
      'Le fichier de cette version n’est plus conservé.',
      'The file of this version is no longer kept.',
    ],
  },
  {
    name: 'scenario-people',
    path: '/scenarios/abandoned-cart?tab=people',
    title: ['Relance panier', 'Abandoned cart'],
    failingTitle: ['Scénario', 'Scenario'],
    full: ['Inès Carpentier', 'Inès Carpentier'],
    empty: ['Personne ici pour l’instant', 'Nobody here at the moment'],
  },
  {
    name: 'scenario-results',
    path: '/scenarios/abandoned-cart?tab=results',
    title: ['Relance panier', 'Abandoned cart'],
    failingTitle: ['Scénario', 'Scenario'],
    full: ['Témoin, non sollicité', 'Held out, left alone'],
    empty: ['Pas encore de résultat', 'No result yet'],
  },
  {
    name: 'scenario-decisions',
    path: '/scenarios/abandoned-cart?tab=decisions',
    title: ['Relance panier', 'Abandoned cart'],
    failingTitle: ['Scénario', 'Scenario'],
    full: ['Livraison offerte', 'Free delivery'],
    empty: ['Aucune décision encore', 'No decision yet'],
  },
  {
    name: 'scenario-coverage',
    path: '/scenarios/abandoned-cart?tab=coverage',
    title: ['Relance panier', 'Abandoned cart'],
    failingTitle: ['Scénario', 'Scenario'],
    full: ['Sans consentement (courriel)', 'Without consent (e-mail)'],
    empty: ['Rien ne manque', 'Nothing is lacking'],
  },
  {
    name: 'scenario-versions',
    path: '/scenarios/abandoned-cart?tab=versions',
    title: ['Relance panier', 'Abandoned cart'],
    failingTitle: ['Scénario', 'Scenario'],
    full: ['marketing@maison-lumen.example', 'marketing@maison-lumen.example'],
    empty: ['Une seule version jusqu’ici.', 'One version so far.'],
  },
  {
    name: 'editor',
    path: '/editor?file=abandoned-cart.yaml',
    title: ['Modifier : Relance panier', 'Edit: Abandoned cart'],
    emptyTitle: ['Modifier : abandoned-cart.yaml', 'Edit: abandoned-cart.yaml'],
    failingTitle: ['Modifier un scénario', 'Edit a scenario'],
    full: ['Ligne 13 : « 20x » ne convient pas.', 'Line 13: "20x" does not fit.'],
    empty: ['Aucun problème', 'No problem'],
  },
  {
    name: 'people',
    path: '/people',
    title: ['Personnes', 'People'],
    full: ['Léa Fontaine', 'Léa Fontaine'],
    empty: ['Personne encore', 'Nobody yet'],
  },
  {
    name: 'person',
    path: '/people/prf_lea',
    title: ['Léa Fontaine', 'Léa Fontaine'],
    failingTitle: ['Personne', 'Person'],
    full: ['SMS impossible : aucun consentement.', 'SMS not allowed: no consent.'],
    empty: ['Rien de tel encore', 'Nothing of the kind yet'],
  },
  {
    name: 'accounts',
    path: '/accounts',
    title: ['Comptes', 'Accounts'],
    full: ['A commandé 1 290,00 € le 21/11', 'Ordered €1,290.00 on 21/11'],
    empty: ['Aucun compte encore', 'No account yet'],
  },
  {
    name: 'account',
    path: '/accounts/acc_atelier',
    title: ['Atelier des Tilleuls', 'Atelier des Tilleuls'],
    failingTitle: ['Compte', 'Account'],
    full: ['Appeler Marc pour son réassort', 'Call Marc about his re-order'],
    empty: ['Aucune tâche en attente pour ce compte.', 'No task waits for this account.'],
  },
  {
    name: 'tasks',
    path: '/tasks',
    title: ['Tâches', 'Tasks'],
    full: ['Appeler Marc pour son réassort', 'Call Marc about his re-order'],
    empty: ['Rien à faire pour l’instant', 'Nothing to do for now'],
  },
  {
    name: 'messages',
    path: '/messages?id=2',
    title: ['Messages', 'Messages'],
    full: ['Accepté par le serveur de courrier.', 'Accepted by the mail server.'],
    empty: ['Aucun message encore', 'No message yet'],
  },
  {
    name: 'decisions',
    path: '/decisions',
    title: ['Décisions', 'Decisions'],
    full: ['Livraison offerte', 'Free delivery'],
    empty: ['Aucune décision encore', 'No decision yet'],
  },
  {
    name: 'decision',
    path: '/decisions/dec_1',
    title: ['Décision pour Léa Fontaine', 'Decision for Léa Fontaine'],
    failingTitle: ['Décision', 'Decision'],
    full: ['A commandé 129,90 €.', 'Ordered €129.90.'],
    empty: ['Rien ne s’est encore passé.', 'Nothing has happened yet.'],
  },
  {
    name: 'results',
    path: '/results',
    title: ['Résultats', 'Results'],
    full: ['Témoin, non sollicité', 'Held out, left alone'],
    empty: ['Pas encore de résultat', 'No result yet'],
  },
  {
    name: 'dead-letters',
    path: '/dead-letters',
    title: ['Lettres mortes', 'Dead letters'],
    full: ['La ligne ne peut pas être lue.', 'The row cannot be read.'],
    empty: ['Aucune lettre morte', 'No dead letter'],
  },
  {
    name: 'enrolments',
    path: '/enrolments',
    title: ['Parcours à surveiller', 'Enrolments to look after'],
    full: ['Devait continuer depuis 2 h.', 'Should have gone on for 2 h.'],
    empty: ['Aucun souci', 'No trouble'],
  },
  {
    name: 'status',
    path: '/status',
    title: ['État', 'Status'],
    full: ['La connexion est refusée.', 'The connection is refused.'],
    empty: ['Tout va bien.', 'All is well.'],
  },
  {
    name: 'tables',
    path: '/tables',
    title: ['Tables', 'Tables'],
    full: ['Une décision.', 'A decision.'],
    empty: ['Aucune table encore', 'No table yet'],
  },
];

/** What every page says where the engine cannot answer. */
export const FAILURE: Pair = [
  'Le moteur n’est pas en état de répondre à cela pour l’instant.',
  'The engine is not able to answer this for now.',
];
