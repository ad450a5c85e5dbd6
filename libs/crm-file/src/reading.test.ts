import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmCommand } from '#libs/application';
import { inspectFile } from './inspect.js';
import { readLines } from './line-reader.js';
import { outName, outText } from './out-file.js';
import { csvRows, FileRefusedError, jsonRows, type Row } from './rows.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'relance-crm-rows-'));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

async function rowsOf(text: string | Buffer, format: 'csv' | 'jsonl' = 'csv'): Promise<Row[]> {
  const path = join(home, 'file');
  await writeFile(path, text);
  const handle = await open(path, 'r');
  try {
    await inspectFile(handle);
    const lines = readLines(handle);
    const rows = format === 'csv' ? csvRows(lines, () => true) : jsonRows(lines);
    const found: Row[] = [];
    for await (const row of rows) found.push(row);
    return found;
  } finally {
    await handle.close();
  }
}

async function refusalOf(text: string | Buffer): Promise<string> {
  return await rowsOf(text).then(
    () => 'none',
    (error: unknown) => (error instanceof FileRefusedError ? error.message.trim() : String(error)),
  );
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('CSV', () => {
  it('reads back whatever was written, with any delimiter and line end', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) =>
      // A lone carriage return at a line's end belongs to the line's end; zero is no text.
      text.replaceAll('\r', '').replaceAll('\0', ''),
    );
    const table = fc.array(fc.tuple(cell, cell), { maxLength: 8 });
    const shape = fc.record({
      table,
      delimiter: fc.constantFrom(',', ';', '\t'),
      end: fc.constantFrom('\n', '\r\n'),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ table: rows, delimiter, end }) => {
        const text = [['a', 'b'], ...rows].map((row) => row.map(quoted).join(delimiter)).join(end);
        const found = await rowsOf(text);
        const cells = found.map((row) => ('data' in row ? Object.values(row.data) : row));
        expect(cells).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws but for the file as a whole, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const head = Buffer.from('a,b\n');
        const told = await refusalOf(Buffer.concat([head, Buffer.from(bytes)]));
        expect(told).toMatch(/^(none|not_utf8|binary)/);
      }),
      { numRuns: 60 },
    );
  });

  it('loses one row to one quote', async () => {
    const rows = await rowsOf('a,b\n1,"x\n2,y\n3,z\n');
    expect(rows).toEqual([
      { refusal: { line: 2, code: 'broken_quotes', detail: '' } },
      { line: 3, data: { a: '2', b: 'y' } },
      { line: 4, data: { a: '3', b: 'z' } },
    ]);
  });

  it('stays quick and small on a file of open quotes and one endless line', async () => {
    const many = `a,b\n${'1,"x\n2,y\n'.repeat(20_000)}`;
    expect((await rowsOf(many)).length).toBeGreaterThan(1_000);
    const endless = `a,b\n${'z'.repeat(8_000_000)}\n1,2\n`;
    expect(await rowsOf(endless)).toEqual([
      { refusal: { line: 2, code: 'too_large', detail: '' } },
      { line: 3, data: { a: '1', b: '2' } },
    ]);
  });
});

describe('encoding', () => {
  it('tells Windows-1252 from Latin-1, and where', async () => {
    expect(await refusalOf(Buffer.from('a\nb\nRen\xe9\n', 'latin1'))).toBe(
      'not_utf8 ISO-8859-1 (latin1), line 3',
    );
    expect(await refusalOf(Buffer.from('a\n\x80 5\n', 'latin1'))).toBe(
      'not_utf8 Windows-1252, line 2',
    );
    const wide = Buffer.from(`a\n${'é'.repeat(300_000)}\nRen\xe9`, 'latin1');
    expect(await refusalOf(wide)).toContain('line 2');
  });

  it('takes characters that two chunks share, and a byte order mark', async () => {
    const text = `a\n${Array.from({ length: 60_000 }, (_, n) => `é€😀${n}`).join('\n')}\n`;
    expect(await rowsOf(text)).toHaveLength(60_000);
    expect(await rowsOf('\uFEFFa,b\n1,2\n')).toEqual([{ line: 2, data: { a: '1', b: '2' } }]);
    const json = await rowsOf('\uFEFF{"a":1}\n', 'jsonl');
    expect(json).toEqual([{ line: 1, data: { a: 1 } }]);
  });
});

describe('out files', () => {
  const contact = { externalId: 'C1' };
  const activity: CrmCommand = {
    key: 'k',
    contact,
    type: 'activity',
    subject: '=cmd()',
    body: 'a "b",\nc',
    at: 'T',
    campaign: { id: 'c', name: 'N' },
  };

  it('flatten a command, formulas made harmless in CSV', () => {
    const bounds = { type: 'activity', firstId: 3, lastId: 9 } as const;
    expect(outName([activity], 'csv', bounds)).toBe('activity-3-9.csv');
    expect([...outText([activity], 'csv')].join('')).toBe(
      'key,type,contact.externalId,contact.crmId,subject,body,at,campaign.id,campaign.name\n' +
        `k,activity,C1,,'=cmd(),"a ""b"",\nc",T,c,N\n`,
    );
    expect(JSON.parse([...outText([activity], 'jsonl')].join(''))).toEqual({
      key: 'k',
      type: 'activity',
      'contact.externalId': 'C1',
      subject: '=cmd()',
      body: 'a "b",\nc',
      at: 'T',
      'campaign.id': 'c',
      'campaign.name': 'N',
    });
  });

  it('gives each score its column', () => {
    const score = (key: string, values: Record<string, number>): CrmCommand => ({
      key,
      contact: { externalId: '+33 6' },
      type: 'scores',
      values,
      at: 'T',
    });
    const text = [...outText([score('a', { churn: 0.5 }), score('b', { age: 3 })], 'csv')].join('');
    expect(text).toBe(
      'key,type,contact.externalId,contact.crmId,at,values.age,values.churn\n' +
        'a,scores,+33 6,,T,,0.5\nb,scores,+33 6,,T,3,\n',
    );
  });
});
