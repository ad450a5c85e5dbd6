import { hashBytes } from './hash.js';

/** A seeded stream of numbers in [0, 1). The same seed gives the same stream, on any machine. */
export type Random = () => number;

/** xoshiro128** seeded by a stable hash of the text. */
export function seededRandom(...seed: readonly string[]): Random {
  const bytes = hashBytes('seed', ...seed);
  const state = new Uint32Array(bytes.slice().buffer);
  let [a = 1, b = 2, c = 3, d = 4] = state;
  const next32 = (): number => {
    const mixed = Math.imul(b, 5);
    const result = Math.imul((mixed << 7) | (mixed >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => ((next32() >>> 5) * 0x4000000 + (next32() >>> 6)) / 2 ** 53;
}
