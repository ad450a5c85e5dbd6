import type { EpochMs } from '#libs/kernel';
import { between, pick } from '../world/chance.js';
import { DAY_MS, HOUR_MS } from '../world/paris.js';
import type { RawEvent } from '#libs/contracts';
import { drawLines, tenPercent, totalOf, type Line } from './basket.js';
import type { PersonDay } from './day.js';

/** An order to be told. */
export interface OrderTold {
  readonly atMs: EpochMs;
  readonly orderId: string;
  readonly source: 'web' | 'erp';
  readonly ids: RawEvent['ids'];
  readonly lines: readonly Line[];
  readonly hasDiscount: boolean;
  readonly cartId?: string;
}

const SUBJECTS = ['retard de livraison', 'article abîmé', 'article manquant', 'mauvaise couleur'];

/** Tells an order; gives the event. */
export function tellOrder({ scribe }: Pick<PersonDay, 'scribe'>, order: OrderTold): RawEvent {
  const gross = totalOf(order.lines);
  const discount = order.hasDiscount ? tenPercent(gross) : 0;
  return scribe.write({
    atMs: order.atMs,
    source: order.source,
    name: 'order_completed',
    ids: order.ids,
    properties: {
      order_id: order.orderId,
      ...(order.cartId === undefined ? {} : { cart_id: order.cartId }),
      total: Math.round((gross - discount) * 100) / 100,
      currency: 'EUR',
      discount,
      products: order.lines,
    },
  });
}

/** What may follow an order within days: it is cancelled, or complained about. */
export function tellAfterSales(told: PersonDay, order: RawEvent): void {
  const { random, scribe, person } = told;
  const drawn = random();
  const { ids, atMs } = order;
  const source = order.source === 'erp' ? 'erp' : 'web';
  const orderId = order.properties['order_id'];
  if (drawn < 0.025) {
    scribe.write({
      atMs: atMs + HOUR_MS * (1 + random() * 30),
      source,
      name: 'order_cancelled',
      ids,
      properties: { order_id: orderId, total: order.properties['total'], currency: 'EUR' },
    });
  } else if (drawn < 0.047) {
    const complaintId = `P-${person.index}-${told.day}`;
    const openedMs = atMs + DAY_MS * (2 + random() * 4);
    const about = { complaint_id: complaintId, order_id: orderId };
    const subject = pick(random, SUBJECTS);
    scribe.write({
      atMs: openedMs,
      source,
      name: 'complaint_opened',
      ids,
      properties: { ...about, subject },
    });
    scribe.write({
      atMs: openedMs + DAY_MS * (1 + random() * 8),
      source,
      name: 'complaint_closed',
      ids,
      properties: { ...about, resolution: random() < 0.8 ? 'solved' : 'refunded' },
    });
  }
}

/** A purchase in the shop or by phone, as the ERP tells it. */
export function tellStoreOrder(told: PersonDay, atMs: EpochMs): void {
  const { random, person, day } = told;
  const order = tellOrder(told, {
    atMs,
    orderId: `M-${person.index}-${day}-${between(random, 10, 99)}`,
    source: 'erp',
    ids: { customer_id: person.customerId },
    lines: drawLines(random),
    hasDiscount: random() < (person.cluster === 'price' ? 0.3 : 0.03),
  });
  tellAfterSales(told, order);
}
