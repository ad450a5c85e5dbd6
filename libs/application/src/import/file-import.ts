import type { Clock, Problem } from '#libs/kernel';
import type { MappingConfig, RawEvent } from '#libs/contracts';
import { DateReader, type ImportCalendar } from './date.js';
import { GroupEvents } from './event-of.js';
import { RowGroups, type RowGroup } from './groups.js';
import { compileMapping, type CompiledMapping } from './mapping.js';
import type { ImportRow, ImportValues, RefusedRow, RowRefusal } from './row.js';
import { ImportCount, type ImportSummary } from './summary.js';

/** Where imported events go; resolves when they are safe. */
export interface ImportSink {
  append(events: readonly RawEvent[]): Promise<void>;
}

/** What an import needs. */
export interface ImportPorts {
  readonly sink: ImportSink;
  readonly calendar: ImportCalendar;
  readonly clock: Clock;
}

/** How an import runs. */
export interface ImportOptions {
  /** Zone of dates where the mapping names none. */
  readonly timezone: string;
  /** Events an append; 1,000 by default. */
  readonly batchSize?: number;
  /** Told after each append. */
  readonly onProgress?: (progress: { readonly rows: number; readonly events: number }) => void;
  /** Told of each refused row; the summary lists the first of them only. */
  readonly onRefused?: (row: RefusedRow) => void;
  readonly signal?: AbortSignal;
}

type ReadRow = Exclude<ImportRow, { broken: Problem }>;

const PRICE_COLUMN = /price|prix/i;

/**
 * Turns rows of a file into events by a mapping. Message ids derive from the mapping and the row's
 * own id, so the same file again, whole or after a break, changes nothing.
 */
export class FileImport {
  private readonly mapping: CompiledMapping;
  private readonly makes: GroupEvents;
  private readonly count: ImportCount;
  private readonly groups: RowGroups;
  private readonly batch: RawEvent[] = [];
  private priceColumns: readonly string[] | undefined;

  constructor(
    config: MappingConfig,
    private readonly ports: ImportPorts,
    private readonly options: ImportOptions,
  ) {
    this.mapping = compileMapping(config);
    this.count = new ImportCount(options.onRefused);
    const dates = new DateReader(ports.calendar, this.mapping.zone ?? options.timezone);
    this.makes = new GroupEvents({ mapping: this.mapping, dates, clock: ports.clock });
    this.groups = new RowGroups(this.mapping.withinRows);
  }

  /**
   * Reads all rows, in one pass and bounded memory. Rejects only where the sink does. Where the file
   * breaks off, what is complete by then is imported; a group that may have rows to come is not, for
   * its event would count as the whole one.
   */
  async run(rows: AsyncIterable<ImportRow> | Iterable<ImportRow>): Promise<ImportSummary> {
    let broken: Problem | null = null;
    for await (const row of rows) {
      this.options.signal?.throwIfAborted();
      if ('broken' in row) {
        broken = row.broken;
        break;
      }
      this.take(row);
      if (this.batch.length >= (this.options.batchSize ?? 1_000)) await this.flush();
    }
    const unfinished = broken === null ? 0 : this.groups.waiting;
    if (broken === null) for (const group of this.groups.rest()) this.finish(group);
    await this.flush();
    return this.count.summary(this.mapping.currency, { broken, unfinished });
  }

  private take(row: ReadRow): void {
    this.count.rows += 1;
    const { values, line } = row;
    const skipped = values === undefined ? undefined : this.skipped(values);
    if (skipped !== undefined) {
      this.count.leaveOut(skipped);
      return;
    }
    const refusal = this.refusalOf(row);
    const group = values === undefined ? undefined : this.groupOf(line, values);
    if (refusal !== undefined) {
      this.count.refuse({ line, ...refusal });
      if (group !== undefined) group.isRefused = true;
    } else if (values !== undefined && group !== undefined) {
      group.rows.push({ line, values });
    } else {
      this.count.refuse({ line, reason: 'group_closed', detail: 'its group is more rows back' });
    }
    if (this.mapping.groupBy === null && group !== undefined) this.finish(group);
    for (const complete of this.groups.complete(this.count.rows)) this.finish(complete);
  }

  private skipped(values: ImportValues): string | undefined {
    const bindings = { now: 0, row: values, lines: [] };
    for (const { when, reason } of this.mapping.skip) {
      const answer = when(bindings);
      if (answer.ok && answer.value === true) return reason;
    }
    return undefined;
  }

  private refusalOf(row: ReadRow): { reason: RowRefusal; detail: string } | undefined {
    if ('refusal' in row) return { reason: row.refusal, detail: row.detail };
    this.priceColumns ??= Object.keys(row.values).filter((column) => PRICE_COLUMN.test(column));
    for (const column of this.priceColumns) {
      const value = row.values[column];
      if (Number(value) < 0) {
        return { reason: 'negative_price', detail: `${column} ${JSON.stringify(value)}` };
      }
    }
    return undefined;
  }

  private groupOf(line: number, values: ImportValues): RowGroup | undefined {
    const { groupBy } = this.mapping;
    if (groupBy === null) return { key: String(line), rows: [], isRefused: false };
    const key = values[groupBy];
    return this.groups.at(typeof key === 'string' ? key : JSON.stringify(key), this.count.rows);
  }

  private finish(group: RowGroup): void {
    if (group.isRefused) {
      this.count.withRefused += group.rows.length;
      return;
    }
    if (group.rows.length === 0) return;
    const made = this.makes.make(group);
    if (!made.ok) {
      this.count.refuse(made.error);
      this.count.withRefused += group.rows.length - 1;
      return;
    }
    this.count.kept += group.rows.length;
    for (const event of made.value) {
      this.count.event(event.name, event.properties, JSON.stringify(event.ids));
      this.batch.push(event);
    }
  }

  private async flush(): Promise<void> {
    if (this.batch.length === 0) return;
    await this.ports.sink.append(this.batch.splice(0));
    this.options.onProgress?.({ rows: this.count.rows, events: this.count.made });
  }
}
