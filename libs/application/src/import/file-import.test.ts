import { describe, expect, it } from 'vitest';
import type { MappingConfig, RawEvent } from '#libs/contracts';
import type { Problem } from '#libs/kernel';
import { FileImport } from './file-import.js';
import { DateReader, type ImportCalendar } from './date.js';
import type { ImportRow } from './row.js';
import type { ImportSummary } from './summary.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An hour ahead of UTC, without summer time. */
const calendar: ImportCalendar = {
  localDay: (atMs) => Math.floor((atMs + HOUR_MS) / DAY_MS),
  dayStartMs: (day) => day * DAY_MS - HOUR_MS,
  localHour: (atMs) => Math.floor(((atMs + HOUR_MS) % DAY_MS) / HOUR_MS),
};

const MAPPING: MappingConfig = {
  mapping: 'shop',
  source: 'erp',
  currency: 'GBP',
  from: { format: 'csv', encoding: 'utf-8', delimiter: ',', timezone: 'Europe/Paris' },
  rows: { group_by: 'No', within_rows: 3 },
  skip: [{ when: "row.Customer == ''", reason: 'no-customer' }],
  event: {
    name: "row.No.startsWith('C') ? 'order_cancelled' : 'order_completed'",
    id: 'row.No',
    at: 'row.Date',
    identity: { customer_id: "row.Customer.replace('.0', '')" },
    properties: {
      order_id: 'row.No',
      total: 'sum(lines, line.Quantity * line.UnitPrice)',
      products: 'lines',
    },
  },
  traits: { country: 'row.Country' },
  consents: [],
  historical: true,
};

const HEADER = ['No', 'Code', 'Quantity', 'UnitPrice', 'Date', 'Customer', 'Country'];

function rows(text: string): ImportRow[] {
  return text
    .trim()
    .split('\n')
    .map((line, index) => {
      const cells = line.trim().split('|');
      const values = Object.fromEntries(HEADER.map((name, at) => [name, cells[at] ?? '']));
      if (cells.length <= HEADER.length) return { line: index + 2, values };
      return { line: index + 2, values, refusal: 'too_many_columns', detail: `${cells.length}` };
    });
}

async function imported(
  text: string,
  mapping: MappingConfig = MAPPING,
  end: readonly ImportRow[] = [],
): Promise<{ summary: ImportSummary; events: RawEvent[] }> {
  const events: RawEvent[] = [];
  const sink = {
    append: (some: readonly RawEvent[]) => Promise.resolve(void events.push(...some)),
  };
  const ports = { sink, calendar, clock: { nowMs: () => 1_790_000_000_000 } };
  const one = new FileImport(mapping, ports, { timezone: 'UTC', batchSize: 2 });
  return { summary: await one.run([...rows(text), ...end]), events };
}

