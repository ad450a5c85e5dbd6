import type { Environment } from '@marcbachmann/cel-js';
import { pathOf, walk, type Node } from './ast.js';
import { environmentOf } from './environment.js';
import type { ObjectType, ScopeType, ScopeTypes } from './types.js';

interface Schema {
  [field: string]: string | Schema;
}

const CEL_TYPES = {
  dyn: 'dyn',
  bool: 'bool',
  int: 'int',
  double: 'double',
  string: 'string',
  timestamp: 'google.protobuf.Timestamp',
  list: 'list',
  map: 'map',
} as const;

/**
 * The environment that checks one expression. Open objects get the unlisted fields that this
 * expression reads as `dyn`, because the CEL library knows closed objects only.
 */
export function checkingEnvironment(scope: ScopeTypes, root: Node): Environment {
  const environment = environmentOf('check').clone();
  const read = pathsRead(root);
  for (const [name, type] of Object.entries(scope)) {
    if (typeof type === 'string') environment.registerVariable(name, CEL_TYPES[type]);
    else environment.registerVariable(name, { schema: schemaOf(type, [name], read) });
  }
  return environment;
}

function pathsRead(root: Node): readonly (readonly string[])[] {
  const paths: (readonly string[])[] = [];
  walk(root, (node) => {
    const path = pathOf(node);
    if (path) paths.push(path);
  });
  return paths;
}

function schemaOf(
  type: ObjectType,
  at: readonly string[],
  read: readonly (readonly string[])[],
): Schema {
  const schema: Schema = {};
  for (const [field, inner] of Object.entries(type.fields)) {
    schema[field] = fieldSchema(inner, [...at, field], read);
  }
  if (!type.open) return schema;
  for (const path of read) {
    const field = path[at.length];
    if (field === undefined || !at.every((key, index) => path[index] === key)) continue;
    schema[field] ??= 'dyn';
  }
  return schema;
}

function fieldSchema(
  type: ScopeType,
  at: readonly string[],
  read: readonly (readonly string[])[],
): string | Schema {
  return typeof type === 'string' ? CEL_TYPES[type] : schemaOf(type, at, read);
}
