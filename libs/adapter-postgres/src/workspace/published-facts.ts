import {
  groupRulesOf,
  ignoresHoldout,
  type CompiledAction,
  type CompiledWorkspace,
  type Tx,
} from '#libs/application';
import type { ActionFact, Fact, ScenarioFact } from '#libs/contracts';
import { contentHash, fromUnits, toUnits, type EpochMs } from '#libs/kernel';
import { hasBusinessAsUsual, type Definition } from '#libs/scenario';
import { inside } from '../base/database.js';

/** A workspace as published. */
export interface InForce {
  readonly compiled: CompiledWorkspace;
  readonly isSample: boolean;
}

/** One publishing: what was in force before it, and what is now. */
interface Change {
  readonly before: InForce | null;
  readonly now: InForce;
  /** Number of the publishing. */
  readonly seq: number;
  readonly nowMs: EpochMs;
}

/** What publishing tells: each version that is in force, and each that no longer is. */
export async function publishedFacts(tx: Tx, change: Change): Promise<readonly Fact[]> {
  return [...(await scenarioFacts(tx, change)), ...(await actionFacts(tx, change))];
}

/** The versions of scenarios that are in force, and those that no longer are. */
export async function scenarioFacts(tx: Tx, change: Change): Promise<readonly ScenarioFact[]> {
  const { before, now, nowMs } = change;
  const { definitions } = now.compiled;
  const current = new Set(definitions.map(({ hash }) => hash));
  const gone = (before?.compiled.definitions ?? []).filter(({ hash }) => !current.has(hash));
  const kept = await inside(tx).query<{
    hash: string;
    published_at_ms: number;
    state: string;
    version: number;
  }>(
    `SELECT d.hash, d.published_at_ms, s.state, s.version
     FROM definition d JOIN scenario_state s ON s.scenario = d.scenario WHERE d.hash = ANY($1)`,
    [[...current, ...gone.map(({ hash }) => hash)]],
  );
  const rows = new Map(kept.rows.map((row) => [row.hash, row] as const));
  const fact = (definition: Definition, { compiled, isSample }: InForce): ScenarioFact => {
    const row = rows.get(definition.hash);
    const inForce = row?.state === 'paused' ? 'paused' : 'live';
    return {
      id: `${definition.scenario}@${definition.hash}`,
      kind: 'scenario',
      version: row?.version ?? 1,
      atMs: nowMs,
      profileId: null,
      body: {
        scenario: definition.scenario,
        definition: definition.hash,
        nameFr: definition.name['fr'] ?? definition.scenario,
        nameEn: definition.name['en'] ?? definition.scenario,
        state: current.has(definition.hash) ? inForce : 'retired',
        publishedAtMs: row?.published_at_ms ?? nowMs,
        goalWithinMs: definition.goal?.withinMs ?? null,
        groupShares: sharesOf(compiled, definition),
        sample: isSample,
      },
    };
  };
  return [
    ...definitions.map((definition) => fact(definition, now)),
    ...(before === null ? [] : gone.map((definition) => fact(definition, before))),
  ];
}

/** Expected shares of the groups: what the sample-ratio check compares with. */
function sharesOf(
  workspace: CompiledWorkspace,
  definition: Pick<Definition, 'purpose' | 'holdoutShare' | 'steps'>,
): ScenarioFact['body']['groupShares'] {
  const { purposes, holdout, randomControlShare, businessAsUsualShare } = groupRulesOf(workspace);
  if (ignoresHoldout(purposes, definition.purpose)) {
    return { holdout: 0, random_control: 0, rules: 0, policy: 1 };
  }
  const left = 1 - holdout.share - randomControlShare;
  const own = definition.holdoutShare;
  const rules = hasBusinessAsUsual(definition) ? Math.min(businessAsUsualShare, 1 - own) : 0;
  return {
    holdout: holdout.share + left * own,
    random_control: randomControlShare,
    rules: left * rules,
    policy: left * (1 - own - rules),
  };
}

interface ActionVersion {
  [column: string]: unknown;
  action: string;
  definition: string;
  published_at_ms: number;
  is_active: boolean;
  is_sample: boolean;
}

/** Only versions that came or went, or are now for real: one that goes on has nothing to tell. */
async function actionFacts(tx: Tx, change: Change): Promise<readonly ActionFact[]> {
  const { before, now, seq, nowMs } = change;
  const { compiled } = now;
  const ids = compiled.actions.map(({ id }) => id);
  const definitions = compiled.actions.map((action) => contentHash(action));
  const moved = await inside(tx).query<ActionVersion>(
    `WITH now AS (SELECT * FROM unnest($1::text[], $2::text[]) AS t(action, definition)),
     came AS (
       INSERT INTO action_version AS v (action, definition, published_at_ms, is_active, is_sample)
       SELECT action, definition, $3, true, $4 FROM now
       ON CONFLICT (action, definition)
       DO UPDATE SET is_active = true, is_sample = excluded.is_sample
       WHERE NOT v.is_active OR v.is_sample <> excluded.is_sample
       RETURNING v.*
     ),
     went AS (
       UPDATE action_version v SET is_active = false
       WHERE v.is_active AND NOT EXISTS (
         SELECT FROM now n WHERE n.action = v.action AND n.definition = v.definition)
       RETURNING v.*
     )
     SELECT * FROM came UNION ALL SELECT * FROM went`,
    [ids, definitions, nowMs, now.isSample],
  );
  const known = [...(before?.compiled.actions ?? []), ...compiled.actions];
  const bodies = new Map(known.map((action) => [contentHash(action), action] as const));
  return moved.rows.flatMap((row): ActionFact[] => {
    const action = bodies.get(row.definition);
    if (action === undefined) return [];
    const { currency } = (row.is_active ? compiled : (before?.compiled ?? compiled)).relance;
    return [
      {
        id: `${row.action}@${row.definition}`,
        kind: 'action',
        version: seq,
        atMs: nowMs,
        profileId: null,
        body: { ...actionBody(action, row), currency },
      },
    ];
  });
}

function actionBody(
  action: CompiledAction,
  row: ActionVersion,
): Omit<ActionFact['body'], 'currency'> {
  const costs = Object.entries(action.cost as Readonly<Record<string, number>>).map(
    ([treatment, cost]) => [treatment, fromUnits(toUnits(cost))] as const,
  );
  return {
    action: action.id,
    definition: row.definition,
    nameFr: action.name['fr'] ?? action.id,
    nameEn: action.name['en'] ?? action.id,
    issue: action.issue,
    purpose: '',
    // An expression has no amount before it is decided for somebody.
    value: /^\d+(\.\d{1,4})?$/.test(action.value) ? fromUnits(toUnits(action.value)) : null,
    costs: Object.fromEntries(costs),
    active: row.is_active,
    publishedAtMs: row.published_at_ms,
    sample: row.is_sample,
  };
}
