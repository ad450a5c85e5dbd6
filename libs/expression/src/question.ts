import type { Question } from './types.js';

/** The key under which hosts put the answer of a zoned question in `context.answers`. */
export function questionKey(name: Question['name'], args: readonly string[]): string {
  return `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
}
