import { present, seededRandom, type Random } from '#libs/kernel';

/** Draws from a seeded stream. */
export interface Dice {
  readonly random: Random;
  upTo(limit: number): number;
  chance(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

/** Dice of a seed: the same seed throws the same. */
export function diceOf(...seed: readonly string[]): Dice {
  const random = seededRandom(...seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  return {
    random,
    upTo,
    chance: (share) => random() < share,
    pick: (values) => present(values[upTo(values.length)], 'something to pick'),
  };
}
