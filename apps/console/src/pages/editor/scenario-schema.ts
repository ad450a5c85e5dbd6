import scenarioSchema from '../../../../../schemas/scenario.json';
import type { Path } from './yaml-text.js';

/** A part of a JSON Schema, as far as it is used here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

const ROOT = scenarioSchema as unknown as Schema & {
  readonly $defs: Readonly<Record<string, Schema>>;
};
const MOST_STEPS = 50;

/** A schema's alternatives, references followed. */
function alternatives(schema: Schema, left = MOST_STEPS): readonly Schema[] {
  if (left === 0) return [];
  const { $ref, anyOf } = schema;
  const target = $ref === undefined ? undefined : ROOT.$defs[$ref.replace('#/$defs/', '')];
  // What stands beside a reference, a default, is the member's own.
  if (target !== undefined) {
    return alternatives(target, left - 1).map((one) =>
      schema.default === undefined ? one : { ...one, default: schema.default },
    );
  }
  return anyOf === undefined ? [schema] : anyOf.flatMap((one) => alternatives(one, left - 1));
}

function member(schema: Schema, key: string | number): readonly Schema[] {
  if (typeof key === 'number') return schema.items === undefined ? [] : alternatives(schema.items);
  const named = schema.properties?.[key];
  if (named !== undefined) return alternatives(named);
  const rest = schema.additionalProperties;
  return typeof rest === 'object' ? alternatives(rest) : [];
}

/** What may stand at a path: each of the alternatives. */
export function schemasAt(path: Path): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (schemas, key) => schemas.flatMap((schema) => member(schema, key)),
    alternatives(ROOT),
  );
}

/** Keys that may stand in a map at a path. */
export function keysAt(path: Path): ReadonlyMap<string, { readonly isRequired: boolean }> {
  const keys = new Map<string, { isRequired: boolean }>();
  const schemas = schemasAt(path);
  for (const { properties = {}, required = [] } of schemas) {
    for (const key of Object.keys(properties)) {
      keys.set(key, { isRequired: required.includes(key) && schemas.length === 1 });
    }
  }
  return keys;
}

/** Values that are listed for a path. */
export function valuesAt(path: Path): readonly string[] {
  const values = schemasAt(path).flatMap((schema) => {
    if (schema.enum !== undefined) return schema.enum;
    if (schema.const !== undefined) return [schema.const];
    return schema.type === 'boolean' ? [true, false] : [];
  });
  return [...new Set(values.map(String))];
}

/** What the schema says of a path, in short: `integer 0–100`, and the default. */
export function shapeAt(path: Path): { readonly shape: string; readonly byDefault: string | null } {
  const schemas = schemasAt(path);
  const shapes = schemas.map(({ type = '', enum: listed, minimum, maximum }) => {
    if (listed !== undefined) return listed.map(String).join(' | ');
    return minimum === undefined || maximum === undefined || Math.abs(maximum) > 1e6
      ? type
      : `${type} ${minimum}–${maximum}`;
  });
  const given = schemas.find((schema) => schema.default !== undefined)?.default;
  return {
    shape: [...new Set(shapes.filter((shape) => shape !== ''))].join(' | '),
    byDefault: given === undefined ? null : JSON.stringify(given),
  };
}
