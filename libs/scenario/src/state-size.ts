import type { Definition } from './definition.js';
import { MAX_STATE_BYTES, type State } from './state.js';

/** Ids, keys, marks and field names of a state, generously. */
const BASE_BYTES = 2_048;

/** What a definition may claim for visits and cursors before states are measured one by one. */
const MAX_FIXED_BYTES = 5_120;

const fixedBytesBy = new WeakMap<Definition, number>();

/**
 * Whether the state's JSON text is within its bound. Only entry, decisions and vars can grow
 * without the definition's leave, so they alone are measured, and only when they changed; the rest
 * is reckoned once a definition, from its step ids.
 */
export function fitsState(definition: Definition, before: State, state: State): boolean {
  const fixedBytes = fixedBytesOf(definition);
  // Several cursors, each with what it is inside of: too many to reckon.
  const isBranched = state.cursors.length > 1 || state.cursors[0]?.within !== undefined;
  if (isBranched || fixedBytes > MAX_FIXED_BYTES)
    return bytesOf(state, MAX_STATE_BYTES) <= MAX_STATE_BYTES;
  const { entry, decisions, vars } = state;
  if (entry === before.entry && decisions === before.decisions && vars === before.vars) return true;
  const bound = MAX_STATE_BYTES - fixedBytes;
  return bytesOf([entry, decisions, vars], bound) <= bound;
}

function fixedBytesOf(definition: Definition): number {
  const known = fixedBytesBy.get(definition);
  if (known !== undefined) return known;
  let bytes = BASE_BYTES;
  let longest = 0;
  for (const stepId of Object.keys(definition.steps)) {
    bytes += stepId.length * 3 + 8;
    longest = Math.max(longest, stepId.length * 3);
  }
  // The cursor names its step twice, and once more the step it will go on to.
  bytes += longest * 3;
  fixedBytesBy.set(definition, bytes);
  return bytes;
}

/** UTF-8 bytes of the JSON text; counted one by one only where the bound may be near. */
function bytesOf(value: unknown, bound: number): number {
  const text = JSON.stringify(value);
  if (text.length * 3 <= bound || text.length > bound) return text.length;
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
