import { Environment } from '@marcbachmann/cel-js';
import { addAll, iterated, registerHelpers, summand } from './helpers.js';
import { LIMITS } from './limits.js';
import { registerCellOperators } from './cells.js';
import { epochMsOf } from './timestamp.js';
import { Refusal } from './frame.js';
import { boundRuntimeTypes } from './shallow-types.js';
import type { Node } from './ast.js';

const TS = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';

/**
 * The CEL environments. `check` knows no names yet and takes declared types; the other two run:
 * every name is dynamic there, so that one compiled program serves typed and untyped data alike.
 */
export type Flavour = 'check' | 'run' | 'run_cells';

const environments = new Map<Flavour, Environment>();

/** The shared environment of a flavour, made once. */
export function environmentOf(flavour: Flavour): Environment {
  let environment = environments.get(flavour);
  if (environment === undefined) {
    environment = makeEnvironment(flavour);
    environments.set(flavour, environment);
  }
  return environment;
}

function makeEnvironment(flavour: Flavour): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: flavour !== 'check',
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: LIMITS.nodes,
      maxDepth: LIMITS.depth,
      maxListElements: LIMITS.listLength,
      maxMapEntries: LIMITS.listLength,
      maxCallArguments: LIMITS.callArguments,
    },
  });
  registerHelpers(environment);
  registerMixedNumbers(environment);
  registerSum(environment, flavour === 'run_cells');
  if (flavour !== 'check') registerDataTimes(environment);
  if (flavour === 'run_cells') registerCellOperators(environment);
  if (flavour !== 'check') boundRuntimeTypes(environment);
  return environment;
}

/**
 * JSON knows one kind of number, CEL two. Whole literals therefore meet decimals here without a
 * refusal; where types are declared, the lint still says so (`int_double_mix`).
 */
function registerMixedNumbers(environment: Environment): void {
  const operations: Record<string, (left: number | bigint, right: number | bigint) => number> = {
    '+': (left, right) => Number(left) + Number(right),
    '-': (left, right) => Number(left) - Number(right),
    '*': (left, right) => Number(left) * Number(right),
    '/': (left, right) => Number(left) / Number(right),
    '%': (left, right) => Number(left) % Number(right),
  };
  for (const [operator, handler] of Object.entries(operations)) {
    environment.registerOperator(`double ${operator} int: double`, handler);
    environment.registerOperator(`int ${operator} double: double`, handler);
  }
  environment.registerOperator('double % double: double', operations['%'] ?? Number);
  environment.registerOperator(
    'int == double: bool',
    (left: bigint, right: number) => Number(left) === right,
  );
}

function ms(value: unknown): number {
  const time = epochMsOf(value);
  if (time === undefined) throw new Refusal('type', 'timestamp');
  return time;
}

/** Times in data are epoch ms or ISO text: both compare with CEL's instants (`now`). */
function registerDataTimes(environment: Environment): void {
  const comparisons: Record<string, (left: unknown, right: unknown) => boolean> = {
    '<': (left, right) => ms(left) < ms(right),
    '<=': (left, right) => ms(left) <= ms(right),
    '>': (left, right) => ms(left) > ms(right),
    '>=': (left, right) => ms(left) >= ms(right),
    '==': (left, right) => ms(left) === ms(right),
  };
  for (const type of ['double', 'string']) {
    for (const [operator, handler] of Object.entries(comparisons)) {
      environment.registerOperator(`${TS} ${operator} ${type}: bool`, handler);
      // CEL mirrors an equality by itself.
      if (operator === '==') continue;
      environment.registerOperator(`${type} ${operator} ${TS}: bool`, handler);
    }
  }
  registerDataTimeDifferences(environment);
}

function registerDataTimeDifferences(environment: Environment): void {
  const durationMs = (text: string) => environment.evaluate(`duration("${text}")`) as unknown;
  const difference = (left: unknown, right: unknown) => durationMs(`${ms(left) - ms(right)}ms`);
  for (const type of ['double', 'string']) {
    environment.registerOperator(`${TS} - ${type}: ${DURATION}`, difference);
    environment.registerOperator(`${type} - ${TS}: ${DURATION}`, difference);
  }
}

interface Checker {
  readonly dynType: unknown;
  check(node: Node, context: unknown): { readonly kind: string; readonly valueType?: unknown };
  getType(name: string): unknown;
  createError(code: string, message: string, node: Node): Error;
}
interface IterationContext {
  forkWithVariable(name: string, type: unknown): IterationContext;
  reuse(outer: unknown): IterationContext;
  setIterValue(value: unknown, evaluator: unknown): IterationContext;
}
interface Evaluator {
  run(node: Node, context: unknown): unknown;
}
interface SumMacro {
  readonly list: Node;
  readonly step: Node;
  context?: IterationContext;
}

/** `sum(list)`, and `sum(list, expression over line)`: the elements are named `line`. */
function registerSum(environment: Environment, cells: boolean): void {
  const sumList = (list: unknown) => addAll(iterated(list).map((item) => summand(item, cells)));
  environment.registerFunction('sum(list): double', sumList, { async: false });
  const expand = ({ args }: { args: readonly [Node, Node] }) => ({
    list: args[0],
    step: args[1],
    async: false,
    typeCheck(checker: Checker, macro: SumMacro, context: IterationContext): unknown {
      const list = checker.check(macro.list, context);
      if (list.kind !== 'list' && list.kind !== 'dyn') {
        throw checker.createError('no_matching_overload', 'sum() needs a list', macro.list);
      }
      macro.context = context.forkWithVariable('line', list.valueType ?? checker.dynType);
      checker.check(macro.step, macro.context);
      return checker.getType('double');
    },
    evaluate(evaluator: Evaluator, macro: SumMacro, context: unknown): number {
      const items = iterated(evaluator.run(macro.list, context));
      const inner = macro.context?.reuse(context);
      const numbers = items.map((item) =>
        summand(evaluator.run(macro.step, inner?.setIterValue(item, evaluator)), cells),
      );
      return addAll(numbers);
    },
  });
  environment.registerFunction('sum(ast, ast): double', expand, { async: false });
}
