import {
  FACT_KEY,
  FLAG,
  MONEY,
  MONEY_OR_NULL,
  NUMBER,
  NUMBER_OR_NULL,
  TEXT,
  TIME,
  WORD,
  column,
  common,
  type TableSpec,
} from './spec.js';

const decisionKey = column('decision_id', TEXT, 'Id of the decision', 'Identifiant de la décision');
const decidedAt = column('decided_at', TIME, 'When it was decided, UTC', 'Instant, UTC');

const decisions: TableSpec = {
  name: 'decisions',
  grain: {
    en: 'A decision, also when it chose nothing',
    fr: 'Une décision, même quand elle n’a rien choisi',
  },
  key: 'decision_id',
  month: 'decided_at',
  keep: 'results',
  columns: [
    decisionKey,
    common.enrolmentId,
    common.scenario,
    common.definition,
    common.stepId,
    common.profileId,
    decidedAt,
    common.group,
    column(
      'mode',
      WORD,
      'live acts; shadow, apprentice and simulated only record',
      'live agit ; shadow, apprentice et simulated ne font que noter',
    ),
    column('model', WORD, 'betaTS, random, rules...', 'betaTS, random, rules...'),
    column('model_version', WORD, 'State of the model used', 'État du modèle utilisé'),
    column('policy', WORD, 'Version of the rules applied', 'Version des règles appliquées'),
    column('seed', TEXT, 'Replays the same choice', 'Rejoue le même choix'),
    column('chosen_action', WORD, 'Action chosen', 'Action choisie'),
    column('chosen_treatment', WORD, 'Treatment chosen', 'Traitement choisi'),
    column(
      'chosen_propensity',
      NUMBER,
      'Exact chance that this candidate was chosen, 0 to 1',
      'Probabilité exacte que ce candidat soit choisi, de 0 à 1',
    ),
    column(
      'explored',
      FLAG,
      '1 when chance, not the best score, chose',
      '1 si le hasard, et non le meilleur score, a choisi',
    ),
    column('epsilon', NUMBER, 'Floor of uniform choice, 0 to 1', 'Part de choix uniforme, 0 à 1'),
    column('n_candidates', 'UInt32', 'Candidates looked at', 'Candidats examinés'),
    column('n_eligible', 'UInt32', 'Candidates that passed', 'Candidats retenus'),
    column(
      'fallback_reason',
      WORD,
      'Why the fallback answered; empty when it did not',
      'Pourquoi le repli a répondu ; vide sinon',
    ),
    column('latency_us', 'UInt32', 'Time to decide, microseconds', 'Durée, microsecondes'),
    column(
      'features',
      `Map(String, ${NUMBER})`,
      'What the model saw, by name',
      'Ce que le modèle a vu, par nom',
    ),
    common.sample,
  ],
  example: {
    title: {
      en: 'What each action was worth, weighted by propensity',
      fr: 'Ce que vaut chaque action, pondérée par la propension',
    },
    sql:
      'SELECT d.chosen_action, count() AS decisions,\n' +
      '       sum(r.value / d.chosen_propensity) / sum(1 / d.chosen_propensity) AS snips\n' +
      'FROM relance.decisions AS d\n' +
      'JOIN relance.rewards AS r ON r.decision_id = d.decision_id\n' +
      'WHERE r.is_final = 1 GROUP BY d.chosen_action ORDER BY snips DESC',
  },
};

const decisionCandidates: TableSpec = {
  name: 'decision_candidates',
  grain: {
    en: 'A candidate (action and treatment) of a decision, chosen or not',
    fr: 'Un candidat (action et traitement) d’une décision, choisi ou non',
  },
  key: 'fact_key',
  month: 'decided_at',
  keep: 'results',
  hidden: [FACT_KEY],
  columns: [
    decisionKey,
    common.action,
    common.treatment,
    common.channel,
    column(
      'stage',
      WORD,
      'Last stage reached, or the one that refused it',
      'Dernière étape atteinte, ou celle qui l’a écarté',
    ),
    column('passed', FLAG, '1 when nothing refused it', '1 si rien ne l’a écarté'),
    column('reason', WORD, 'Why it was refused; empty when passed', 'Motif du refus ; vide sinon'),
    column('reason_detail', TEXT, 'Detail of the reason', 'Détail du motif'),
    column('p_raw', NUMBER_OR_NULL, 'Chance by the model, 0 to 1', 'Chance selon le modèle, 0 à 1'),
    column('p_sampled', NUMBER_OR_NULL, 'Chance as drawn, 0 to 1', 'Chance tirée, 0 à 1'),
    column('p_calibrated', NUMBER_OR_NULL, 'Chance calibrated, 0 to 1', 'Chance calibrée, 0 à 1'),
    column('sd', NUMBER_OR_NULL, 'Standard deviation of p_raw', 'Écart type de p_raw'),
    column('value', MONEY_OR_NULL, 'Value of a good outcome', 'Valeur d’un résultat favorable'),
    column('context_weight', NUMBER, 'Weight of the context', 'Poids du contexte'),
    column('lever', NUMBER, 'Weight given by marketing', 'Poids donné par le marketing'),
    column('cost', MONEY, 'Cost of the treatment', 'Coût du traitement'),
    column('score', NUMBER_OR_NULL, 'Chance x value x weights - cost', 'Score final'),
    column(
      'propensity',
      NUMBER,
      'Exact chance of being chosen; the candidates of a decision sum to 1',
      'Probabilité exacte d’être choisi ; somme 1 sur une décision',
    ),
    column('rank', 'Nullable(UInt32)', '1 is the best score', '1 est le meilleur score'),
    column(
      'contributions',
      `Array(Tuple(feature String, value ${NUMBER}))`,
      'What moved the score, strongest first',
      'Ce qui a fait le score, du plus fort au plus faible',
    ),
    common.scenario,
    common.stepId,
    decidedAt,
    common.group,
    column('chosen', FLAG, '1 on the candidate chosen', '1 sur le candidat choisi'),
    common.profileId,
    common.sample,
  ],
  example: {
    title: { en: 'Why actions are refused', fr: 'Pourquoi les actions sont écartées' },
    sql:
      'SELECT action, stage, reason, count() AS times FROM relance.decision_candidates\n' +
      'WHERE passed = 0 GROUP BY action, stage, reason ORDER BY times DESC',
  },
};

