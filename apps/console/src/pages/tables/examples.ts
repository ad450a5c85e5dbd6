/**
 * Queries that run as they stand on the public tables. Days count back from the newest row, not from
 * `now()`: the engine's clock may run ahead of the database's.
 */
export const EXAMPLES: readonly {
  readonly title: 'results' | 'losses' | 'learning' | 'fresh';
  readonly sql: string;
}[] = [
  {
    title: 'results',
    sql: `SELECT scenario, \`group\`, currency,
       sum(entered) AS entered, sum(sent) AS sent,
       sum(converted) AS converted, sum(revenue) AS revenue, sum(cost) AS cost
FROM relance.campaign_results
WHERE entry_day > (SELECT max(entry_day) FROM relance.campaign_results) - 30
GROUP BY scenario, \`group\`, currency
ORDER BY scenario, \`group\``,
  },
  {
    title: 'losses',
    sql: `SELECT c.action, c.stage, c.reason, count() AS times
FROM relance.decision_candidates AS c
INNER JOIN relance.decisions AS d USING (decision_id)
WHERE c.passed = 0
  AND d.decided_at > (SELECT max(decided_at) FROM relance.decisions) - INTERVAL 7 DAY
GROUP BY c.action, c.stage, c.reason
ORDER BY times DESC`,
  },
  {
    title: 'learning',
    sql: `SELECT d.scenario, d.chosen_action AS action, count() AS chosen,
       round(avg(d.explored), 3) AS explored_share, round(avg(r.value), 2) AS mean_reward
FROM relance.decisions AS d
LEFT JOIN relance.rewards AS r USING (decision_id)
GROUP BY d.scenario, action
ORDER BY d.scenario, chosen DESC`,
  },
  { title: 'fresh', sql: 'SELECT * FROM relance.freshness' },
];
