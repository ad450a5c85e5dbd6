import type { Fact } from '#libs/contracts';

/** A row as JSONEachRow takes it. */
export type Row = Readonly<Record<string, unknown>>;

/** A row and the table it goes to, by public name. */
export interface TableRow {
  readonly table: string;
  readonly row: Row;
}

/** Epoch ms as ClickHouse reads a DateTime64(3) without guessing its unit. */
export function time(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

/** The same of a time that may be absent. */
export function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : time(ms);
}

/** Absent text is the empty text, so that joins and groups need no null. */
export function text(value: string | null): string {
  return value ?? '';
}

/** A boolean as UInt8. */
export function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** One row of one table. */
export function one(table: string, row: Row): readonly TableRow[] {
  return [{ table, row }];
}

/** What a row about a profile carries beside its other columns. */
export function base({ version, profileId, body }: Fact): Row {
  return { version, profile_id: text(profileId), sample: flag(body.sample) };
}
