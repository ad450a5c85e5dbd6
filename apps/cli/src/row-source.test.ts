import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRow } from '#libs/application';
import type { MappingConfig } from '#libs/contracts';
import { openRows } from './row-source.js';

const CSV: MappingConfig['from'] = { format: 'csv', encoding: 'utf-8', delimiter: ',' };
const JSONL: MappingConfig['from'] = { ...CSV, format: 'jsonl' };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'relance-rows-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function rowsOf(content: string | Buffer, from = CSV): Promise<ImportRow[]> {
  const path = join(dir, 'file');
  writeFileSync(path, content);
  const rows: ImportRow[] = [];
  for await (const row of openRows(path, from).rows) rows.push(row);
  return rows;
}

/** Lines of sound rows, and the code and place of what ended them. */
function told(rows: readonly ImportRow[]): readonly (number | string)[] {
  return rows.map((row) => {
    if (!('broken' in row)) return 'refusal' in row ? `${row.line} ${row.refusal}` : row.line;
    const { code, place } = row.broken;
    expect([place?.line, place?.file]).toEqual([row.line, join(dir, 'file')]);
    return `${row.line} ${code}`;
  });
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, n) => `o${n + 2},"a ""name""",${n}\n`).join('');
const upTo = (last: number): number[] => Array.from({ length: last - 1 }, (_, n) => n + 2);

describe('rows of CSV', () => {
  it('gives every row before a quote that is never closed, and where that one begins', async () => {
    const text = `id,name,n\n${lines(300)}\n\no304,"open,4\no305,x,5\n`;
    expect(told(await rowsOf(text))).toEqual([...upTo(301), '304 RLN-1701']);
    expect(told(await rowsOf('id,"name\n1,2\n'))).toEqual(['1 RLN-1701']);
    expect(told(await rowsOf('id,name\n1,"2\n'))).toEqual(['2 RLN-1701']);
  });

  it('gives every row before one over a megabyte, whatever follows', async () => {
    const huge = `id,name,n\n${lines(300)}o302,${'x'.repeat(1_100_000)},1\n${lines(3)}`;
    expect(told(await rowsOf(huge))).toEqual([...upTo(301), '302 RLN-1702']);
    const open = `id,name,n\n${lines(300)}o302,"open,1\n${'o,x,1\n'.repeat(300_000)}`;
    expect(told(await rowsOf(open))).toEqual([...upTo(301), '302 RLN-1702']);
  });

  it('counts the lines of a cell that spans several', async () => {
    expect(told(await rowsOf('id,name\n1,"a\nb"\n2,"open\n'))).toEqual([3, '4 RLN-1701']);
  });
});

describe('rows of gzip', () => {
  const text = `id,name,n\n${lines(20_000)}`;
  const whole = gzipSync(text);

  it('reads several members, and leaves what follows them', async () => {
    const two = Buffer.concat([gzipSync('id,n\n1,1\n'), gzipSync('2,2\n'), Buffer.alloc(512)]);
    expect(told(await rowsOf(two))).toEqual([2, 3]);
    expect(await rowsOf(whole)).toHaveLength(20_000);
  });

  it.each([0.1, 0.5, 0.999])('gives what %d of a file holds, and no half row', async (share) => {
    const cut = whole.subarray(0, Math.floor(whole.length * share));
    const rows = await rowsOf(cut);
    const sound = rows.slice(0, -1);
    expect(told(rows)).toEqual([...upTo(sound.length + 1), `${sound.length + 2} RLN-1703`]);
    expect(sound.every((row) => 'values' in row && !('refusal' in row))).toBe(true);
    // Less than a block of gzip may be missing at its end.
    expect(sound.length).toBeGreaterThan(20_000 * share - 12_000);
  });

  it('tells of one that is damaged within', async () => {
    const damaged = Buffer.from(whole);
    damaged.fill(0, whole.length / 2, whole.length / 2 + 64);
    expect(told(await rowsOf(damaged)).at(-1)).toMatch(/^\d+ RLN-1703$/);
  });
});

describe('rows of JSON lines', () => {
  it('refuses a line that is none or too long, and goes on', async () => {
    const text = `{"id":1}\r\n\nno\n{"id":"${'x'.repeat(1_100_000)}"}\n{"id":"é"}`;
    const rows = await rowsOf(text, JSONL);
    expect(told(rows)).toEqual([1, '3 unreadable', '4 too_large', 5]);
    expect(rows.at(-1)).toEqual({ line: 5, values: { id: 'é' } });
  });

  it('gives what a cut gzip holds, and no half line', async () => {
    const whole = gzipSync(Array.from({ length: 9_000 }, (_, id) => `{"id":${id}}\n`).join(''));
    const rows = await rowsOf(whole.subarray(0, whole.length - 40), JSONL);
    expect(told(rows).at(-1)).toBe(`${rows.length} RLN-1703`);
    expect(rows.slice(0, -1).every((row) => !('refusal' in row))).toBe(true);
  });
});
