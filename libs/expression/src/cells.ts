import type { Environment } from '@marcbachmann/cel-js';
import { Refusal } from './frame.js';

const DECIMAL = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$/;

/** The number a file's cell spells; refuses with `type` for any other text. */
export function numberOfText(text: string): number {
  if (text.length > 64 || !DECIMAL.test(text)) throw new Refusal('type', `"${text.slice(0, 40)}"`);
  return Number(text);
}

type Operand = string | number | bigint;
const number = (operand: Operand) =>
  typeof operand === 'string' ? numberOfText(operand) : Number(operand);

const ARITHMETIC: Record<string, (left: Operand, right: Operand) => number> = {
  '-': (left, right) => number(left) - number(right),
  '*': (left, right) => number(left) * number(right),
  '/': (left, right) => number(left) / number(right),
  '%': (left, right) => number(left) % number(right),
};
const COMPARISON: Record<string, (left: Operand, right: Operand) => boolean> = {
  '<': (left, right) => number(left) < number(right),
  '<=': (left, right) => number(left) <= number(right),
  '>': (left, right) => number(left) > number(right),
  '>=': (left, right) => number(left) >= number(right),
};

/** Lets text cells take part in arithmetic; comparing two texts stays alphabetical. */
export function registerCellOperators(environment: Environment): void {
  const pairs = ['double', 'int'].flatMap((type) => [`string OP ${type}`, `${type} OP string`]);
  for (const [operator, handler] of Object.entries(ARITHMETIC)) {
    for (const pair of ['string OP string', ...pairs]) {
      environment.registerOperator(`${pair.replace('OP', operator)}: double`, handler);
    }
  }
  for (const [operator, handler] of Object.entries(COMPARISON)) {
    for (const pair of pairs) {
      environment.registerOperator(`${pair.replace('OP', operator)}: bool`, handler);
    }
  }
}
