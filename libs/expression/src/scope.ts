import type { ScopeType, ScopeTypes } from './types.js';

/** Names of scenarios, segments, actions and policies, all of them dynamic. */
export const DYNAMIC_SCOPE: ScopeTypes = Object.freeze({
  event: 'dyn',
  entry: 'dyn',
  profile: 'dyn',
  account: 'dyn',
  decision: 'dyn',
  vars: 'dyn',
  context: 'dyn',
  now: 'timestamp',
});

/**
 * Names of import mappings. Cells of files are text: in this scope `*`, `-`, `/`, `%`, `<`, `<=`,
 * `>`, `>=` and `sum` read decimal text as numbers; `+` and `==` on text stay textual.
 */
export const IMPORT_SCOPE: ScopeTypes = Object.freeze({
  row: 'dyn',
  lines: 'list',
  line: 'dyn',
  now: 'timestamp',
});

/** True for scopes whose data are cells of a file. */
export function readsCells(scope: ScopeTypes): boolean {
  return 'row' in scope || 'lines' in scope || 'line' in scope;
}

/** Declared type at a path, `dyn` where nothing is declared. */
export function typeAt(scope: ScopeTypes, path: readonly string[]): ScopeType {
  let type: ScopeType = { fields: scope };
  for (const key of path) {
    if (typeof type !== 'object') return 'dyn';
    type = Object.hasOwn(type.fields, key) ? (type.fields[key] ?? 'dyn') : 'dyn';
  }
  return type;
}
