import type { JsonObject, Json } from '#libs/kernel';
import { evaluateJson } from '../condition.js';
import type { ValueSource } from '../definition.js';
import { bindingsFor, type Run } from '../run.js';

/** The values that can be had; one whose expression fails is left out. */
export function valuesOf(run: Run, sources: Readonly<Record<string, ValueSource>>): JsonObject {
  const values: Record<string, Json> = {};
  for (const [name, source] of Object.entries(sources)) {
    if ('value' in source) {
      values[name] = source.value;
      continue;
    }
    const computed = evaluateJson(run.definition, source.cel, bindingsFor(run));
    if (computed.ok) values[name] = computed.value;
  }
  return values;
}
