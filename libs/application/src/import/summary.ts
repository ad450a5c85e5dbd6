import { fromUnits, toUnits, type Problem } from '#libs/kernel';
import type { RefusedRow } from './row.js';

/** What an import did. Rows add up: kept + left out + refused + with refused + unfinished = rows. */
export interface ImportSummary {
  readonly rows: number;
  /** Rows that are in what was imported. */
  readonly kept: number;
  /** Rows left out by the mapping's rules, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Rows refused, all of them. */
  readonly refused: number;
  /** Sound rows of a group that another row refused. */
  readonly withRefused: number;
  /** Rows of groups that were not complete where the file broke off: not imported. */
  readonly unfinished: number;
  /** Why the file could not be read to its end; null where it was. */
  readonly broken: Problem | null;
  /** The first refused rows, 10,000 at most. */
  readonly refusals: readonly RefusedRow[];
  /** Refused rows that `refusals` has no room for. */
  readonly unlisted: number;
  /** Events by name. */
  readonly events: Readonly<Record<string, number>>;
  /** Sum of `total` by event name: exact decimal text. */
  readonly totals: Readonly<Record<string, string>>;
  readonly currency: string | null;
  /** Different people named by the rows kept. */
  readonly people: number;
}

const MOST_REFUSALS = 10_000;

/** Counts while rows stream by. */
export class ImportCount {
  rows = 0;
  kept = 0;
  withRefused = 0;
  private refused = 0;
  private readonly leftOut = new Map<string, number>();
  private readonly refusals: RefusedRow[] = [];
  private readonly events = new Map<string, number>();
  private readonly totals = new Map<string, bigint>();
  private readonly people = new Set<string>();

  /** The listener is told of each refused row, however many there are. */
  constructor(private readonly onRefused?: (row: RefusedRow) => void) {}

  leaveOut(reason: string): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1);
  }

  refuse(row: RefusedRow): void {
    this.refused += 1;
    this.onRefused?.(row);
    if (this.refusals.length < MOST_REFUSALS) this.refusals.push(row);
  }

  event(name: string, properties: Readonly<Record<string, unknown>>, person: string): void {
    this.events.set(name, (this.events.get(name) ?? 0) + 1);
    const { total } = properties;
    if (typeof total === 'number') {
      this.totals.set(name, (this.totals.get(name) ?? 0n) + toUnits(total));
    }
    this.people.add(person);
  }

  get made(): number {
    let made = 0;
    for (const count of this.events.values()) made += count;
    return made;
  }

  summary(
    currency: string | null,
    end: Pick<ImportSummary, 'broken' | 'unfinished'>,
  ): ImportSummary {
    return {
      rows: this.rows,
      kept: this.kept,
      leftOut: Object.fromEntries(this.leftOut),
      refused: this.refused,
      withRefused: this.withRefused,
      ...end,
      refusals: this.refusals,
      unlisted: this.refused - this.refusals.length,
      events: Object.fromEntries(this.events),
      totals: Object.fromEntries(
        [...this.totals].map(([name, units]) => [name, fromUnits(units)] as const),
      ),
      currency,
      people: this.people.size,
    };
  }
}
