import { ParseError } from '@marcbachmann/cel-js';
import type { LocalText } from '#libs/kernel';
import { callOf, pathOf, type Node } from './ast.js';
import { environmentOf } from './environment.js';
import { limitExceeded, problemAt, unknownName } from './problems.js';
import { sourceOf, spanOf, type Span } from './span.js';
import { closest } from './suggest.js';
import type { ExpressionProblem, ScopeType, ScopeTypes } from './types.js';

/** The CEL library's refusals, as far as they are read here. */
interface CelRefusal {
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: unknown;
}

/** The problem for an error of the CEL library's parser or checker. */
export function problemOfRefusal(
  thrown: unknown,
  source: string,
  scope: ScopeTypes,
): ExpressionProblem {
  const refusal = thrown as CelRefusal;
  const span = rangeOf(refusal, source);
  if (refusal.code === 'limit_exceeded') return problemAt(span, limitExceeded(refusal.summary));
  if (thrown instanceof ParseError) return problemAt(span, syntax(refusal.summary));
  // Nodes of the checker have operators; its other errors carry bare positions.
  const node = refusal.node as Node | undefined;
  if (refusal.code === 'unknown_variable') {
    const name = source.slice(span.offset, span.offset + span.length);
    return problemAt(span, unknownName(name, closest(name, Object.keys(scope))));
  }
  if (refusal.code === 'no_such_key' && node?.op === '.') return unknownField(node, span, scope);
  if (refusal.code === 'no_matching_overload' && node) {
    return unknownFunction(node, source) ?? problemAt(spanOf(node, source), wrongType(refusal));
  }
  const wide = node?.op === undefined ? span : spanOf(node, source);
  return problemAt(wide, wrongType(refusal));
}

function rangeOf({ range }: CelRefusal, source: string): Span {
  const offset = Math.min(range?.start ?? 0, source.length);
  const end = Math.min(range?.end ?? source.length, source.length);
  return { offset, length: Math.max(0, end - offset) };
}

function syntax(summary: string): { code: 'syntax'; message: LocalText; hint?: LocalText } {
  const message = { fr: `écriture fautive : ${summary}`, en: `syntax: ${summary}` };
  const tokens: Record<string, LocalText> = {
    "'='": { fr: 'une égalité s’écrit ==', en: 'an equality is written ==' },
    'character: =': { fr: 'une égalité s’écrit ==', en: 'an equality is written ==' },
    'character: &': { fr: '« et » s’écrit &&', en: '"and" is written &&' },
    'character: |': { fr: '« ou » s’écrit ||', en: '"or" is written ||' },
    EOF: { fr: "la fin de l'expression manque", en: 'the end of the expression is missing' },
  };
  const hint = Object.entries(tokens).find(([part]) => summary.includes(part))?.[1];
  return hint ? { code: 'syntax', message, hint } : { code: 'syntax', message };
}

function wrongType({ summary }: CelRefusal): { code: 'type'; message: LocalText } {
  return {
    code: 'type',
    message: { fr: `types qui ne vont pas ensemble : ${summary}`, en: `types: ${summary}` },
  };
}

function unknownField(node: Node, span: Span, scope: ScopeTypes): ExpressionProblem {
  const path = pathOf(node) ?? [];
  const field = path.at(-1) ?? '';
  const object = typeAt(scope, path.slice(0, -1));
  const names = typeof object === 'object' ? Object.keys(object.fields) : [];
  const near = closest(field, names);
  const full = near === undefined ? undefined : [...path.slice(0, -1), near].join('.');
  return problemAt(span, unknownName(path.join('.'), full));
}

/** Declared type at a path, `dyn` where nothing is declared. */
export function typeAt(scope: ScopeTypes, path: readonly string[]): ScopeType {
  let type: ScopeType = { fields: scope };
  for (const key of path) {
    if (typeof type !== 'object') return 'dyn';
    type = Object.hasOwn(type.fields, key) ? (type.fields[key] ?? 'dyn') : 'dyn';
  }
  return type;
}

function unknownFunction(node: Node, source: string): ExpressionProblem | undefined {
  const call = callOf(node);
  if (!call) return undefined;
  const names = new Set(
    environmentOf('check')
      .getDefinitions()
      .functions.map(({ name }) => name),
  );
  if (names.has(call.name)) return undefined;
  const whole = spanOf(node, source);
  const from = call.receiver ? call.receiver.start + sourceOf(call.receiver, source).length : 0;
  const offset = source.indexOf(call.name, Math.max(whole.offset, from));
  const near = closest(call.name, names);
  const draft = unknownName(`${call.name}()`, near && `${near}()`);
  return problemAt({ offset: Math.max(whole.offset, offset), length: call.name.length }, draft);
}
