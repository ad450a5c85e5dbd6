import type { Json } from '#libs/kernel';
import { z } from 'zod';
import { KIND_SCHEMAS, type Kind } from './kinds.js';

/** A JSON Schema document. */
export type JsonSchema = { readonly [key: string]: Json };

const TITLES: Readonly<Record<Kind, string>> = {
  relance: 'relance.yaml',
  profile: 'profile.yaml',
  policies: 'policies.yaml',
  segment: 'segments/*.yaml',
  event: 'events/*.yaml',
  action: 'actions/*.yaml',
  template: 'templates/*/template.yaml',
  mapping: 'mappings/*.yaml',
  crm: 'crm/*.yaml',
  scenario: '<scenario>.yaml',
  test: '<scenario>.test.yaml',
};

const made = new Map<Kind, JsonSchema>();

/** The JSON Schema of a kind of file, for editors: what an author may write. Made once. */
export function jsonSchemaOf(kind: Kind): JsonSchema {
  let schema = made.get(kind);
  if (schema === undefined) {
    const generated = z.toJSONSchema(KIND_SCHEMAS[kind], { io: 'input', reused: 'ref' });
    schema = { ...(generated as JsonSchema), title: `Relance: ${TITLES[kind]}` };
    made.set(kind, schema);
  }
  return schema;
}

/** Keys an author may write at a path of a file of the kind; empty where any key may stand. */
export function keysAt(kind: Kind, path: readonly (string | number)[]): readonly string[] {
  const root = jsonSchemaOf(kind);
  let here: readonly JsonSchema[] = optionsOf(root, root);
  for (const part of path) {
    here = here.flatMap((schema) => {
      const child = childOf(schema, part);
      return child === undefined ? [] : optionsOf(root, child);
    });
  }
  const keys = here.flatMap((schema) => Object.keys((schema['properties'] ?? {}) as object));
  return [...new Set(keys)];
}

function childOf(schema: JsonSchema, part: string | number): JsonSchema | undefined {
  if (typeof part === 'number') {
    const items = schema['items'];
    return isSchema(items) ? items : undefined;
  }
  const properties = schema['properties'];
  if (isSchema(properties) && Object.hasOwn(properties, part)) {
    const property = properties[part];
    return isSchema(property) ? property : undefined;
  }
  const rest = schema['additionalProperties'];
  return isSchema(rest) ? rest : undefined;
}

/** The schema itself, or what it refers to or chooses from. */
function optionsOf(root: JsonSchema, schema: JsonSchema, depth = 0): readonly JsonSchema[] {
  if (depth > 8) return [];
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    const target = reference === '#' ? root : (root['$defs'] as JsonSchema | undefined)?.[name];
    return isSchema(target) ? optionsOf(root, target, depth + 1) : [];
  }
  const choices = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (!Array.isArray(choices)) return [schema];
  return choices.filter(isSchema).flatMap((choice) => optionsOf(root, choice, depth + 1));
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
