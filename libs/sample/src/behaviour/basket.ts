import type { Random } from '#libs/kernel';
import { between, cents, pick } from '../world/chance.js';
import { PRODUCTS, type Product } from '../world/products.js';

/** A line of a cart or an order. */
export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** Euros a piece. */
  readonly price: number;
}

/** Sum of lines, in euros. */
export function totalOf(lines: readonly Line[]): number {
  return cents(lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0));
}

/** A line of a product. */
export function lineOf({ sku, name, price }: Product, quantity: number): Line {
  return { sku, name, quantity, price };
}

/** One to three products as a household buys them. */
export function drawLines(random: Random): Line[] {
  const lines: Line[] = [];
  const count = between(random, 1, 3);
  while (lines.length < count) {
    const product = pick(random, PRODUCTS);
    if (!lines.some(({ sku }) => sku === product.sku)) {
      lines.push(lineOf(product, random() < 0.2 ? 2 : 1));
    }
  }
  return lines;
}

/** Lines that come near an amount, as a company buys them. */
export function drawLot(random: Random, usualTotal: number): Line[] {
  const aim = usualTotal * (0.75 + random() * 0.6);
  const count = between(random, 2, 4);
  return Array.from({ length: count }, () => {
    const product = pick(random, PRODUCTS);
    return lineOf(product, Math.max(1, Math.round(aim / count / product.price)));
  });
}

/** Ten per cent of an amount, in whole cents. */
export function tenPercent(total: number): number {
  return cents(total * 0.1);
}
