import { present, type Random } from '#libs/kernel';

/** One of the list, each as likely. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return present(items[Math.floor(random() * items.length)], 'an item to pick');
}

/** An integer from `least` to `most`, both possible. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** The index of a weight, drawn in proportion to the weights. */
export function weighted(random: Random, weights: readonly number[]): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let index = 0; index < weights.length; index += 1) {
    left -= weights[index] ?? 0;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

/** Cents, so that sums read as prices do. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
