import type { TemplateProblem } from '#libs/application';
import Handlebars from 'handlebars';

/** Where template variables begin; anything else is unknown at lint already. */
export const TEMPLATE_ROOTS: readonly string[] = [
  'profile',
  'account',
  'entry',
  'decision',
  'vars',
  'workspace',
  'format',
  'unsubscribe_url',
  'preferences_url',
];

/** Name of the helper that every plain `{{path}}` becomes: it refuses holes. */
export const REQUIRED_HELPER = '__required';
/** Hash key that carries the path, as written, to helpers that refuse holes. */
export const PATH_KEY = '__path';

const VALUE_HELPERS = new Set(['money', 'date', 'number', 'default']);
const TEST_HELPERS = new Set(['eq', 'ne', 'and', 'or', 'not', 'default']);
const CONDITIONS = new Set(['if', 'unless']);
const DATA_NAMES = new Set(['index', 'first', 'last']);
const DEPTH_MAX = 12;

export interface ParsedTemplate {
  readonly program: hbs.AST.Program;
  /** Every path read, absolute; `items[].name` for a field of each item. */
  readonly variables: ReadonlySet<string>;
}

interface Scope {
  /** Absolute path of the context, empty at the root. */
  readonly base: string;
  readonly names: ReadonlyMap<string, string>;
  readonly parent: Scope | undefined;
}

