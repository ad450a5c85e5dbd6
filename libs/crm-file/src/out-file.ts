import { hashId } from '#libs/kernel';
import type { CrmBatchBounds, CrmCommand, CrmCommandType } from '#libs/application';

const BASE = ['key', 'type', 'contact.externalId', 'contact.crmId'];

/** Columns of a type of command, in their order; fields that differ by command follow, sorted. */
const COLUMNS: Readonly<Record<CrmCommandType, readonly string[]>> = {
  upsertContact: ['ifVersion'],
  membership: [
    'campaign.id',
    'campaign.name',
    'status',
    'at',
    'order.ref',
    'order.amount',
    'order.currency',
  ],
  activity: ['subject', 'body', 'at', 'campaign.id', 'campaign.name'],
  task: ['subject', 'body', 'dueAt', 'owner', 'nba.action', 'nba.score', 'nba.reasons'],
  consent: ['channel', 'purpose', 'state', 'basis', 'at', 'proof'],
  deliverability: ['channel', 'address', 'state', 'code', 'at'],
  scores: ['at'],
  loyalty: ['status', 'points', 'at'],
};

const CHUNK_ROWS = 200;
const PLAIN_NUMBER = /^[+-]?[\d\s.,()]+$/;

type Flat = ReadonlyMap<string, string | number | boolean>;

/** Name of the file of a batch, the same for the same batch. */
export function outName(
  batch: readonly CrmCommand[],
  format: 'csv' | 'jsonl',
  bounds?: CrmBatchBounds,
): string {
  const type = batch[0]?.type ?? 'none';
  const keys = batch.map(({ key }) => key);
  const place =
    bounds === undefined ? hashId('crm-batch', ...keys) : `${bounds.firstId}-${bounds.lastId}`;
  return `${type}-${place}.${format}`;
}

/** Text of the file of a batch, in pieces. Deterministic. */
export function* outText(batch: readonly CrmCommand[], format: 'csv' | 'jsonl'): Generator<string> {
  const rows = batch.map(flatten);
  const columns = columnsOf(batch, rows);
  if (format === 'csv') yield `${columns.map(csvCell).join(',')}\n`;
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const lines = rows.slice(start, start + CHUNK_ROWS).map((row) => {
      const given = columns.filter((column) => row.has(column));
      return format === 'csv'
        ? columns.map((column) => csvCell(row.get(column) ?? '')).join(',')
        : JSON.stringify(Object.fromEntries(given.map((column) => [column, row.get(column)])));
    });
    yield `${lines.join('\n')}\n`;
  }
}

function columnsOf(batch: readonly CrmCommand[], rows: readonly Flat[]): readonly string[] {
  const type = batch[0]?.type;
  const fixed = [...BASE, ...(type === undefined ? [] : COLUMNS[type])];
  const known = new Set(fixed);
  const more = new Set(rows.flatMap((row) => [...row.keys()].filter((name) => !known.has(name))));
  return [...fixed, ...[...more].sort()];
}

/** `campaign: { id }` as `campaign.id`; a list as its members, a line each. */
function flatten(command: CrmCommand): Flat {
  const flat = new Map<string, string | number | boolean>();
  const visit = (value: unknown, path: string): void => {
    if (value === undefined || value === null) return;
    if (Array.isArray(value)) flat.set(path, value.map(String).join('\n'));
    else if (typeof value === 'object') {
      for (const [name, member] of Object.entries(value)) {
        visit(member, path === '' ? name : `${path}.${name}`);
      }
    } else flat.set(path, value as string | number | boolean);
  };
  visit(command, '');
  return flat;
}

/** A cell that a spreadsheet would take for a formula is marked as text; numbers stay numbers. */
function csvCell(value: string | number | boolean): string {
  const text = String(value);
  const isFormula = /^[=+\-@\t\r]/.test(text) && !PLAIN_NUMBER.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
