import { refuse } from './refusal.js';
import { LexicalProblem, identifier, isMeant, keyword, tokenise, type Token } from './tokens.js';

/** What the front has to know of a query before the engine sees it. */
export interface Statement {
  /** The query without comments and without its SETTINGS clause. */
  readonly text: string;
  /** Its first word in upper case; `(` for a query in brackets. */
  readonly verb: string;
  /** Format of its FORMAT clause; null without one. */
  readonly format: string | null;
  /** Settings of its SETTINGS clauses. */
  readonly settings: ReadonlyMap<string, string>;
  /** Names of its `{name:Type}` placeholders. */
  readonly placeholders: readonly string[];
  /** Its tokens that mean something, SETTINGS clauses left out. */
  readonly meant: readonly Token[];
}

function cut(text: string): readonly Token[] {
  try {
    return tokenise(text);
  } catch (error) {
    if (error instanceof LexicalProblem) throw refuse.syntax(error.message);
    throw error;
  }
}

/** Value of a setting: a literal, perhaps signed; null where it is anything else. */
function settingValue(
  tokens: readonly Token[],
  at: number,
): { value: string; next: number } | null {
  const first = tokens[at];
  if (first?.text === '-' && tokens[at + 1]?.kind === 'number') {
    return { value: `-${tokens[at + 1]?.text ?? ''}`, next: at + 2 };
  }
  if (first?.kind === 'number') return { value: first.text, next: at + 1 };
  if (first?.kind === 'string') {
    return {
      value: first.text.slice(1, -1).replaceAll("''", "'").replace(/\\(.)/g, '$1'),
      next: at + 1,
    };
  }
  const word = keyword(first);
  if (word === 'TRUE' || word === 'FALSE')
    return { value: word === 'TRUE' ? '1' : '0', next: at + 1 };
  return null;
}

/** A clause of settings and the tokens it takes. */
export interface Clause {
  readonly from: number;
  readonly to: number;
  readonly settings: ReadonlyMap<string, string>;
}

/** The settings after the token `SETTINGS` or `SET`; null where the word is only a name. */
export function settingsClause(tokens: readonly Token[], from: number): Clause | null {
  const settings = new Map<string, string>();
  let at = from + 1;
  for (;;) {
    const name = identifier(tokens[at]);
    const value = tokens[at + 1]?.text === '=' ? settingValue(tokens, at + 2) : null;
    if (name === null || value === null) return null;
    settings.set(name, value.value);
    if (tokens[value.next]?.text !== ',') return { from, to: value.next, settings };
    at = value.next + 1;
  }
}

/** Where a name stands for itself and not for a clause: after a dot, or as an alias. */
function isName(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.text === '.' || keyword(tokens[at - 1]) === 'AS';
}

function clausesOf(meant: readonly Token[]): readonly Clause[] {
  const clauses: Clause[] = [];
  for (let at = 1; at < meant.length; at += 1) {
    if (keyword(meant[at]) !== 'SETTINGS' || isName(meant, at)) continue;
    // `SHOW SETTINGS LIKE 'x'` and a column of that name have no `name = value` after them.
    const clause = settingsClause(meant, at);
    if (clause !== null) {
      clauses.push(clause);
      at = clause.to - 1;
    }
  }
  return clauses;
}

function formatOf(meant: readonly Token[]): string | null {
  for (let at = meant.length - 2; at > 0; at -= 1) {
    if (keyword(meant[at]) !== 'FORMAT' || isName(meant, at)) continue;
    const name = meant[at + 1];
    if (name?.kind === 'word' && meant[at + 2]?.text !== '(') return name.text;
  }
  return null;
}

function placeholdersOf(meant: readonly Token[]): readonly string[] {
  const names = new Set<string>();
  meant.forEach((token, at) => {
    const name = meant[at + 1];
    if (token.text === '{' && name?.kind === 'word' && meant[at + 2]?.text === ':') {
      names.add(name.text);
    }
  });
  return [...names];
}

/** Leaves out the tokens of the clauses; a comment becomes a space, so that the text is what we saw. */
function textWithout(tokens: readonly Token[], left: ReadonlySet<Token>): string {
  return tokens
    .map((token) => (token.kind === 'comment' || left.has(token) ? ' ' : token.text))
    .join('')
    .trim();
}

/** Reads one query. Refuses an empty one, two in one request, and what cannot be cut into tokens. */
export function readStatement(query: string): Statement {
  const tokens = cut(query);
  const all = tokens.filter(isMeant);
  const end = all.findIndex(({ text }) => text === ';');
  const meant = end === -1 ? all : all.slice(0, end);
  if (meant.length === 0) throw refuse.syntax('Empty query');
  if (end !== -1 && all.slice(end).some(({ text }) => text !== ';')) {
    throw refuse.syntax('Multi-statements are not allowed');
  }
  const clauses = clausesOf(meant);
  const dropped = new Set(clauses.flatMap(({ from, to }) => meant.slice(from, to)));
  for (const token of all.slice(meant.length)) dropped.add(token);
  const kept = meant.filter((token) => !dropped.has(token));
  return {
    text: textWithout(tokens, dropped),
    verb: kept[0]?.text === '(' ? '(' : keyword(kept[0]),
    format: formatOf(kept),
    settings: new Map(clauses.flatMap(({ settings }) => [...settings])),
    placeholders: placeholdersOf(kept),
    meant: kept,
  };
}
