import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rawEventSchema, type RawEvent } from '#libs/contracts';
import { sampleHistory } from './history.js';
import { isLuhn, SAMPLE_REPS } from './world/account.js';

const DAY_MS = 86_400_000;
const endMs = Date.UTC(2026, 10, 22, 9);
const small = { endMs, people: 120, accounts: 6 };

function digest(events: Iterable<RawEvent>): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(JSON.stringify(event));
  return hash.digest('hex');
}

const startedCpu = process.cpuUsage();
const all = [...sampleHistory({ seed: 'history', endMs })];
const usedCpu = process.cpuUsage(startedCpu);

const named = (name: string) => all.filter((event) => event.name === name);
const propertyOf = (event: RawEvent, name: string) => event.properties[name];

describe('the sample history', () => {
  it('has the same bytes for the same seed, others for another', () => {
    const first = digest(sampleHistory({ seed: 'a', ...small }));
    expect(digest(sampleHistory({ seed: 'a', ...small }))).toBe(first);
    expect(digest(sampleHistory({ seed: 'b', ...small }))).not.toBe(first);
  });

  it('holds 60,000 to 90,000 events, made in less than 3 s', () => {
    expect(all.length).toBeGreaterThan(60_000);
    expect(all.length).toBeLessThan(90_000);
    expect((usedCpu.user + usedCpu.system) / 1_000).toBeLessThan(3_000);
  });

  it('is in order of time, ends before its end, and names every event once', () => {
    expect(all.every(({ atMs }, index) => index === 0 || atMs >= (all[index - 1]?.atMs ?? 0))).toBe(
      true,
    );
    expect(all.every(({ atMs }) => atMs < endMs && atMs > endMs - 395 * DAY_MS)).toBe(true);
    expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(all.length);
    expect(all.every(({ historical, sample }) => historical && sample === true)).toBe(true);
  });

  it('is valid by the schema of the log', () => {
    for (let index = 0; index < all.length; index += 23) rawEventSchema.parse(all[index]);
    for (const event of named('group')) rawEventSchema.parse(event);
  });

  it('tells behaviour for 90 days, and before them files and orders only', () => {
    const before = all.filter(({ atMs }) => atMs < endMs - 91 * DAY_MS);
    expect(before.some(({ name }) => name === 'order_completed')).toBe(true);
    const told = new Set(before.map(({ name }) => name));
    expect(told.has('product_viewed') || told.has('cart_updated')).toBe(false);
    expect(before.length / all.length).toBeLessThan(0.25);
  });

  it('asks about 70 % for e-mail and 40 % for SMS, with a proof of each grant', () => {
    const grants = named('consent_changed').filter(
      (one) => propertyOf(one, 'status') === 'granted',
    );
    const count = (channel: string) =>
      grants.filter((one) => propertyOf(one, 'channel') === channel).length / 2_000;
    expect(count('email')).toBeGreaterThan(0.66);
    expect(count('email')).toBeLessThan(0.75);
    expect(count('sms')).toBeGreaterThan(0.36);
    expect(count('sms')).toBeLessThan(0.44);
    for (const grant of grants) {
      expect(grant.properties).toMatchObject({ purpose: 'marketing', basis: 'opt_in' });
      expect(String(propertyOf(grant, 'proof')).length).toBeGreaterThan(40);
    }
    const said = named('consent_changed').length;
    expect(said - grants.length).toBeGreaterThan(200);
    expect(said).toBeLessThan(4_000);
  });

  it('names nobody real: reserved domains, numbers kept for fiction, reps by their role', () => {
    const addresses = new Set<string>();
    const numbers = new Set<string>();
    for (const event of all) {
      const text = JSON.stringify([event.ids, event.traits, event.account]);
      for (const [address] of text.matchAll(/[^"\s]+@[^"\s]+/g)) addresses.add(address);
      for (const [number] of text.matchAll(/\+\d{6,}/g)) numbers.add(number);
    }
    expect([...addresses].filter((one) => !/@[a-z0-9-]+\.example$/i.test(one))).toEqual([]);
    expect([...numbers].filter((one) => !/^\+3363998\d{4}$/.test(one))).toEqual([]);
    expect(numbers.size).toBeGreaterThan(1_000);
    expect(SAMPLE_REPS.every(({ email }) => /^rep\d@/.test(email))).toBe(true);
  });

  it('has sixty accounts of three reps, told by the CRM, with valid numbers', () => {
    const groups = named('group');
    const ids = groups.map(({ account }) => account?.ids ?? {});
    expect(new Set(ids.map(({ group_id: id }) => id)).size).toBe(60);
    expect(ids.every(({ siren = '' }) => siren.length === 9 && isLuhn(siren))).toBe(true);
    expect(groups.every(({ source }) => source === 'crm')).toBe(true);
    const owners = new Set(groups.map(({ account }) => String(account?.traits?.['owner'])));
    expect([...owners].sort()).toEqual(SAMPLE_REPS.map(({ email }) => email));
  });

  it('gives the two sources something in common, so that people merge', () => {
    const lower = (email = '') => email.toLowerCase();
    const byErp = all.filter(({ source, ids }) => source === 'erp' && ids['email'] !== undefined);
    const byWeb = all.filter(
      ({ verified, ids }) => verified?.includes('email') && ids['user_id'] !== undefined,
    );
    const known = new Set(byErp.map(({ ids }) => lower(ids['email'])));
    const both = new Set(
      byWeb.map(({ ids }) => lower(ids['email'])).filter((one) => known.has(one)),
    );
    expect(both.size).toBeGreaterThan(1_000);
    const anonymous = all.filter(({ ids }) => Object.keys(ids).join(' ') === 'anonymous_id');
    expect(anonymous.length).toBeGreaterThan(5_000);
  });

  it('follows the hours of Paris', () => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Paris',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    const hours = Array.from({ length: 24 }, () => 0);
    for (const { name, atMs } of all) {
      if (name !== 'product_viewed') continue;
      const hour = Number(format.format(atMs));
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    expect(hours[21]).toBeGreaterThan(10 * (hours[3] ?? 0));
  });

  it('has carts left behind, discounts, cancellations, complaints and their end', () => {
    const carts = new Set(named('cart_updated').map((one) => propertyOf(one, 'cart_id')));
    const orders = named('order_completed');
    const bought = new Set(orders.map((one) => propertyOf(one, 'cart_id')));
    const left = [...carts].filter((cart) => !bought.has(cart));
    expect(left.length / 90).toBeGreaterThan(25);
    expect(new Set(orders.map((one) => propertyOf(one, 'order_id'))).size).toBe(orders.length);
    expect(orders.every((one) => Number(propertyOf(one, 'total')) > 0)).toBe(true);
    const reduced = orders.filter((one) => Number(propertyOf(one, 'discount')) > 0);
    expect(reduced.length / orders.length).toBeGreaterThan(0.03);
    for (const name of ['order_cancelled', 'complaint_opened', 'complaint_closed']) {
      expect(named(name).length).toBeGreaterThan(30);
    }
  });

  it('leaves people dormant: an order in the year, none for 180 days', () => {
    const last = new Map<string, number>();
    for (const { ids, atMs, name } of all) {
      const key = ids['customer_id'] ?? ids['user_id']?.replace('u-', 'C');
      if (name === 'order_completed' && key !== undefined) last.set(key, atMs);
    }
    const dormant = [...last.values()].filter((atMs) => atMs < endMs - 180 * DAY_MS);
    expect(dormant.length).toBeGreaterThan(60);
  });
});
