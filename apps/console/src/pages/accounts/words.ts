import { plural, several, texts } from '../../i18n/text.js';

/** Texts of accounts. */
export const accountWords = texts({
  title: { fr: 'Mes comptes', en: 'My accounts' },
  intro: {
    fr: 'Ceux où il se passe quelque chose d’abord.',
    en: 'Those where something happens first.',
  },
  list: { fr: 'Comptes', en: 'Accounts' },
  searchLabel: { fr: 'Rechercher un compte', en: 'Search for an account' },
  searchHint: { fr: 'Nom du compte', en: 'Name of the account' },
  people: { fr: 'Personnes', en: 'People' },
  revenue365: { fr: 'CA sur 365 jours', en: 'Revenue, 365 days' },
  news: { fr: 'Dernière nouvelle', en: 'Last news' },
  toDo: { fr: 'À faire', en: 'To do' },
  tasksOpen: {
    fr: (count: number) => `${count} tâche${several(count)}`,
    en: (count: number) => `${count} task${plural(count)}`,
  },
  overdue: {
    fr: (count: number) => `dont ${count} en retard`,
    en: (count: number) => `${count} overdue`,
  },
  complaintsOpen: {
    fr: (count: number) => `${count} réclamation${several(count)} ouverte${several(count)}`,
    en: (count: number) => `${count} open complaint${plural(count)}`,
  },
  quiet: { fr: 'Rien de neuf', en: 'Nothing new' },
  emptyTitle: { fr: 'Aucun compte encore', en: 'No account yet' },
  empty: {
    fr: 'Les comptes viennent de votre CRM ou d’un import : « npx relance import accounts ». Ceux dont vous êtes le commercial paraissent ici.',
    en: 'Accounts come from your CRM or an import: “npx relance import accounts”. Those you own appear here.',
  },
  noMatchTitle: { fr: 'Aucun compte ne correspond', en: 'No account matches' },
  noMatch: { fr: 'Essayez une partie du nom.', en: 'Try a part of the name.' },
  story: { fr: 'Ce que les campagnes ont fait', en: 'What the campaigns did' },
  noStory: {
    fr: 'Rien encore. Les lignes paraissent au premier message, commande ou tâche.',
    en: 'Nothing yet. Lines appear with the first message, order or task.',
  },
  next: { fr: 'Que faire maintenant', en: 'What to do now' },
  noTask: { fr: 'Aucune tâche en attente pour ce compte.', en: 'No task waits for this account.' },
  complaints: { fr: 'Réclamations ouvertes', en: 'Open complaints' },
  revenue: { fr: 'Commandes et contacts, 365 jours', en: 'Orders and touches, 365 days' },
  revenuePlot: {
    fr: 'Montant des commandes par semaine, chaque contact marqué',
    en: 'Order amounts by week, each touch marked',
  },
  noRevenue: {
    fr: 'Aucune commande ces 365 derniers jours.',
    en: 'No order in the last 365 days.',
  },
  ordersOfWeek: { fr: 'Commandes', en: 'Orders' },
  touches: { fr: 'Contacts', en: 'Touches' },
  week: { fr: 'Semaine du', en: 'Week of' },
  orders: { fr: 'Nombre', en: 'Count' },
  amount: { fr: 'Montant', en: 'Amount' },
  lastOrder: {
    fr: (when: string) => `dernière commande ${when}`,
    en: (when: string) => `last order ${when}`,
  },
  noOrder: { fr: 'aucune commande', en: 'no order' },
  othersToo: {
    fr: (count: number, shown: string) => `et ${shown} autre${several(count)}`,
    en: (_: number, shown: string) => `and ${shown} more`,
  },
  upcoming: { fr: 'Prévu dans les 7 jours', en: 'Due to go out within 7 days' },
  noUpcoming: { fr: 'Rien de prévu.', en: 'Nothing is due.' },
  siren: { fr: (siren: string) => `SIREN ${siren}`, en: (siren: string) => `SIREN ${siren}` },
});
