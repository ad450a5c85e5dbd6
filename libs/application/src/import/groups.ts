import type { ImportValues } from './row.js';

/** Rows that make one event. */
export interface RowGroup {
  readonly key: string;
  readonly rows: { readonly line: number; readonly values: ImportValues }[];
  /** A row of it was refused, which refuses it whole. */
  isRefused: boolean;
}

/**
 * Gathers rows by key while they stream by. A group is complete when none of its rows came for so
 * many rows; memory is bounded by that.
 */
export class RowGroups {
  private readonly open = new Map<string, { group: RowGroup; lastIndex: number }>();
  private readonly closed = new Set<string>();

  constructor(private readonly withinRows: number) {}

  /** The group of a key, open at this row; undefined where it was given away already. */
  at(key: string, index: number): RowGroup | undefined {
    const known = this.open.get(key);
    if (known !== undefined) {
      // Moved to the end, so that the first in the map is the one that waits longest.
      this.open.delete(key);
      this.open.set(key, { group: known.group, lastIndex: index });
      return known.group;
    }
    if (this.closed.has(key)) return undefined;
    const group: RowGroup = { key, rows: [], isRefused: false };
    this.open.set(key, { group, lastIndex: index });
    return group;
  }

  /** Groups that are complete at this row. */
  *complete(index: number): Iterable<RowGroup> {
    for (const [key, { group, lastIndex }] of this.open) {
      if (lastIndex + this.withinRows >= index) return;
      this.open.delete(key);
      this.closed.add(key);
      yield group;
    }
  }

  /** Rows of the groups that are open still. */
  get waiting(): number {
    let waiting = 0;
    for (const { group } of this.open.values()) waiting += group.rows.length;
    return waiting;
  }

  /** All that is left, at the end of the file. */
  *rest(): Iterable<RowGroup> {
    for (const { group } of this.open.values()) yield group;
    this.open.clear();
  }
}
