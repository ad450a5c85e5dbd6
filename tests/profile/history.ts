import type { RawEvent } from '#libs/contracts';
import { seededRandom, type Random } from '#libs/kernel';
import { anEvent, DAY_MS, NOW_MS } from './world.js';

function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** The same events in another order. */
export function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  const copy = [...values];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other] as Value, copy[index] as Value];
  }
  return copy;
}

/**
 * A life of some people: devices before and after they log in, traits from several sources, orders
 * in two currencies, late events, consents, accounts. Nobody shares a device, so who is who does not
 * depend on what came first. Events name the topic they came by.
 */
export function aHistory(seed: string, people: number): RawEvent[] {
  const random = seededRandom(seed);
  const events: RawEvent[] = [];
  let serial = 0;
  const add = (given: Partial<RawEvent> & { ids: RawEvent['ids'] }): void => {
    serial += 1;
    const atMs = NOW_MS - Math.floor(random() * 400 * DAY_MS);
    const messageId = `${seed}-${serial}`;
    events.push(anEvent({ atMs, receivedAtMs: NOW_MS, messageId, ...given }));
  };
  for (let person = 0; person < people; person += 1) {
    const user_id = `u${person}`;
    const email = `p${person}@x.fr`;
    const devices = [`a${person}x`, `a${person}y`].slice(0, 1 + Math.floor(random() * 2));
    for (const anonymous_id of devices) {
      add({ ids: { anonymous_id } });
      add({ ids: { anonymous_id, user_id } });
    }
    add({ ids: { user_id, email }, verified: ['email'] });
    add({ ids: { email }, verified: ['email'] });
    if (random() < 0.5) add({ ids: { customer_id: `c${person}`, email }, source: 'erp' });
    const ids = (): Record<string, string> =>
      pick(random, [{ user_id }, { anonymous_id: devices[0] ?? '' }, { email }]);
    const more = 3 + Math.floor(random() * 12);
    for (let event = 0; event < more; event += 1) {
      const kind = random();
      if (kind < 0.4) {
        const total = Math.floor(random() * 30_000) / 100;
        const currency = random() < 0.1 ? { currency: 'GBP' } : {};
        add({ ids: ids(), name: 'order_completed', properties: { total, ...currency } });
      } else if (kind < 0.7) {
        const source = pick(random, ['web', 'crm', 'erp', 'form']);
        const traits = {
          country: pick(random, ['FR', 'DE', 'GB']),
          firstName: pick(random, ['A', 'B', 'C']),
          timezone: pick(random, ['Europe/Paris', 'Europe/London']),
          address: {
            street: pick(random, ['1 rue', '2 rue']),
            city: pick(random, ['Lyon', 'Metz']),
          },
        };
        add({ ids: ids(), type: 'identify', name: 'identify', source, traits });
      } else if (kind < 0.85) {
        const source = pick(random, ['web', 'crm']);
        const status = pick(random, ['granted', 'denied']);
        const proof = random() < 0.5 ? { proof: 'form 7' } : {};
        const properties = {
          channel: 'email',
          purpose: 'marketing',
          status,
          basis: 'opt_in',
          ...proof,
        };
        add({ ids: ids(), name: 'consent_changed', source, properties });
      } else {
        const group_id = pick(random, ['g1', 'g2', 'g3']);
        const traits = { name: pick(random, ['One', 'Two']) };
        add({ ids: ids(), type: 'group', name: 'group', account: { ids: { group_id }, traits } });
      }
    }
  }
  return events;
}