/** A template that says what this dialect does not have. Caught by `parseTemplate`. */
class SyntaxProblem extends Error {
  constructor(
    readonly code: TemplateProblem['code'],
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

export type SyntaxRefusal = Pick<TemplateProblem, 'code' | 'detail' | 'line'>;

/**
 * Parses a text into the dialect of this project: output, `#if`, `#unless`, `#each`, `#with` and a
 * few helpers. Every output is wrapped so that a missing value stops the rendering: Handlebars' own
 * strict mode lets null and empty texts through, and forbids `{{#if}}` over an absent object.
 */
export function parseTemplate(
  source: string,
  dialect: { readonly escapes: boolean },
): ParsedTemplate | SyntaxRefusal {
  try {
    const program = Handlebars.parse(source);
    const walker = new Walker(dialect.escapes);
    walker.program(program, { base: '', names: new Map(), parent: undefined }, 0);
    return { program, variables: walker.variables };
  } catch (error) {
    if (error instanceof SyntaxProblem) {
      return { code: error.code, detail: error.message, line: error.line };
    }
    const detail = error instanceof Error ? error.message : String(error);
    const line = /on line (\d+)/.exec(detail)?.[1];
    return { code: 'syntax', detail, ...(line === undefined ? {} : { line: Number(line) }) };
  }
}

class Walker {
  readonly variables = new Set<string>();

  constructor(private readonly escapes: boolean) {}

  program(program: hbs.AST.Program, scope: Scope, depth: number): void {
    if (depth > DEPTH_MAX) refuse('syntax', `blocks nest deeper than ${DEPTH_MAX}`, program);
    for (const statement of program.body) this.statement(statement, scope, depth);
  }

  private statement(statement: hbs.AST.Statement, scope: Scope, depth: number): void {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        return this.output(statement as hbs.AST.MustacheStatement, scope);
      case 'BlockStatement':
        return this.block(statement as hbs.AST.BlockStatement, scope, depth);
      default:
        return refuse('syntax', 'partials and decorators are not part of templates', statement);
    }
  }

  private output(mustache: hbs.AST.MustacheStatement, scope: Scope): void {
    if (!mustache.escaped && this.escapes) {
      refuse('unescaped_output', 'write {{...}}: {{{...}}} would put raw HTML in', mustache);
    }
    const path = pathOf(mustache.path);
    const name = path.original;
    const isBare = mustache.params.length === 0 && (mustache.hash?.pairs ?? []).length === 0;
    if (isBare) {
      if (VALUE_HELPERS.has(name)) refuse('syntax', `${name} needs a value`, mustache);
      this.read(path, scope);
      mustache.path = helperPath(REQUIRED_HELPER, mustache);
      mustache.params = [path];
      setPath(mustache, name);
      return;
    }
    if (!VALUE_HELPERS.has(name)) refuse('unknown_helper', `no helper ${name}`, mustache);
    this.arguments(mustache, scope);
    setPath(mustache, written(mustache.params[0]));
  }

  private block(block: hbs.AST.BlockStatement, scope: Scope, depth: number): void {
    const name = block.path.original;
    if (name !== 'each' && name !== 'with' && !CONDITIONS.has(name)) {
      refuse('unknown_helper', `no block #${name}: use #if, #unless, #each or #with`, block);
    }
    if (block.params.length !== 1) refuse('syntax', `#${name} takes one value`, block);
    const subject = block.params[0] as hbs.AST.Expression;
    this.arguments(block, scope);
    let inner = scope;
    if (!CONDITIONS.has(name)) {
      setPath(block, written(subject));
      inner = this.innerScope(name, block, scope);
    }
    if (block.program !== undefined) this.program(block.program, inner, depth + 1);
    if (block.inverse !== undefined) this.program(block.inverse, scope, depth + 1);
  }

  private innerScope(name: string, block: hbs.AST.BlockStatement, scope: Scope): Scope {
    const path = pathOf(block.params[0] as hbs.AST.Expression);
    const subject = this.absolute(path, scope);
    const base = name === 'each' ? `${subject}[]` : subject;
    const names = new Map(scope.names);
    const [first, second] = block.program?.blockParams ?? [];
    if (first !== undefined) names.set(first, base);
    if (second !== undefined) names.set(second, '');
    return { base, names, parent: scope };
  }

  private arguments(
    node: { params: hbs.AST.Expression[]; hash: hbs.AST.Hash },
    scope: Scope,
  ): void {
    for (const parameter of node.params) this.expression(parameter, scope);
    for (const pair of node.hash?.pairs ?? []) this.expression(pair.value, scope);
  }

  private expression(expression: hbs.AST.Expression, scope: Scope): void {
    if (expression.type === 'PathExpression') {
      return this.read(expression as hbs.AST.PathExpression, scope);
    }
    if (expression.type !== 'SubExpression') return;
    const call = expression as hbs.AST.SubExpression;
    const name = call.path.original;
    if (!TEST_HELPERS.has(name)) refuse('unknown_helper', `no helper ${name}`, call);
    this.arguments(call, scope);
  }

  private read(path: hbs.AST.PathExpression, scope: Scope): void {
    const absolute = this.absolute(path, scope);
    if (absolute !== '') this.variables.add(absolute);
  }

  /** The path from the root; empty for loop data such as `@index`. */
  private absolute(path: hbs.AST.PathExpression, scope: Scope): string {
    const [first, ...rest] = path.parts;
    if (path.data) {
      if (first === 'root') return this.rooted(rest, path);
      if (first !== undefined && rest.length === 0 && DATA_NAMES.has(first)) return '';
      return refuse('unknown_variable', `@${path.parts.join('.')} is not known`, path);
    }
    if (first !== undefined && path.depth === 0 && scope.names.has(first)) {
      const base = scope.names.get(first) ?? '';
      return base === '' ? '' : [base, ...rest].join('.');
    }
    let context: Scope | undefined = scope;
    for (let climbed = 0; climbed < path.depth; climbed += 1) context = context?.parent;
    if (context === undefined) return refuse('syntax', `${path.original} climbs too high`, path);
    if (context.base === '') return this.rooted(path.parts, path);
    return [context.base, ...path.parts].join('.');
  }

  private rooted(parts: readonly string[], node: hbs.AST.Node): string {
    const [root] = parts;
    if (root === undefined)
      return refuse('unknown_variable', 'the whole context is no value', node);
    if (!TEMPLATE_ROOTS.includes(root)) {
      return refuse('unknown_variable', `${parts.join('.')}: no variable begins so`, node);
    }
    return parts.join('.');
  }
}

function refuse(code: TemplateProblem['code'], message: string, node: hbs.AST.Node): never {
  throw new SyntaxProblem(code, message, node.loc.start.line);
}

function pathOf(node: hbs.AST.Expression): hbs.AST.PathExpression {
  if (node.type !== 'PathExpression') refuse('syntax', 'a variable is expected here', node);
  return node as hbs.AST.PathExpression;
}

function written(node: hbs.AST.Expression | undefined): string {
  if (node?.type === 'PathExpression') return (node as hbs.AST.PathExpression).original;
  return node === undefined ? '' : '(...)';
}

function helperPath(name: string, near: hbs.AST.Node): hbs.AST.PathExpression {
  const path = { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name };
  return { ...path, loc: near.loc } as unknown as hbs.AST.PathExpression;
}

function setPath(node: hbs.AST.Node & { hash: hbs.AST.Hash }, path: string): void {
  const value = { type: 'StringLiteral', value: path, original: path, loc: node.loc };
  const pair = { type: 'HashPair', key: PATH_KEY, value, loc: node.loc };
  const pairs = [...(node.hash?.pairs ?? []), pair];
  node.hash = { type: 'Hash', pairs, loc: node.loc } as unknown as hbs.AST.Hash;
}
