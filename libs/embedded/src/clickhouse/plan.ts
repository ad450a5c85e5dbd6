import type { InsertJob, Job } from './engine.js';
import { isMetadata, type Guard } from './guard.js';
import { LANES, type LaneName } from './lanes.js';
import { refuse } from './refusal.js';
import type { Asked } from './request.js';
import { harmless, withoutTransport, type Settings } from './settings.js';
import { readStatement, settingsClause, type Statement } from './statement.js';
import { identifier, keyword, type Token } from './tokens.js';

/** What to do for a request: run a query, insert rows, or nothing. */
export type Plan =
  | { readonly kind: 'run'; readonly job: Job }
  | { readonly kind: 'insert'; readonly job: InsertJob; readonly format: string }
  | { readonly kind: 'nothing' };

/** Longest query, its data left out; the engine's own limit. */
const QUERY_BYTES = 256 * 1024;

const READING = new Set('( SELECT WITH FROM SHOW DESCRIBE DESC EXPLAIN EXISTS'.split(' '));

const INSERT_FORMATS: ReadonlyMap<string, InsertJob['format']> = new Map([
  ['JSONEachRow', 'JSONEachRow'],
  ['JSONCompactEachRow', 'JSONCompactEachRow'],
  ['CSV', 'CSV'],
  ['CSVWithNames', 'CSVWithNames'],
  ['TabSeparated', 'TabSeparated'],
  ['TSV', 'TabSeparated'],
  ['TabSeparatedWithNames', 'TabSeparatedWithNames'],
  ['TSVWithNames', 'TabSeparatedWithNames'],
]);

function textOf({ query, body }: Asked): string {
  if (body.length > QUERY_BYTES) {
    throw refuse.queryTooLarge(`Query is larger than ${QUERY_BYTES} bytes`);
  }
  return query === '' ? body.toString('utf8') : `${query}\n${body.toString('utf8')}`;
}

function paramsOf({ params }: Asked, { placeholders }: Statement): ReadonlyMap<string, string> {
  return new Map(
    placeholders.map((name) => {
      const value = params.get(name);
      if (value === undefined) throw refuse.unknownParameter(`Substitution \`${name}\` is not set`);
      return [name, value];
    }),
  );
}

interface Run {
  readonly statement: Statement;
  readonly lane: LaneName;
  readonly text: string;
  readonly settings: Settings;
}

function runPlan(asked: Asked, signal: AbortSignal, run: Run): Plan {
  const { statement, lane, text, settings } = run;
  const job: Job = {
    lane,
    text,
    settings,
    format: statement.format ?? asked.format,
    params: paramsOf(asked, statement),
    database: asked.database,
    signal,
  };
  return { kind: 'run', job };
}

function analystPlan(asked: Asked, signal: AbortSignal, guard: Guard): Plan {
  const statement = readStatement(textOf(asked));
  guard(statement);
  const lane = isMetadata(statement) ? 'metadata' : 'analyst';
  const own = statement.verb === 'SET' ? settingsClause(statement.meant, 0) : null;
  if (statement.verb === 'SET' && own?.to !== statement.meant.length) {
    throw refuse.accessDenied('Not enough privileges to SET this');
  }
  const all = new Map([...asked.settings, ...statement.settings, ...(own?.settings ?? [])]);
  const settings = harmless(all, LANES[lane].limits);
  // A request is a session of its own here, so these would last no longer than themselves.
  if (statement.verb === 'SET' || statement.verb === 'USE') return { kind: 'nothing' };
  return runPlan(asked, signal, { statement, lane, text: statement.text, settings });
}

/** What was read at a token, and the token after it. */
interface Read<Value> {
  readonly value: Value;
  readonly next: number;
}

/** `a` or `a.b`. */
function tableName(meant: readonly Token[], from: number): Read<string> | null {
  const name = identifier(meant[from]);
  if (name === null || meant[from + 1]?.text !== '.') {
    return name === null ? null : { value: name, next: from + 1 };
  }
  const rest = tableName(meant, from + 2);
  return rest === null ? null : { value: `${name}.${rest.value}`, next: rest.next };
}

/** `(a, b)`, or nothing. */
function columnNames(meant: readonly Token[], from: number): Read<string[]> | null {
  const value: string[] = [];
  if (meant[from]?.text !== '(') return { value, next: from };
  for (let at = from + 1; ; at += 2) {
    const name = identifier(meant[at]);
    const after = meant[at + 1]?.text;
    if (name === null || (after !== ',' && after !== ')')) return null;
    value.push(name);
    if (after === ')') return { value, next: at + 2 };
  }
}

/** `INSERT INTO [TABLE] a.b (c, d) FORMAT x` with its rows in the body; null for another INSERT. */
function insertTarget({ meant }: Statement): Pick<InsertJob, 'table' | 'columns'> | null {
  if (keyword(meant[1]) !== 'INTO') return null;
  const table = tableName(meant, keyword(meant[2]) === 'TABLE' ? 3 : 2);
  const columns = table === null ? null : columnNames(meant, table.next);
  if (table === null || columns === null) return null;
  const isEnd = keyword(meant[columns.next]) === 'FORMAT' && meant.length === columns.next + 2;
  return isEnd ? { table: table.value, columns: columns.value } : null;
}

function insertPlan(asked: Asked, signal: AbortSignal): Plan | null {
  if (!/^\s*insert\s/i.test(asked.query)) return null;
  const statement = readStatement(asked.query);
  const target = insertTarget(statement);
  const format = INSERT_FORMATS.get(statement.format ?? '');
  if (target === null || format === undefined) return null;
  const settings = withoutTransport(new Map([...asked.settings, ...statement.settings]));
  return {
    kind: 'insert',
    format: statement.format ?? format,
    job: { ...target, format, values: asked.body, settings, database: asked.database, signal },
  };
}

function writerPlan(asked: Asked, signal: AbortSignal): Plan {
  const insert = insertPlan(asked, signal);
  if (insert !== null) return insert;
  const text = textOf(asked);
  const statement = readStatement(text);
  const settings = withoutTransport(asked.settings);
  if (READING.has(statement.verb)) {
    const all = new Map([...settings, ...statement.settings]);
    return runPlan(asked, signal, {
      statement,
      lane: 'application',
      text: statement.text,
      settings: all,
    });
  }
  // Left as written: here SETTINGS may belong to a table or a view.
  const whole = text.trim().replace(/(\s*;)+$/, '');
  return runPlan(asked, signal, { statement, lane: 'admin', text: whole, settings });
}

/** Decides what a request is and whether its user may ask it; throws `Refusal`. */
export function planOf(asked: Asked, signal: AbortSignal, guard: Guard): Plan {
  const plan =
    asked.user.role === 'writer' ? writerPlan(asked, signal) : analystPlan(asked, signal, guard);
  const isWriting = plan.kind === 'insert' || (plan.kind === 'run' && plan.job.lane === 'admin');
  if (asked.isGet && isWriting) throw refuse.readonly('Cannot write by GET: use POST');
  return plan;
}
