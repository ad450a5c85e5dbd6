import { MAX_STATE_BYTES, type State } from './state.js';

/** Whether the state's JSON text is within its bound. */
export function fitsState(state: State): boolean {
  const text = JSON.stringify(state);
  // A UTF-16 unit is at most three bytes of UTF-8: most states need no counting.
  if (text.length * 3 <= MAX_STATE_BYTES) return true;
  if (text.length > MAX_STATE_BYTES) return false;
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes <= MAX_STATE_BYTES;
}
