import { fail, ok, type Json, type Result } from '#libs/kernel';
import { compileExpression, IMPORT_SCOPE, type Compiled } from '#libs/expression';
import type { ImportValues } from './row.js';

/** What an expression of a mapping reads. */
export interface ImportBindings {
  readonly now: number;
  readonly row: ImportValues;
  readonly lines: readonly ImportValues[];
}

/** An expression of a mapping, ready to run over rows; a refusal says what is wrong with the data. */
export type ImportExpression = (bindings: ImportBindings) => Result<Json, string>;

const CELL = /^row\.([A-Za-z_][A-Za-z0-9_]*)$/;
const BARE_NAME = /^[a-z][a-z0-9_]*$/;
const NAMES = new Set(['row', 'lines', 'line', 'now', 'true', 'false', 'null']);

/** Thrown for a mapping that the workspace's lint would refuse. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  readonly retryable = false;
}

/** Compiles CEL of a mapping. A plain cell needs no CEL at run time: most cells of a file are that. */
export function expressionOf(source: string): ImportExpression {
  const column = CELL.exec(source)?.[1];
  if (column !== undefined) {
    return ({ row }) => {
      const value = row[column];
      return value === undefined ? fail(`no column ${column}`) : ok(value);
    };
  }
  if (source === 'lines') return ({ lines }) => ok(lines);
  // `name: order_completed` is a name, not a reading of something that is called so.
  if (BARE_NAME.test(source) && !NAMES.has(source)) return () => ok(source);
  const compiled = compiledOf(source);
  return (bindings) => {
    const answer = compiled.evaluate({ ...bindings });
    return answer.ok ? ok(answer.value) : fail(answer.error.message['en'] ?? answer.error.code);
  };
}

/** A checked expression over rows; throws `MappingError` where it is none. */
export function compiledOf(source: string): Compiled {
  const compiled = compileExpression(source, { scope: IMPORT_SCOPE });
  if (compiled.ok) return compiled.value;
  const [problem] = compiled.error;
  throw new MappingError(`${source}: ${problem?.message['en'] ?? 'not an expression'}`);
}
