import type { RawEvent } from '#libs/contracts';
import { lotId, orderSpell, type Account, type Buyer } from '../world/account.js';
import { HOUR_MS, parisDayStart, weekdayOf } from '../world/paris.js';
import type { World } from '../world/world.js';
import { drawLot } from './basket.js';
import { openDay } from './day.js';
import { tellAfterSales, tellOrder } from './orders.js';

/** Orders that companies give by themselves on a day: in office hours, moved off the week-end. */
export function tellBusiness(world: World, day: number, isHistorical: boolean): RawEvent[] {
  if (weekdayOf(day) > 4) return [];
  const events: RawEvent[] = [];
  const covered = weekdayOf(day) === 0 ? [day - 2, day - 1, day] : [day];
  for (const account of world.accounts) {
    for (const { index: person } of world.members(account)) {
      const buyer = { seed: world.seed, account, person };
      for (const one of covered) {
        const spell = orderSpell(buyer, one);
        if (spell.day !== one || spell.isLate) continue;
        events.push(...tellLot(world, buyer, { day, slot: spell.slot, isHistorical }));
      }
    }
  }
  return events;
}

function tellLot(
  world: World,
  buyer: Buyer,
  when: { readonly day: number; readonly slot: number; readonly isHistorical: boolean },
): RawEvent[] {
  const person = world.person(buyer.person);
  if (person.joinDay >= when.day) return [];
  const told = openDay({ world, person, day: when.day }, 'lot', when.isHistorical);
  const order = tellOrder(told, {
    atMs: parisDayStart(when.day) + (8.5 + told.random() * 9) * HOUR_MS,
    orderId: lotId(buyer, when.slot),
    source: 'erp',
    ids: { customer_id: person.customerId },
    lines: drawLot(told.random, lotTotal(buyer.account)),
    hasDiscount: false,
  });
  tellAfterSales(told, order);
  return told.scribe.events;
}

/** Usual amount of one buyer's order, in euros. */
export function lotTotal({ usualTotal, members }: Account): number {
  return usualTotal / Math.sqrt(members);
}
