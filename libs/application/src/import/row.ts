import type { Json, Problem } from '#libs/kernel';

/** Cells of a row by column name. */
export type ImportValues = Readonly<Record<string, Json>>;

/**
 * A row as a parser gives it: its cells, why it cannot be read as a row, or, last of all, why nothing
 * of the file can be read from here on.
 */
export type ImportRow =
  | { readonly line: number; readonly values: ImportValues }
  | { readonly line: number; readonly broken: Problem }
  | {
      readonly line: number;
      /** What could be read of it, to know which group it belongs to. */
      readonly values?: ImportValues;
      readonly refusal: RowRefusal;
      readonly detail: string;
    };

/** Why a row is refused: a closed list. */
export type RowRefusal =
  | 'too_many_columns'
  | 'too_few_columns'
  | 'unreadable'
  | 'broken_date'
  | 'negative_price'
  | 'bad_value'
  | 'no_identity'
  | 'no_id'
  | 'bad_name'
  | 'group_closed'
  | 'too_large';

/** A refused row. */
export interface RefusedRow {
  /** 1-based line in the file, the header being the first. */
  readonly line: number;
  readonly reason: RowRefusal;
  readonly detail: string;
}
