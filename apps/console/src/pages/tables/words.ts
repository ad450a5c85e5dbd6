import { texts } from '../../i18n/text.js';

/** Texts of the tables that analysts query. */
export const tableWords = texts({
  title: { fr: 'Tables', en: 'Tables' },
  intro: {
    fr: 'Interrogez les mêmes chiffres avec votre outil : tout client ClickHouse convient.',
    en: 'Query the same figures with your own tool: any ClickHouse client will do.',
  },
  connection: { fr: 'Connexion', en: 'Connection' },
  address: { fr: 'Adresse', en: 'Address' },
  database: { fr: 'Base', en: 'Database' },
  user: { fr: 'Utilisateur', en: 'User' },
  password: { fr: 'Mot de passe', en: 'Password' },
  readOnly: { fr: 'lecture seule', en: 'read only' },
  reveal: { fr: 'Montrer', en: 'Show' },
  hide: { fr: 'Cacher', en: 'Hide' },
  command: { fr: 'En ligne de commande', en: 'On the command line' },
  examples: { fr: 'Exemples à copier', en: 'Examples to copy' },
  schema: { fr: 'Tables et colonnes', en: 'Tables and columns' },
  column: { fr: 'Colonne', en: 'Column' },
  type: { fr: 'Type', en: 'Type' },
  meaning: { fr: 'Sens', en: 'Meaning' },
  emptyTitle: { fr: 'Aucune table encore', en: 'No table yet' },
  empty: {
    fr: 'Les tables paraissent quand le moteur d’analyse a démarré ; voyez la page État.',
    en: 'Tables appear once the analytics engine has started; see the Status page.',
  },
  results: {
    fr: 'Ce que chaque scénario a rapporté depuis 30 jours',
    en: 'What each scenario brought in the last 30 days',
  },
  losses: {
    fr: 'Pourquoi les actions ont été écartées depuis 7 jours',
    en: 'Why actions were set aside in the last 7 days',
  },
  fresh: { fr: 'Fraîcheur de chaque table', en: 'Freshness of each table' },
  learning: {
    fr: 'Part des choix à l’essai et gain, par action',
    en: 'Share of exploring choices and reward, by action',
  },
});
