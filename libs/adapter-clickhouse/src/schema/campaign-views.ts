import {
  FLAG,
  MONEY,
  NUMBER,
  NUMBER_OR_NULL,
  TIME_OR_NULL,
  WORD,
  column,
  common,
  type ColumnSpec,
  type ViewSpec,
} from './spec.js';

/** What the views for people depend on. */
export interface ViewSettings {
  /** IANA zone of the business: the days and months of people. */
  readonly timezone: string;
  /** ISO 4217: the currency whose rows carry the counts, and that lift in money is told in. */
  readonly currency: string;
}

/** Two-sided 95 %. */
const Z = 1.959964;

const count = (name: string, en: string, fr: string) => column(name, 'UInt64', en, fr);

const MET = `kind = 'converted' AND attributed_by IN ('goal', 'holdout') AND enrolment_id != ''`;

/** One row per run and event that met its goal: an event counts once, whatever credits it has. */
const GOALS = `
    SELECT enrolment_id, currency, if(event_id = '', outcome_id, event_id) AS cause,
           max(coalesce(value, 0)) AS amount
    FROM relance.outcomes WHERE ${MET} GROUP BY enrolment_id, currency, cause`;

/**
 * What happened to runs, as rows that add up. Nothing is joined here, so that the runs have to be
 * held in memory once and not once a branch.
 */
function campaignFacts(currency: string): string {
  const main = `'${currency}' AS currency`;
  const zero = 'toDecimal128(0, 4)';
  const sent = `state IN ('accepted', 'uncertain', 'delivered', 'bounced', 'complained')
        AND enrolment_id != ''`;
  return `
    SELECT enrolment_id, ${main}, 1 AS n_sent, state IN ('delivered', 'complained') AS n_delivered,
           0 AS n_clicked, 0 AS n_converted, ${zero} AS amount_in,
           if(d.currency = '${currency}', toDecimal128(cost, 4), ${zero}) AS amount_out
    FROM relance.deliveries AS d WHERE ${sent}
    UNION ALL
    SELECT enrolment_id, currency, 0, 0, 0, 0, ${zero}, toDecimal128(cost, 4)
    FROM relance.deliveries WHERE ${sent} AND cost != 0 AND currency != '${currency}'
    UNION ALL
    SELECT any(enrolment_id), ${main}, 0, 0, 1, 0, ${zero}, ${zero}
    FROM relance.delivery_events WHERE kind = 'clicked' AND enrolment_id != '' GROUP BY delivery_id
    UNION ALL
    SELECT enrolment_id, ${main}, 0, 0, 0, 1, ${zero}, ${zero}
    FROM relance.outcomes WHERE ${MET} GROUP BY enrolment_id
    UNION ALL
    SELECT enrolment_id, currency, 0, 0, 0, 0, toDecimal128(amount, 4), ${zero}
    FROM (${GOALS}) WHERE amount != 0`;
}

const RESULT_COLUMNS: readonly ColumnSpec[] = [
  common.scenario,
  common.definition,
  common.group,
  column('entry_day', 'Date', 'Day of entry where the business is', 'Jour local d’entrée'),
  common.currency,
  count('entered', 'Runs that entered', 'Parcours entrés'),
  count('sent', 'Messages a provider took, or may have', 'Messages remis à un prestataire'),
  count('delivered', 'Messages that arrived', 'Messages arrivés'),
  count('human_clicks', 'Messages clicked by a person', 'Messages cliqués par une personne'),
  count('converted', 'Runs whose goal was met', 'Parcours dont l’objectif est atteint'),
  column('revenue', 'Decimal(38, 4)', 'Of the events that met the goal', 'Des objectifs'),
  column('cost', 'Decimal(38, 4)', 'Of the messages sent', 'Des messages envoyés'),
  column(
    'matures_at',
    TIME_OR_NULL,
    'When the last window of the row closes, UTC: before, it may grow',
    'Fermeture de la dernière fenêtre de la ligne, UTC : avant, elle peut croître',
  ),
  common.sample,
];