describe('importing a file', () => {
  it('makes one event an invoice from lines that need not touch', async () => {
    const { summary, events } = await imported(`
      1|A1|2|0.1|2010-12-01 08:26:00|17.0|FR
      C2|B|-1|5.25|2010-12-01 09:00:00|17.0|FR
      1|A2|1|0.2|2010-12-01 08:25:00|17.0|FR
      3|A2|1|7||| FR`);
    expect(summary).toMatchObject({
      rows: 4,
      kept: 3,
      leftOut: { 'no-customer': 1 },
      refused: 0,
      events: { order_completed: 1, order_cancelled: 1 },
      totals: { order_completed: '0.40', order_cancelled: '-5.25' },
      currency: 'GBP',
      people: 1,
    });
    const order = events.find(({ name }) => name === 'order_completed');
    expect(order).toMatchObject({
      source: 'erp',
      historical: true,
      ids: { customer_id: '17' },
      traits: { country: 'FR' },
      eventDay: '2010-12-01',
      atMs: Date.parse('2010-12-01T07:25:00Z'),
    });
    expect(order?.properties).toEqual({
      order_id: '1',
      total: 0.4,
      currency: 'GBP',
      products: [
        { Code: 'A1', Quantity: 2, UnitPrice: 0.1 },
        { Code: 'A2', Quantity: 1, UnitPrice: 0.2 },
      ],
    });
  });

  it('refuses rows with their line and reason, and the invoice with them', async () => {
    const { summary, events } = await imported(`
      1|A|1|1|2010-12-01 08:26:00|17|FR
      1|A|1|-1|2010-12-01 08:26:00|17|FR
      2|A|1|1|31/12/2010|17|FR
      3|A|1|1|2010-12-01 08:26:00|17|FR|more
      4|A|many|1|2010-12-01 08:26:00|17|FR
      4|A|1|1|2010-12-01 08:26:00|17|FR
      5|A|1|1|2010-12-01 08:26:00|null|FR
      6|A|1|1|2010-02-30 08:26:00|17|FR`);
    expect(
      summary.refusals
        .map(({ line, reason }) => [line, reason])
        .sort(([left], [right]) => Number(left) - Number(right)),
    ).toEqual([
      [3, 'negative_price'],
      [4, 'broken_date'],
      [5, 'too_many_columns'],
      [6, 'bad_value'],
      [9, 'broken_date'],
    ]);
    expect(events).toHaveLength(1);
    const { rows: read, kept, refused, withRefused } = summary;
    expect(kept + refused + withRefused).toBe(read);
  });

  it('gives the same ids again, others to another mapping', async () => {
    const text = '1|A|1|1|2010-12-01 08:26:00|17|FR';
    const [first] = (await imported(text)).events;
    const [again] = (await imported(text)).events;
    const [other] = (await imported(text, { ...MAPPING, mapping: 'other' })).events;
    expect(again).toEqual(first);
    expect(other?.messageId).not.toBe(first?.messageId);
  });

  it('refuses a row whose invoice is too far back', async () => {
    const line = (no: string) => `${no}|A|1|1|2010-12-01 08:26:00|17|FR`;
    const text = ['1', '2', '3', '4', '5', '6', '1'].map(line).join('\n');
    const { summary } = await imported(text);
    expect(summary.refusals).toEqual([
      { line: 8, reason: 'group_closed', detail: 'its group is more rows back' },
    ]);
    expect(summary.kept).toBe(6);
  });

  it('imports what is complete where the file breaks off, and nothing of what may go on', async () => {
    const line = (no: string) => `${no}|A|1|1|2010-12-01 08:26:00|17|FR`;
    const text = ['1', '2', '3', '4', '5', '6', '6'].map(line).join('\n');
    const broken: Problem = { code: 'RLN-1703', severity: 'error', message: { en: 'cut' } };
    const { summary, events } = await imported(text, MAPPING, [{ line: 9, broken }]);
    // A group of three rows back is complete; of a later one more rows may have been on their way.
    expect(events.map(({ properties }) => properties?.['order_id'])).toEqual(['1', '2', '3']);
    expect(summary).toMatchObject({ rows: 7, kept: 3, refused: 0, unfinished: 4, broken });
    const whole = await imported(text);
    expect(whole.events.slice(0, 3)).toEqual(events);
    expect(whole.summary).toMatchObject({ kept: 7, unfinished: 0, broken: null });
  });

  it('makes profiles, accounts and consents from rows without an event', async () => {
    const { event: _event, rows: _rows, ...base } = MAPPING;
    const mapping: MappingConfig = {
      ...base,
      identity: { customer_id: 'row.Customer', email: 'row.Code' },
      account: { identity: { account_id: 'row.No' }, traits: { name: "'Shop ' + row.No" } },
      consents: [
        {
          channel: "'email'",
          purpose: "'marketing'",
          status: "row.Quantity == 'yes' ? 'granted' : 'denied'",
          basis: "'opt_in'",
          at: 'row.Date',
        },
      ],
    };
    const text = 'A7|a@b.fr|yes|1|2010-12-01|17|FR';
    const { events } = await imported(text, mapping);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      type: 'identify',
      name: 'identify',
      ids: { customer_id: '17', email: 'a@b.fr' },
      account: { ids: { account_id: 'A7' }, traits: { name: 'Shop A7' } },
      hasTimestamp: false,
      eventDay: '1970-01-01',
    });
    expect(events[1]).toMatchObject({
      name: 'consent_changed',
      properties: { channel: 'email', purpose: 'marketing', status: 'granted', basis: 'opt_in' },
      eventDay: '2010-11-30',
    });
    expect((await imported(text, mapping)).events.map(({ messageId }) => messageId)).toEqual(
      events.map(({ messageId }) => messageId),
    );
  });
});

describe('dates of files', () => {
  const dates = new DateReader(calendar, 'x');
  it.each([
    ['2010-12-01 08:26:00', '2010-12-01T07:26:00.000Z'],
    ['2010-12-01T08:26:00Z', '2010-12-01T08:26:00.000Z'],
    ['2010-12-01T08:26:00.5+02:00', '2010-12-01T06:26:00.500Z'],
    ['2012-02-29', '2012-02-28T23:00:00.000Z'],
    ['2011/01/04 10:00', '2011-01-04T09:00:00.000Z'],
  ])('%s', (text, instant) => expect(dates.read(text)).toBe(Date.parse(instant)));
  it.each(['', 'soon', '2011-02-29', '2010-13-01', '01/12/2010', '2010-12-01 25:00', 1.5, null])(
    '%s is none',
    (text) => expect(dates.read(text)).toBeNull(),
  );
});
