// The second file of the real shop, made from the first: who its customers are, how to write to them
// and that they agreed. `node dist/bench/harness/customers.js INVOICES CUSTOMERS`
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openRows } from '../../apps/cli/src/row-source.js';

/** Columns of the second file, as `mappings/customers.yaml` of the workspace reads them. */
const COLUMNS = ['id', 'email', 'consent', 'consented_at', 'proof'] as const;
const FROM = { format: 'csv', encoding: 'utf-8', delimiter: ',' } as const;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function* customerLines(invoices: string): AsyncGenerator<string> {
  const seen = new Set<string>();
  yield `${COLUMNS.join(',')}\n`;
  for await (const row of openRows(invoices, FROM).rows) {
    const values = 'values' in row ? row.values : undefined;
    const id = textOf(values?.['CustomerID']).replace(/\.0$/, '');
    if (id === '' || seen.has(id)) continue;
    seen.add(id);
    const [at, invoice] = [textOf(values?.['InvoiceDate']), textOf(values?.['InvoiceNo'])];
    yield `${id},${id}@example.test,granted,${at},order form ${invoice}\n`;
  }
}

/**
 * Writes a line for each customer of a file of invoice lines, plain or gzip, in the order of their
 * first line: an address `{id}@example.test`, and consent to e-mail given on that line's form. The
 * same invoices give the same file.
 */
export async function writeCustomers(invoices: string, customers: string): Promise<void> {
  await pipeline(Readable.from(customerLines(invoices)), createWriteStream(customers));
}

if (process.argv[1] === import.meta.filename) {
  const [invoices, customers] = process.argv.slice(2);
  if (invoices === undefined || customers === undefined) throw new Error('INVOICES CUSTOMERS');
  await writeCustomers(invoices, customers);
}
