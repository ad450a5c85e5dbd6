import fc from 'fast-check';
import type { Json } from '#libs/kernel';

/** A JSON Schema as the workspace's kinds have them. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
}

/** Where names and expressions come from, so that some of them mean something. */
export interface Words {
  readonly names: readonly string[];
  readonly expressions: readonly string[];
}

const DEEPEST = 7;

/** Any value that the schema allows, names and texts drawn from the words where they fit. */
export function valuesOf(schema: Schema, words: Words): fc.Arbitrary<Json> {
  return valueOf(schema, { root: schema, words, depth: 0 });
}

interface Drawing {
  readonly root: Schema;
  readonly words: Words;
  readonly depth: number;
}

function valueOf(schema: Schema, at: Drawing): fc.Arbitrary<Json> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    const target = schema.$ref === '#' ? at.root : at.root.$defs?.[name];
    if (target === undefined || at.depth > DEEPEST) return fc.constant([]);
    return fc.constant(null).chain(() => valueOf(target, { ...at, depth: at.depth + 1 }));
  }
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return fc.oneof(...options.map((option) => valueOf(option, at)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema, at);
    case 'array':
      return listOf(schema, at);
    case 'string':
      return textOf(schema, at);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 99, 9_999) });
    case 'number':
      return fc.oneof(
        fc.constantFrom(...[0.5, 1, 12].filter((one) => one > (schema.exclusiveMinimum ?? -1))),
        fc.double({ min: schema.minimum ?? 0.001, max: schema.maximum ?? 1_000, noNaN: true }),
      );
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom<Json>(null, 1, 'x', true);
  }
}

function objectOf(schema: Schema, at: Drawing): fc.Arbitrary<Json> {
  const inner = { ...at, depth: at.depth + 1 };
  const { properties = {}, required = [], additionalProperties: more } = schema;
  const model = Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => required.includes(key) || at.depth <= DEEPEST)
      .map(([key, one]) => [key, valueOf(one, inner)]),
  );
  const requiredKeys = required.filter((key) => key in model);
  const fixed = fc.record(model, { requiredKeys } as never) as fc.Arbitrary<Record<string, Json>>;
  if (typeof more !== 'object') return fixed;
  const names = schema.propertyNames === undefined ? fc.string() : textOf(schema.propertyNames, at);
  const others = fc.dictionary(names as fc.Arbitrary<string>, valueOf(more, inner), { maxKeys: 3 });
  return fc.tuple(fixed, others).map(([one, other]) => ({ ...other, ...one }));
}

function listOf(schema: Schema, at: Drawing): fc.Arbitrary<Json> {
  const inner = { ...at, depth: at.depth + 1 };
  if (schema.prefixItems !== undefined) {
    return fc.tuple(...schema.prefixItems.map((one) => valueOf(one, inner)));
  }
  const minLength = schema.minItems ?? 0;
  const maxLength = Math.max(
    minLength,
    at.depth > DEEPEST - 2 ? 1 : Math.min(schema.maxItems ?? 5, 5),
  );
  return fc.array(valueOf(schema.items ?? {}, inner), { minLength, maxLength });
}

function textOf(schema: Schema, { words }: Drawing): fc.Arbitrary<Json> {
  const { pattern, enum: values } = schema;
  if (values !== undefined) return fc.constantFrom(...values);
  if (pattern === undefined) {
    return fc.oneof(
      fc.constantFrom(...words.expressions),
      fc.string({ minLength: Math.max(1, schema.minLength ?? 1), maxLength: 30 }),
    );
  }
  const fits = words.names.filter((name) => new RegExp(pattern, 'u').test(name));
  // What looks ahead only leaves out a few of the texts: fast-check cannot make it.
  const plain = new RegExp(pattern.replaceAll(/\(\?!.*?\$\)/g, ''), 'u');
  const whole = new RegExp(pattern, 'u');
  const any = fc.stringMatching(plain).filter((text) => whole.test(text));
  return fits.length === 0
    ? any
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fits) }, any);
}
