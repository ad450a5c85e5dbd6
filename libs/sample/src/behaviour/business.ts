import type { RawEvent } from '#libs/contracts';
import { orderSpell, type Account } from '../world/account.js';
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
    for (const one of covered) {
      const spell = orderSpell(world.seed, account, one);
      if (spell.day !== one || spell.isLate) continue;
      events.push(...tellLot(world, account, { day, slot: spell.slot, isHistorical }));
    }
  }
  return events;
}

function tellLot(
  world: World,
  account: Account,
  when: { readonly day: number; readonly slot: number; readonly isHistorical: boolean },
): RawEvent[] {
  const [buyer] = world.members(account);
  if (buyer === undefined || buyer.joinDay >= when.day) return [];
  const told = openDay({ world, person: buyer, day: when.day }, 'lot', when.isHistorical);
  const order = tellOrder(told, {
    atMs: parisDayStart(when.day) + (8.5 + told.random() * 9) * HOUR_MS,
    orderId: lotId(account, when.slot),
    source: 'erp',
    ids: { customer_id: buyer.customerId },
    lines: drawLot(told.random, account.usualTotal),
    hasDiscount: false,
  });
  tellAfterSales(told, order);
  return told.scribe.events;
}

/** Order number of an account's spell: there is one order a spell, whatever brought it. */
export function lotId(account: Account, slot: number): string {
  return `B-${account.index + 1}-${slot}`;
}