const outcomes: TableSpec = {
  name: 'outcomes',
  grain: {
    en: 'An observed response, attributed; an event may have several',
    fr: 'Une réponse observée, attribuée ; un évènement peut en avoir plusieurs',
  },
  key: 'outcome_id',
  month: 'at',
  keep: 'results',
  columns: [
    column('outcome_id', TEXT, 'Id of the outcome, unique', 'Identifiant du résultat, unique'),
    column(
      'kind',
      WORD,
      'clicked, visited, converted, rated, replied, unsubscribed, complained, task_done, no_response',
      'clicked, visited, converted, rated, replied, unsubscribed, complained, task_done, no_response',
    ),
    common.profileId,
    common.accountId,
    column('at', TIME, 'When it happened, UTC', 'Quand il a eu lieu, UTC'),
    column('value', MONEY_OR_NULL, 'Amount in currency', 'Montant en currency'),
    common.currency,
    column('event_id', TEXT, 'Event behind it; empty when none', 'Évènement ; vide si aucun'),
    column(
      'delivery_id',
      TEXT,
      'Message credited: the last clicked in 14 days, else the last sent; empty when none',
      'Message crédité : le dernier cliqué en 14 jours, sinon le dernier envoyé ; vide sinon',
    ),
    common.decisionId,
    common.scenario,
    column(
      'attributed_by',
      WORD,
      'goal, holdout: goal of a run; window: counts for the reward of decision_id; direct: names its message',
      'goal, holdout : objectif d’un parcours ; window : compte pour la récompense de decision_id ; direct : nomme son message',
    ),
    common.enrolmentId,
    common.sample,
  ],
  example: {
    title: {
      en: 'Revenue credited to messages, by scenario',
      fr: 'Chiffre d’affaires crédité aux messages, par scénario',
    },
    sql:
      'SELECT scenario, currency, sum(value) AS revenue FROM relance.outcomes\n' +
      "WHERE kind = 'converted' AND attributed_by = 'goal' AND delivery_id != ''\n" +
      'GROUP BY scenario, currency',
  },
};

const rewards: TableSpec = {
  name: 'rewards',
  grain: {
    en: 'The value credited to one decision for one reward',
    fr: 'La valeur créditée à une décision pour une récompense',
  },
  key: 'fact_key',
  month: null,
  keep: 'results',
  hidden: [FACT_KEY],
  columns: [
    decisionKey,
    column('reward', WORD, 'Name of the reward', 'Nom de la récompense'),
    column('value', NUMBER, 'In the unit of the reward', 'Dans l’unité de la récompense'),
    column('matured_at', TIME, 'When its window closes, UTC', 'Fermeture de sa fenêtre, UTC'),
    column('is_final', FLAG, '1 when it cannot change any more', '1 si elle ne changera plus'),
    common.scenario,
    common.stepId,
    common.action,
    common.treatment,
    common.profileId,
    common.sample,
  ],
  example: {
    title: { en: 'Mean reward by action', fr: 'Récompense moyenne par action' },
    sql:
      'SELECT scenario, action, treatment, reward, count() AS decisions, avg(value) AS mean\n' +
      'FROM relance.rewards WHERE is_final = 1\n' +
      'GROUP BY scenario, action, treatment, reward ORDER BY scenario, mean DESC',
  },
};

/** Tables about what was decided and what it was worth. */
export const DECISION_TABLES: readonly TableSpec[] = [
  decisions,
  decisionCandidates,
  outcomes,
  rewards,
];
