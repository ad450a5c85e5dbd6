import type { EpochMs } from '#libs/kernel';
import { between, pick } from '../world/chance.js';
import { HOUR_MS, MINUTE_MS } from '../world/paris.js';
import { chanceOf } from '../world/preferences.js';
import { PRODUCTS } from '../world/products.js';
import { drawLines, totalOf, type Line } from './basket.js';
import { momentOf, wishOf, type PersonDay } from './day.js';
import { deviceOf, hasLogin, visitIds } from './ids.js';
import { tellAfterSales, tellOrder } from './orders.js';

const CART_SHARE = 0.44;
const BUY_AT_ONCE_SHARE = 0.3;
const LOGIN_SHARE = 0.6;

/** Looks at products; gives the time after the last. */
export function tellLook(told: PersonDay, fromMs: EpochMs, isSignedIn: boolean): EpochMs {
  const { world, person, random, scribe, day } = told;
  const device = deviceOf(world, person, day);
  const ids = visitIds(device, person, isSignedIn);
  const category = pick(random, PRODUCTS).category;
  const { locale, timezone } = person;
  scribe.write({
    atMs: fromMs,
    source: 'web',
    name: 'page_viewed',
    ids,
    properties: { path: `/${category}`, title: category },
    context: { locale, timezone },
  });
  let atMs = fromMs;
  for (let left = between(random, 1, 4); left > 0; left -= 1) {
    atMs += MINUTE_MS * (0.4 + random() * 2.5);
    const { sku, name, price, category: shelf } = pick(random, PRODUCTS);
    scribe.write({
      atMs,
      source: 'web',
      name: 'product_viewed',
      ids,
      properties: { product_id: sku, name, price, category: shelf },
    });
  }
  return atMs + MINUTE_MS;
}

function tellCart(told: PersonDay, fromMs: EpochMs): { cartId: string; lines: Line[] } {
  const { world, person, random, scribe, day } = told;
  const ids = visitIds(deviceOf(world, person, day), person, true);
  const cartId = `K-${person.index}-${day}`;
  const lines = drawLines(random);
  let atMs = fromMs;
  for (let count = 1; count <= lines.length; count += 1) {
    const products = lines.slice(0, count);
    scribe.write({
      atMs,
      source: 'web',
      name: 'cart_updated',
      ids,
      properties: { cart_id: cartId, total: totalOf(products), currency: 'EUR', products },
    });
    atMs += MINUTE_MS * (0.5 + random() * 3);
  }
  return { cartId, lines };
}

/** The way through the checkout: the cart is seen again, then ordered. */
function tellCheckout(
  told: PersonDay,
  cart: { readonly cartId: string; readonly lines: readonly Line[] },
  fromMs: EpochMs,
): void {
  const { world, person, random, scribe, day } = told;
  const device = deviceOf(world, person, day);
  const ids = visitIds(device, person, true);
  const properties = { cart_id: cart.cartId, total: totalOf(cart.lines), currency: 'EUR' };
  scribe.write({ atMs: fromMs, source: 'web', name: 'cart_viewed', ids, properties });
  const order = tellOrder(told, {
    atMs: fromMs + MINUTE_MS * (3 + random() * 15),
    orderId: `W-${person.index}-${day}`,
    source: 'web',
    ids: hasLogin(person) ? ids : { anonymous_id: device, email: person.email },
    lines: cart.lines,
    hasDiscount: random() < (person.cluster === 'price' ? 0.35 : 0.04),
    cartId: cart.cartId,
  });
  tellAfterSales(told, order);
}

/** A visit to the site, and what may come of its cart without any message. */
export function tellSession(told: PersonDay): void {
  const { world, person, random, scribe, day } = told;
  const startMs = momentOf(told);
  const isShopping = random() < CART_SHARE;
  const isSignedIn = isShopping || random() < LOGIN_SHARE;
  if (isSignedIn && hasLogin(person) && random() < 0.12) {
    const device = deviceOf(world, person, day);
    const { timezone, locale, email, userId } = person;
    scribe.write({
      atMs: startMs - 1_000,
      source: 'web',
      type: 'identify',
      name: 'identify',
      ids: { anonymous_id: device, user_id: userId, email },
      verified: ['email'],
      traits: { timezone, locale },
    });
  }
  const afterMs = tellLook(told, startMs, isSignedIn);
  if (!isShopping) return;
  const cart = tellCart(told, afterMs);
  const doneMs = afterMs + cart.lines.length * 4 * MINUTE_MS;
  // Buyers of companies fill carts to see a price, and order through the ERP.
  if (person.account === undefined && random() < BUY_AT_ONCE_SHARE) {
    tellCheckout(told, cart, doneMs);
    return;
  }
  const isWanted = wishOf(world, cart.cartId) < chanceOf('cart', person.cluster, 'none');
  if (isWanted) {
    tellCheckout(told, cart, doneMs + HOUR_MS * (2 + random() * 58));
  } else if (random() < 0.08) {
    const ids = visitIds(deviceOf(world, person, day), person, true);
    const properties = { cart_id: cart.cartId, total: totalOf(cart.lines), currency: 'EUR' };
    const atMs = doneMs + HOUR_MS * (2 + random() * 16);
    scribe.write({ atMs, source: 'web', name: 'cart_viewed', ids, properties });
  }
}
