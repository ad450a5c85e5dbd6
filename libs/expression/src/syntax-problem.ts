import { ParseError } from '@marcbachmann/cel-js';
import type { LocalText } from '#libs/kernel';
import { callOf, pathOf, type Node } from './ast.js';
import { environmentOf } from './environment.js';
import { limitExceeded, problemAt, unknownName, type Draft } from './problems.js';
import { sourceOf, spanOf, type Span } from './span.js';
import { closest } from './suggest.js';
import { typeAt } from './scope.js';
import type { ExpressionProblem, ScopeTypes } from './types.js';

/** The CEL library's refusals, as far as they are read here. */
interface CelRefusal {
  readonly code: string;
  readonly summary?: string;
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
  const { summary = String(thrown) } = refusal;
  const span = rangeOf(refusal, source);
  if (refusal.code === 'limit_exceeded') return problemAt(span, limitExceeded(summary));
  if (thrown instanceof ParseError) return problemAt(span, syntax(span, source));
  // Nodes of the checker have operators; its other errors carry bare positions.
  const node = refusal.node as Node | undefined;
  if (refusal.code === 'unknown_variable') {
    const name = source.slice(span.offset, span.offset + span.length);
    return problemAt(span, unknownName(name, closest(name, Object.keys(scope))));
  }
  if (refusal.code === 'no_such_key' && node?.op === '.') return unknownField(node, span, scope);
  if (refusal.code === 'no_matching_overload' && node) {
    return unknownFunction(node, source) ?? problemAt(spanOf(node, source), wrongType(summary));
  }
  const wide = node?.op === undefined ? span : spanOf(node, source);
  return problemAt(wide, wrongType(summary));
}

function rangeOf({ range }: CelRefusal, source: string): Span {
  const offset = Math.min(range?.start ?? 0, source.length);
  const end = Math.min(range?.end ?? source.length, source.length);
  return { offset, length: Math.max(0, end - offset) };
}

/** Hints for what people of other languages write. */
const HABITS: Readonly<Record<string, LocalText>> = {
  '=': { fr: "l'égalité s'écrit ==", en: 'equality is written ==' },
  '&': { fr: "« et » s'écrit &&", en: '"and" is written &&' },
  '|': { fr: "« ou » s'écrit ||", en: '"or" is written ||' },
  and: { fr: "« et » s'écrit &&", en: '"and" is written &&' },
  or: { fr: "« ou » s'écrit ||", en: '"or" is written ||' },
  not: { fr: "« non » s'écrit !", en: '"not" is written !' },
};

function syntax({ offset, length }: Span, source: string): Draft {
  // The parser's place may begin at blanks before the faulty token.
  const found = source.slice(offset, offset + Math.max(1, length)).trim();
  const word = /^[a-zA-Z]+|^[^\s]/.exec(found)?.[0] ?? '';
  const message =
    found === ''
      ? { fr: "l'expression s'arrête trop tôt", en: 'the expression ends too early' }
      : { fr: `« ${found} » n'a pas de sens ici`, en: `"${found}" makes no sense here` };
  return { code: 'syntax', message, hint: HABITS[word] };
}

function wrongType(summary: string): Draft {
  const detail = summary.replace(/^(no such overload: |found no matching overload for )/, '');
  return {
    code: 'type',
    message: {
      fr: `types qui ne vont pas ensemble : ${detail}`,
      en: `types that do not go together: ${detail}`,
    },
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
