import type { Fact } from '#libs/contracts';

/** A row to compare: column by name, every value in one plain form. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** Table, name of the column that tells rows apart, and whether the fact's id stands in it. */
const TABLES: Readonly<Record<Fact['kind'], readonly [table: string, key: string]>> = {
  event: ['events', 'event_id'],
  profile: ['profiles', 'profile_id'],
  account: ['accounts', 'account_id'],
  enrolment: ['enrolments', 'enrolment_id'],
  step: ['enrolment_steps', 'fact_key'],
  decision: ['decisions', 'decision_id'],
  delivery: ['deliveries', 'delivery_id'],
  delivery_event: ['delivery_events', 'fact_key'],
  withheld: ['withheld', 'withheld_id'],
  task: ['tasks', 'task_id'],
  consent: ['consents', 'fact_key'],
  suppression: ['suppressions', 'fact_key'],
  score: ['scores', 'fact_key'],
  outcome: ['outcomes', 'outcome_id'],
  reward: ['rewards', 'fact_key'],
  scenario: ['scenarios', 'fact_key'],
  action: ['actions', 'fact_key'],
};

/** The tables of outside.md: what analysts were promised. */
export const PROMISED = [
  'events',
  'profile_history',
  'tasks',
  'profiles',
  'accounts',
  'enrolments',
  'enrolment_steps',
  'decisions',
  'decision_candidates',
  'deliveries',
  'delivery_events',
  'withheld',
  'outcomes',
  'rewards',
  'scenarios',
  'actions',
];

const KEYS = new Map<string, string>([
  ...Object.values(TABLES),
  ['decision_candidates', 'fact_key'],
  ['profile_history', 'fact_key'],
]);

/** Every table that facts fill. */
export const tablesOfFacts = (): readonly string[] => [...KEYS.keys()];

/** The column that tells the rows of a table apart. */
export const keyOf = (table: string): string => KEYS.get(table) ?? 'fact_key';

const RENAMED: Readonly<Record<string, string>> = {
  deliveryEventKind: 'kind',
  outcomeKind: 'kind',
  revenue365d: 'revenue_365d',
  fromMs: 'from_at',
  untilMs: 'until_at',
  goalWithinMs: 'goal_within_ms',
  validFromMs: 'valid_from',
};

const isTime = (name: string): boolean =>
  /AtMs$|^atMs$|^fromMs$|^untilMs$|^validFromMs$/.test(name);

function columnOf(name: string): string {
  const plain = RENAMED[name] ?? name.replace(/AtMs$/, 'At').replace(/^atMs$/, 'at');
  return plain.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Instants as ClickHouse writes them. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}

/** One form for what JSON, decimals, flags and absent values are written as. */
export function plain(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, each]) => [name, plain(each)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function columnsOf(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === 'candidates' || name === 'changes') continue;
    const told = isTime(name) && typeof value === 'number' ? timeText(value) : value;
    row[columnOf(name)] = plain(name === 'properties' ? JSON.stringify(told) : told);
  }
  return row;
}

/**
 * What the tables must hold after these facts: of each id the greatest version. Written apart from
 * the sink's own mapping, by the names of outside.md, so that the two are held against one another.
 */
export function expectedTables(
  facts: readonly Fact[],
): ReadonlyMap<string, ReadonlyMap<string, PlainRow>> {
  const tables = new Map<string, Map<string, PlainRow>>();
  const put = (table: string, id: string, row: Record<string, unknown>): void => {
    const rows = tables.get(table) ?? new Map<string, PlainRow>();
    tables.set(table, rows);
    const known = rows.get(id);
    if (known === undefined || Number(known['version']) <= Number(row['version'])) {
      rows.set(id, { ...row, [keyOf(table)]: plain(id) });
    }
  };
  for (const fact of facts) {
    const { body, id, kind, version } = fact;
    const [table] = TABLES[kind];
    put(table, id, { ...columnsOf(body), version });
    if (kind === 'decision') {
      for (const one of fact.body.candidates) {
        const row = { ...columnsOf(one), decision_id: plain(id), version };
        put('decision_candidates', `${id}/${one.action}/${one.treatment}`, row);
      }
    }
    if (kind === 'profile') {
      for (const one of fact.body.changes) {
        const row = { ...columnsOf(one), profile_id: plain(id), version };
        put('profile_history', `${id}/${one.trait}@${one.validFromMs}`, row);
      }
    }
  }
  return tables;
}
