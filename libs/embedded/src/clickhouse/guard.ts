import { refuse } from './refusal.js';
import type { Statement } from './statement.js';
import { identifier, keyword } from './tokens.js';

/** First words of what an analyst may ask. `USE` and `SET` touch no data and last one request. */
const ALLOWED_VERBS = new Set(
  '( SELECT WITH FROM SHOW DESCRIBE DESC EXPLAIN EXISTS USE SET'.split(' '),
);

/** Table functions that only make rows up. Every other one of the engine is refused. */
const HARMLESS_TABLE_FUNCTIONS = new Set(
  (
    'numbers numbers_mt generateseries generate_series generaterandom primes ' +
    'values null view format'
  ).split(' '),
);

/**
 * Ordinary functions that reach files, programs, the network or other nodes. The engine lets some of
 * them through in a read-only session; they may be called without brackets (`APPLY file`,
 * `arrayMap(file, ...)`), so the bare name is refused.
 */
const REFUSED_FUNCTIONS =
  /^(file|catboostevaluate|generateserialid|ai(classify|extract|generate|translate|embed)|getclienthttpheader|.*llm.*)$/i;

/** System tables that show other people's queries or the machine. */
const REFUSED_SYSTEM_TABLES = new Set(
  (
    'processes user_processes stack_trace symbols named_collections remote_data_paths ' +
    'jemalloc_profile_text query_cache asynchronous_inserts users session_log'
  ).split(' '),
);

/** The names the guard refuses, told by the engine itself at start. */
export interface GuardOptions {
  /** Every table function that the engine knows. */
  readonly tableFunctions: readonly string[];
}

/** Refuses, or returns: whether an analyst may ask this. */
export type Guard = (statement: Statement) => void;

function checkNames(statement: Statement, refused: ReadonlySet<string>): void {
  statement.meant.forEach((token, at) => {
    const name = identifier(token);
    if (name === null) return;
    if (token.kind === 'quoted' && name.includes('\\')) {
      throw refuse.accessDenied('Names with a backslash are not allowed');
    }
    const lower = name.toLowerCase();
    const isCall = statement.meant[at + 1]?.text === '(';
    if ((isCall && refused.has(lower)) || REFUSED_FUNCTIONS.test(name)) {
      throw refuse.accessDenied(`Function '${name}' is not allowed for this user`);
    }
  });
}

/** A name that comes with a parameter is not seen here, so it could be any table. */
function checkPlaceholders({ meant }: Statement): void {
  meant.forEach((token, at) => {
    if (token.text !== '{' || meant[at + 2]?.text !== ':') return;
    if (keyword(meant[at + 3]) === 'IDENTIFIER') {
      throw refuse.accessDenied('Parameters of type Identifier are not allowed for this user');
    }
  });
}

/** Words after which tables are named, and those after which no more of them are. */
const TABLES_FOLLOW = new Set('FROM JOIN TABLE IN'.split(' '));
const NO_TABLES = new Set(
  'SELECT WITH WHERE PREWHERE HAVING QUALIFY GROUP ORDER BY LIMIT USING'.split(' '),
);

/** For each token the word that opened the clause it stands in, brackets taken into account. */
function clausesOf(meant: Statement['meant']): readonly string[] {
  const open = [''];
  return meant.map((token) => {
    const word = keyword(token);
    if (token.text === '(') open.push(open.at(-1) ?? '');
    else if (token.text === ')' && open.length > 1) open.pop();
    else if (TABLES_FOLLOW.has(word) || NO_TABLES.has(word)) open[open.length - 1] = word;
    return open.at(-1) ?? '';
  });
}

/** `system.processes`, and the bare name too, alone or in a list: `database` may say system. */
function checkSystemTables({ meant, verb }: Statement): void {
  const clauses = clausesOf(meant);
  meant.forEach((token, at) => {
    const name = identifier(token)?.toLowerCase() ?? '';
    if (!REFUSED_SYSTEM_TABLES.has(name)) return;
    const before = meant[at - 1];
    const isTable =
      (before?.text === '.' && identifier(meant[at - 2])?.toLowerCase() === 'system') ||
      TABLES_FOLLOW.has(keyword(before)) ||
      (before?.text === ',' && TABLES_FOLLOW.has(clauses[at] ?? ''));
    if (isTable) throw refuse.accessDenied(`Table 'system.${name}' is not allowed for this user`);
  });
  if (verb === 'SHOW' && keyword(meant[1]) === 'PROCESSLIST') {
    throw refuse.accessDenied('SHOW PROCESSLIST is not allowed for this user');
  }
}

/**
 * What a read-only session of the engine does not refuse by itself. Decided by tokens outside
 * strings and comments. SETTINGS clauses are checked elsewhere, by name.
 */
export function analystGuard({ tableFunctions }: GuardOptions): Guard {
  const refused = new Set(
    tableFunctions
      .map((name) => name.toLowerCase())
      .filter((name) => !HARMLESS_TABLE_FUNCTIONS.has(name)),
  );
  return (statement) => {
    if (!ALLOWED_VERBS.has(statement.verb)) {
      throw refuse.accessDenied(
        `Not enough privileges: this user may only SELECT, SHOW, DESCRIBE, EXPLAIN and EXISTS`,
      );
    }
    statement.meant.forEach((token, at) => {
      const word = keyword(token);
      // A CTE may stand before an INSERT.
      const isInsert = word === 'INSERT' && keyword(statement.meant[at + 1]) === 'INTO';
      if (word === 'OUTFILE' || word === 'INFILE' || isInsert) {
        throw refuse.accessDenied(`${word} is not allowed for this user`);
      }
    });
    checkNames(statement, refused);
    checkPlaceholders(statement);
    checkSystemTables(statement);
  };
}

/** Calls that drivers make to say hello. */
const GREETINGS = new Set(
  (
    'version timezone servertimezone currentdatabase currentuser user database now today ' +
    'hostname displayname count tostring'
  ).split(' '),
);

/**
 * About tables and not about their rows, so that it need not wait behind heavy queries: SHOW and the
 * like, the greetings of drivers, and plain look-ups in one table of `system`.
 */
export function isMetadata({ verb, meant }: Statement): boolean {
  if (['SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'USE', 'SET'].includes(verb)) return true;
  if (verb !== 'SELECT') return false;
  const from = meant.findIndex((token) => keyword(token) === 'FROM');
  if (from === -1) {
    return meant.every(
      (token, at) =>
        token.text !== '(' || GREETINGS.has(identifier(meant[at - 1])?.toLowerCase() ?? ''),
    );
  }
  const table = identifier(meant[from + 3])?.toLowerCase() ?? '';
  return (
    identifier(meant[from + 1])?.toLowerCase() === 'system' &&
    !/^(numbers|zeros|primes)/.test(table) &&
    !meant.slice(from + 1).some((token) => ['FROM', 'JOIN'].includes(keyword(token))) &&
    !meant.slice(from + 1).some(({ text }) => text === ',')
  );
}
