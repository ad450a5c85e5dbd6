/** Kinds of token that ClickHouse's lexer tells apart, as far as the front needs them. */
export type TokenKind = 'space' | 'comment' | 'word' | 'quoted' | 'string' | 'number' | 'mark';

/** A piece of a query; the pieces put together are the query. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** Why a text cannot be cut into tokens that the engine would read the same way. */
export class LexicalProblem extends Error {
  override readonly name = 'LexicalProblem';
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?)[A-Za-z0-9_]*/y;
// ClickHouse skips Unicode spaces as well; whatever is not ASCII counts as one, so that nothing can
// hide a bracket from the name before it.
const SPACE = /(?:[\s\u0080-\uffff])+/y;
const LINE_COMMENT = /(?:--|#[ !])[^\n]*/y;
/** The engine reads these quotes as ' and ", which would end our idea of a string elsewhere. */
const TYPOGRAPHIC = /[\u2018\u2019\u201c\u201d]/;

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** End of a quoted piece: a quote is escaped by a backslash or by doubling it. */
function quotedEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  throw new LexicalProblem(`quote not closed at position ${start + 1}`);
}

/** End of a comment; comments nest. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at + 1 < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  throw new LexicalProblem(`comment not closed at position ${start + 1}`);
}

function next(text: string, at: number): Token {
  const character = text[at] ?? '';
  if (character === "'") return { kind: 'string', text: text.slice(at, quotedEnd(text, at)) };
  if (character === '`' || character === '"') {
    return { kind: 'quoted', text: text.slice(at, quotedEnd(text, at)) };
  }
  if (text.startsWith('/*', at))
    return { kind: 'comment', text: text.slice(at, commentEnd(text, at)) };
  const line = match(LINE_COMMENT, text, at);
  if (line !== null) return { kind: 'comment', text: line };
  const space = match(SPACE, text, at);
  if (space !== null) {
    if (TYPOGRAPHIC.test(space)) throw new LexicalProblem('typographic quotes: use \' and "');
    return { kind: 'space', text: space };
  }
  const word = match(WORD, text, at);
  if (word !== null) return { kind: 'word', text: word };
  const number = match(NUMBER, text, at);
  if (number !== null) return { kind: 'number', text: number };
  // A heredoc, or part of a name: neither is needed, and both would need the engine's own rules.
  if (character === '$') throw new LexicalProblem('$ outside quotes');
  if (character === '\0') throw new LexicalProblem('zero byte');
  return { kind: 'mark', text: character };
}

/**
 * Cuts a query into tokens as ClickHouse's lexer does. Throws `LexicalProblem` where the two could
 * differ: an open quote or comment, typographic quotes, `$` outside quotes, a zero byte.
 */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const token = next(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

/** Whether the token means something: neither space nor comment. */
export function isMeant(token: Token): boolean {
  return token.kind !== 'space' && token.kind !== 'comment';
}

/** A bare word in upper case, else the empty text: for keywords. */
export function keyword(token: Token | undefined): string {
  return token?.kind === 'word' ? token.text.toUpperCase() : '';
}

/** The name that a bare word or quoted identifier says; null for other tokens. */
export function identifier(token: Token | undefined): string | null {
  if (token?.kind === 'word') return token.text;
  if (token?.kind !== 'quoted') return null;
  const quote = token.text[0] ?? '';
  return token.text.slice(1, -1).replaceAll(quote + quote, quote);
}
