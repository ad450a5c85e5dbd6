import { LIMITS } from './limits.js';

/** Why a regular expression is refused. */
export type RegexRefusal = 'invalid' | 'backtracks';

const LONGEST_PATTERN = 200;

/**
 * Tells whether matching stays within `LIMITS.regexSteps` on a text of `LIMITS.matchedLength`.
 * A rough bound from above: every quantifier multiplies the ways to match by its greatest count,
 * every alternative by their number. Repeated groups with choices inside, back references and
 * look-around are refused: no such bound holds for them.
 */
export function refusalOfRegex(pattern: string): RegexRefusal | undefined {
  if (pattern.length > LONGEST_PATTERN) return 'backtracks';
  if (!isWellFormed(pattern)) return 'invalid';
  const bare = pattern
    .replace(/\\[1-9k]/g, '\u0000')
    .replace(/\\(u\{[^}]*\}|[pP]\{[^}]*\}|.)/g, 'x');
  if (bare.includes('\u0000') || /\(\?(?!:)/.test(bare)) return 'backtracks';
  return stepsOf(bare.replace(/\[[^\]]*\]/g, 'x')) > LIMITS.regexSteps ? 'backtracks' : undefined;
}

function isWellFormed(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').unicode;
  } catch {
    return false;
  }
}

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/;

/** Steps at worst of a pattern without escapes and classes. */
function stepsOf(pattern: string): number {
  const starts = pattern.startsWith('^') && !pattern.includes('|') ? 1 : LIMITS.matchedLength;
  // For each open group: ways to match inside it so far.
  const groups = [1];
  let steps = starts * LIMITS.matchedLength;
  let closed = 1;
  for (let at = 0; at < pattern.length; at++) {
    const quantifier = QUANTIFIER.exec(pattern.slice(at));
    if (quantifier) {
      const most = mostOf(quantifier);
      // A repeated group with choices of its own: exponential.
      if (closed > 1 && most > 1) return Infinity;
      steps *= most === 1 ? 2 : most + 1;
      groups[groups.length - 1] = (groups.at(-1) ?? 1) * (most + 1);
      at += quantifier[0].length - 1;
      closed = 1;
      continue;
    }
    closed = 1;
    if (pattern[at] === '(') groups.push(1);
    if (pattern[at] === ')') {
      closed = groups.pop() ?? 1;
      groups[groups.length - 1] = (groups.at(-1) ?? 1) * closed;
    }
    if (pattern[at] === '|') {
      steps *= 2;
      groups[groups.length - 1] = (groups.at(-1) ?? 1) * 2;
    }
  }
  return steps / LIMITS.matchedLength;
}

function mostOf(quantifier: RegExpExecArray): number {
  const [text, least, comma, most] = quantifier;
  if (text.startsWith('?')) return 1;
  if (least === undefined) return LIMITS.matchedLength;
  if (comma === '') return Number(least);
  return most === '' || most === undefined ? LIMITS.matchedLength : Number(most);
}