/** A row per scenario, version, group and day of entry; every number adds up over rows. */
export function campaignResults({ timezone, currency }: ViewSettings): ViewSpec {
  const runs = `
    SELECT enrolment_id, scenario, definition, \`group\`,
           toDate(entered_at, '${timezone}') AS entry_day, matures_at, sample
    FROM relance.enrolments`;
  const keys = 'scenario, definition, `group`, entry_day, sample';
  return {
    name: 'campaign_results',
    grain: {
      en:
        'Scenario, version, group, day of entry and currency. Counts stand on the rows of ' +
        `${currency}; other currencies carry amounts only, so that everything adds up`,
      fr:
        'Scénario, version, groupe, jour d’entrée et devise. Les effectifs sont sur les lignes ' +
        `en ${currency} ; les autres devises ne portent que des montants, donc tout s’additionne`,
    },
    columns: RESULT_COLUMNS,
    select: `
SELECT scenario, definition, \`group\`, entry_day, currency,
       toUInt64(sum(n_entered)) AS entered, toUInt64(sum(n_sent)) AS sent,
       toUInt64(sum(n_delivered)) AS delivered, toUInt64(sum(n_clicked)) AS human_clicks,
       toUInt64(sum(n_converted)) AS converted, sum(amount_in) AS revenue,
       sum(amount_out) AS cost, max(ripe) AS matures_at, sample
FROM (
  SELECT ${keys}, '${currency}' AS currency, 1 AS n_entered, 0 AS n_sent, 0 AS n_delivered,
         0 AS n_clicked, 0 AS n_converted, toDecimal128(0, 4) AS amount_in,
         toDecimal128(0, 4) AS amount_out, matures_at AS ripe
  FROM (${runs})
  UNION ALL
  SELECT ${keys}, currency, 0, n_sent, n_delivered, n_clicked, n_converted, amount_in, amount_out,
         NULL
  FROM (${campaignFacts(currency)}) AS f JOIN (${runs}) AS r ON r.enrolment_id = f.enrolment_id
)
GROUP BY scenario, definition, \`group\`, entry_day, currency, sample`,
    example: {
      title: { en: 'Results of a month by scenario', fr: 'Résultats d’un mois par scénario' },
      sql:
        'SELECT scenario, currency, sum(entered) AS entered, sum(sent) AS sent,\n' +
        '       sum(human_clicks) AS clicks, sum(converted) AS converted,\n' +
        '       sum(revenue) AS revenue\n' +
        'FROM relance.campaign_results\n' +
        "WHERE toStartOfMonth(entry_day) = '2026-10-01' GROUP BY scenario, currency",
    },
  };
}

/** Bounds of a share by Wilson's score interval, as SQL. */
function wilson(hits: string, total: string, side: '-' | '+'): string {
  const p = `(${hits} / ${total})`;
  const spread = `${Z} * sqrt(${p} * (1 - ${p}) / ${total} + ${Z * Z} / (4 * ${total} * ${total}))`;
  return `((${p} + ${Z * Z} / (2 * ${total}) ${side} ${spread}) / (1 + ${Z * Z} / ${total}))`;
}

const LIFT_COLUMNS = [
  common.scenario,
  column('period', WORD, 'all, or month of entry as 2026-11', 'all, ou mois d’entrée : 2026-11'),
  column('compared_to', WORD, 'holdout or random_control', 'holdout ou random_control'),
  count('treated', 'People who entered in the group policy', 'Personnes entrées, groupe policy'),
  count('control', 'People who entered in compared_to', 'Personnes entrées dans compared_to'),
  count('treated_converted', 'Of treated, who met the goal', 'Dont objectif atteint'),
  count('control_converted', 'Of control, who met the goal', 'Dont objectif atteint'),
  column('treated_rate', NUMBER, 'treated_converted / treated', 'treated_converted / treated'),
  column('control_rate', NUMBER, 'control_converted / control', 'control_converted / control'),
  column('lift', NUMBER, 'treated_rate - control_rate', 'treated_rate - control_rate'),
  column('lift_low', NUMBER, 'Lower bound of lift, 95 %', 'Borne basse de lift, 95 %'),
  column('lift_high', NUMBER, 'Upper bound of lift, 95 %', 'Borne haute de lift, 95 %'),
  column('relative_lift', NUMBER_OR_NULL, 'lift / control_rate', 'lift / control_rate'),
  column('significant', FLAG, '1 when the interval leaves out 0', '1 si l’intervalle exclut 0'),
  common.currency,
  column('treated_revenue', MONEY, 'A person, in currency', 'Par personne, en currency'),
  column('control_revenue', MONEY, 'A person, in currency', 'Par personne, en currency'),
  column('revenue_lift', NUMBER, 'Difference a person, in currency', 'Écart par personne'),
  column('revenue_lift_low', NUMBER_OR_NULL, 'Lower bound, 95 %', 'Borne basse, 95 %'),
  column('revenue_lift_high', NUMBER_OR_NULL, 'Upper bound, 95 %', 'Borne haute, 95 %'),
  column(
    'sample_ratio_p',
    NUMBER_OR_NULL,
    'Chance of a split this far from the shares asked for; null when they are unknown',
    'Probabilité d’un partage aussi loin des parts demandées ; null si elles sont inconnues',
  ),
  column(
    'sample_ratio_ok',
    'Nullable(UInt8)',
    '0 when sample_ratio_p is under 0.001: do not trust the row',
    '0 si sample_ratio_p est sous 0,001 : ne pas se fier à la ligne',
  ),
  count('mixed', 'People of mixed groups after a merge', 'Personnes de groupes mêlés'),
  column('matures_at', TIME_OR_NULL, 'When it is final, UTC', 'Quand c’est définitif, UTC'),
  common.sample,
] as const;

