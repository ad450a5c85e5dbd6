import {
  domainAt,
  isAnchorLive,
  reanchored,
  type ClockAnchor,
  type ClockWish,
  type Tx,
} from '#libs/application';
import type { Clock, EpochMs } from '#libs/kernel';
import { inside, type Database } from '../base/database.js';

const REFRESH_MS = 1_000;
const LOCK_KEY = 7_214_513;

interface AnchorRow {
  [column: string]: unknown;
  kind: 'wall' | 'accelerated';
  domain_ms: number;
  wall_ms: number;
  speed: number;
  wished_speed: number;
  start_ms: number | null;
}

const anchorOf = (row: AnchorRow): ClockAnchor => ({
  kind: row.kind,
  domainMs: row.domain_ms,
  wallMs: row.wall_ms,
  speed: row.speed,
  startMs: row.start_ms,
});

/** The clock asked for lies behind what this home has lived through. */
export class ClockWouldGoBackError extends Error {
  override readonly name = 'ClockWouldGoBackError';
  readonly retryable = false;

  constructor(
    /** Milliseconds it would go back. */
    readonly byMs: number,
  ) {
    super('RELANCE_CLOCK would move this home back in time');
  }
}

/**
 * The engine's clock, shared by every process of a home through one row: each refreshes it once a
 * second and takes over what another wrote. Reading it is arithmetic, without the store. Never goes
 * back within a process, nor over restarts.
 */
export class AnchoredClock implements Clock {
  private lastMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private refreshing: Promise<void> | undefined;

  private constructor(
    private readonly database: Database,
    private readonly wallMs: () => EpochMs,
    private anchor: ClockAnchor,
  ) {}

  /**
   * Joins the clock of a running home, or sets the home's clock going again where it stood. Throws
   * `ClockWouldGoBackError`.
   */
  static async open(
    database: Database,
    wish: ClockWish,
    wallMs: () => EpochMs = Date.now,
  ): Promise<AnchoredClock> {
    const anchor = await database.transaction(async (tx) => {
      await inside(tx).query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
      const rows = await inside(tx).query<AnchorRow>('SELECT * FROM clock_anchor');
      const [row] = rows.rows;
      const stored = row === undefined ? null : anchorOf(row);
      const isJoining =
        stored !== null && isAnchorLive(stored, wallMs()) && isSame(row, stored, wish);
      if (isJoining) return stored;
      const next = reanchored(stored, wish, wallMs());
      if ('refusal' in next) throw new ClockWouldGoBackError(next.byMs);
      await write(tx, next.anchor);
      return next.anchor;
    });
    const clock = new AnchoredClock(database, wallMs, anchor);
    clock.timer = setInterval(() => void clock.refresh(), REFRESH_MS).unref();
    return clock;
  }

  nowMs(): EpochMs {
    this.lastMs = Math.max(this.lastMs, domainAt(this.anchor, this.wallMs()));
    return this.lastMs;
  }

  /** Seconds of the engine in a second of the wall: 1 on the wall's clock, 0 while it rests. */
  get speed(): number {
    return this.anchor.speed;
  }

  /** False on the wall's clock: then it can neither rest nor hurry. */
  get isAccelerated(): boolean {
    return this.anchor.kind === 'accelerated';
  }

  /** Lets an accelerated clock rest, and all processes of the home with it within a second. */
  async rest(): Promise<void> {
    await this.changeSpeed('0');
  }

  /** Lets a resting clock go on at its own speed. */
  async resume(): Promise<void> {
    await this.changeSpeed('wished_speed');
  }

  private async changeSpeed(speed: '0' | 'wished_speed'): Promise<void> {
    if (!this.isAccelerated) return;
    await this.refresh();
    const rows = await this.database.query<AnchorRow>(
      `UPDATE clock_anchor SET speed = ${speed}, domain_ms = greatest(domain_ms, $1), wall_ms = $2
       RETURNING *`,
      [this.nowMs(), this.wallMs()],
    );
    if (rows.rows[0] !== undefined) this.anchor = anchorOf(rows.rows[0]);
  }

  /** Moves the shared anchor up to now and takes over what is stored. Faults are left to the next. */
  private async refresh(): Promise<void> {
    this.refreshing ??= this.exchange()
      .catch(() => undefined)
      .finally(() => (this.refreshing = undefined));
    await this.refreshing;
  }

  private async exchange(): Promise<void> {
    const wallMs = this.wallMs();
    // By the stored speed, not by ours: another process may have let the clock rest meanwhile.
    const rows = await this.database.query<AnchorRow>(
      `UPDATE clock_anchor SET wall_ms = $1, domain_ms = CASE kind
           WHEN 'wall' THEN greatest(domain_ms, $1)
           ELSE domain_ms + floor(least(greatest($1 - wall_ms, 0), 3000) * speed)::bigint END
       RETURNING *`,
      [wallMs],
    );
    const [row] = rows.rows;
    if (row !== undefined) this.anchor = anchorOf(row);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.refreshing;
  }
}

function isSame(row: AnchorRow | undefined, stored: ClockAnchor, wish: ClockWish): boolean {
  if (stored.kind !== wish.kind) return false;
  if (wish.kind === 'wall') return true;
  const startMs = wish.startMs === 'now' ? null : wish.startMs;
  return row?.wished_speed === wish.speed && stored.startMs === startMs;
}

async function write(tx: Tx, anchor: ClockAnchor): Promise<void> {
  await inside(tx).query(
    `INSERT INTO clock_anchor (kind, domain_ms, wall_ms, speed, wished_speed, start_ms)
     VALUES ($1, $2, $3, $4, $4, $5)
     ON CONFLICT (single) DO UPDATE SET kind = excluded.kind, domain_ms = excluded.domain_ms,
       wall_ms = excluded.wall_ms, speed = excluded.speed, wished_speed = excluded.wished_speed,
       start_ms = excluded.start_ms`,
    [anchor.kind, anchor.domainMs, anchor.wallMs, anchor.speed, anchor.startMs],
  );
}
