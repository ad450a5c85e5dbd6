import { LIMITS } from './limits.js';

/** The key by which the CEL library tells what an object is, and by which data can mislead it. */
const MISLEADING = 'constructor';

/**
 * The same data with a Map in place of each object that has a field `constructor`, which the CEL
 * library would take for the object's class. The rest is shared, not copied. Below the depth to
 * which an answer may nest, data stays as it is: nothing reads so deep.
 */
export function withMaps(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > LIMITS.answerDepth) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withMaps(item, depth + 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key,
    withMaps(item, depth + 1),
  ]);
  if (Object.hasOwn(value, MISLEADING)) return new Map(entries);
  const isSame = entries.every(([key, item]) => item === (value as Record<string, unknown>)[key]);
  return isSame ? value : Object.fromEntries(entries);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Object types by class, as the CEL library keeps them; tells when it is asked about data. */
export class TypesByClass<Declared> extends Map<unknown, Declared> {
  constructor(
    known: ReadonlyMap<unknown, Declared>,
    private readonly onData: () => void,
  ) {
    super(known);
  }

  override get(key: unknown): Declared | undefined {
    if (typeof key !== 'function') this.onData();
    return super.get(key);
  }
}