/** One row a person, scenario and period, once per comparison the person takes part in. */
function liftPeople({ timezone, currency }: ViewSettings): string {
  return `
  SELECT e.scenario AS scenario, e.profile_id AS person, e.sample AS sample,
         arrayJoin(['all', formatDateTime(e.entered_at, '%Y-%m', '${timezone}')]) AS period,
         arrayJoin(if(e.group = 'policy', ['holdout', 'random_control'], [e.group])) AS versus,
         e.group = 'policy' AS is_treated,
         max(g.hits > 0) AS has_converted, sum(toFloat64(g.amount)) AS spent,
         max(e.mixed) AS is_mixed, max(e.matures_at) AS ripe,
         any(s.group_shares['policy']) AS wanted, any(s.group_shares[versus]) AS wanted_versus,
         wanted / (wanted + wanted_versus) AS share
  FROM relance.enrolments AS e
  LEFT JOIN (
    SELECT enrolment_id, count() AS hits,
           sumIf(amount, currency = '${currency}') AS amount
    FROM (${GOALS}) GROUP BY enrolment_id
  ) AS g ON g.enrolment_id = e.enrolment_id
  LEFT JOIN relance.scenarios AS s ON s.scenario = e.scenario AND s.definition = e.definition
  WHERE e.group IN ('policy', 'holdout', 'random_control')
  GROUP BY e.scenario, e.profile_id, e.sample, e.group, period, versus`;
}

/** Lift of the treated over holdout and random control, by assigned group, a person once a period. */
export function campaignLift(settings: ViewSettings): ViewSpec {
  const low = (hits: string, total: string) => wilson(hits, total, '-');
  const high = (hits: string, total: string) => wilson(hits, total, '+');
  const [t, tk, c, ck] = ['treated', 'treated_converted', 'control', 'control_converted'];
  const square = (term: string) => `pow(${term}, 2)`;
  return {
    name: 'campaign_lift',
    grain: {
      en:
        'Scenario, period of entry and comparison. A person counts once a period, in the group ' +
        'assigned at entry, whatever was sent. Rates by Newcombe’s interval, money by Welch’s',
      fr:
        'Scénario, période d’entrée et comparaison. Une personne compte une fois par période, ' +
        'dans le groupe attribué à l’entrée, quoi qu’on lui ait envoyé. Intervalle de Newcombe ' +
        'pour les taux, de Welch pour les montants',
    },
    columns: LIFT_COLUMNS,
    select: `
SELECT scenario, period, compared_to, treated, control, treated_converted, control_converted,
       treated_converted / treated AS treated_rate, control_converted / control AS control_rate,
       treated_rate - control_rate AS lift,
       lift - sqrt(${square(`treated_rate - ${low(tk, t)}`)} + ${square(`${high(ck, c)} - control_rate`)}) AS lift_low,
       lift + sqrt(${square(`${high(tk, t)} - treated_rate`)} + ${square(`control_rate - ${low(ck, c)}`)}) AS lift_high,
       if(control_rate > 0, lift / control_rate, NULL) AS relative_lift,
       toUInt8(lift_low > 0 OR lift_high < 0) AS significant,
       '${settings.currency}' AS currency,
       toDecimal64(mean_treated, 4) AS treated_revenue,
       toDecimal64(mean_control, 4) AS control_revenue,
       mean_treated - mean_control AS revenue_lift,
       revenue_lift - ${Z} * spread AS revenue_lift_low,
       revenue_lift + ${Z} * spread AS revenue_lift_high,
       if(unknown_shares = 0 AND split_variance > 0,
          erfc(abs(treated - expected_treated) / sqrt(2 * split_variance)), NULL) AS sample_ratio_p,
       toUInt8(sample_ratio_p >= 0.001) AS sample_ratio_ok,
       mixed, matures_at, sample
FROM (
  SELECT scenario, period, versus AS compared_to, sample,
         countIf(is_treated) AS treated, countIf(NOT is_treated) AS control,
         countIf(is_treated AND has_converted) AS treated_converted,
         countIf(NOT is_treated AND has_converted) AS control_converted,
         avgIf(spent, is_treated) AS mean_treated, avgIf(spent, NOT is_treated) AS mean_control,
         if(treated > 1 AND control > 1,
            sqrt(varSampIf(spent, is_treated) / treated + varSampIf(spent, NOT is_treated) / control),
            NULL) AS spread,
         countIf(isNaN(share)) AS unknown_shares, sum(share) AS expected_treated, sum(share * (1 - share)) AS split_variance,
         countIf(is_mixed = 1) AS mixed, max(ripe) AS matures_at
  FROM (${liftPeople(settings)})
  GROUP BY scenario, period, versus, sample
)
WHERE treated > 0 AND control > 0`,
    example: {
      title: { en: 'What each scenario changes', fr: 'Ce que change chaque scénario' },
      sql:
        'SELECT scenario, compared_to, treated, control, lift, lift_low, lift_high,\n' +
        '       sample_ratio_ok, matures_at\n' +
        "FROM relance.campaign_lift WHERE period = 'all' ORDER BY scenario",
    },
  };
}
