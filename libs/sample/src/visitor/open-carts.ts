import type { EpochMs } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import type { Line } from '../behaviour/basket.js';
import { DAY_MS } from '../world/paris.js';

/** A cart with something in it and no order. */
export interface OpenCart {
  readonly cartId: string;
  readonly lines: readonly Line[];
  readonly atMs: EpochMs;
}

const KEPT_MS = 14 * DAY_MS;

/** The latest cart of each person who has not ordered it. */
export class OpenCarts {
  private readonly byPerson = new Map<number, OpenCart>();

  /** Follows an event. */
  see(event: RawEvent): void {
    const cartId = event.properties['cart_id'];
    const person = /^K-(\d+)-/.exec(typeof cartId === 'string' ? cartId : '')?.[1];
    if (person === undefined || typeof cartId !== 'string') return;
    const index = Number(person);
    if (event.name === 'order_completed') this.byPerson.delete(index);
    if (event.name !== 'cart_updated') return;
    const lines = event.properties['products'] as readonly Line[];
    this.byPerson.set(index, { cartId, lines, atMs: event.atMs });
  }

  /** The open cart of a person at an instant, up to 14 days old. */
  of(index: number, atMs: EpochMs): OpenCart | undefined {
    const cart = this.byPerson.get(index);
    return cart === undefined || cart.atMs < atMs - KEPT_MS ? undefined : cart;
  }

  forgetBefore(atMs: EpochMs): void {
    for (const [index, cart] of this.byPerson) if (cart.atMs < atMs) this.byPerson.delete(index);
  }
}
