import type { EpochMs } from '#libs/kernel';

/** Where the engine's time stands against the wall's: at `wallMs` it was `domainMs`. */
export interface ClockAnchor {
  readonly kind: 'wall' | 'accelerated';
  readonly domainMs: EpochMs;
  readonly wallMs: EpochMs;
  /** Seconds of the engine in a second of the wall; 1 on the wall's clock, 0 while it rests. */
  readonly speed: number;
  /** Where the accelerated clock was asked to start; null for `now` and for the wall's clock. */
  readonly startMs: EpochMs | null;
}

/** The clock a home is asked to run on; the shape of `RELANCE_CLOCK`. */
export type ClockWish =
  | { readonly kind: 'wall' }
  | {
      readonly kind: 'accelerated';
      readonly startMs: EpochMs | 'now';
      readonly speed: number;
    };

/** The answer to a wish: where to go on, or that the clock would go back. */
export type Reanchored =
  { readonly anchor: ClockAnchor } | { readonly refusal: 'would_go_back'; readonly byMs: number };

/** An anchor older than this belongs to a run that has ended. */
export const ANCHOR_LIVES_MS = 3_000;
/** How far the wall may be set back under a running home before a start refuses. */
const WALL_SLACK_MS = 5 * 60_000;

/**
 * The engine's time at an instant of the wall. An accelerated clock stands still once its anchor
 * has not been refreshed for `ANCHOR_LIVES_MS`: so the next start knows how far it can have come.
 */
export function domainAt(anchor: ClockAnchor, wallMs: EpochMs): EpochMs {
  if (anchor.kind === 'wall') return Math.max(anchor.domainMs, wallMs);
  const passedMs = Math.min(Math.max(0, wallMs - anchor.wallMs), ANCHOR_LIVES_MS);
  return Math.floor(anchor.domainMs + passedMs * anchor.speed);
}

/** Whether a process refreshes this anchor now. */
export function isAnchorLive(anchor: ClockAnchor, wallMs: EpochMs): boolean {
  return Math.abs(wallMs - anchor.wallMs) < ANCHOR_LIVES_MS;
}

/**
 * The anchor to go on from. An accelerated clock goes on where it stood, so that the time the engine
 * was down does not count; its start holds for a new home, or where it lies ahead. Refuses what would
 * move the clock back: the wall's clock on a home ahead of it, or another start behind it.
 */
export function reanchored(
  stored: ClockAnchor | null,
  wish: ClockWish,
  wallMs: EpochMs,
): Reanchored {
  if (wish.kind === 'wall') return onTheWall(stored, wallMs);
  const { speed } = wish;
  const startMs = wish.startMs === 'now' ? null : wish.startMs;
  const from = stored === null ? null : goingOnFrom(stored, startMs, wallMs);
  if (from !== null && typeof from !== 'number') return from;
  const domainMs = from ?? startMs ?? wallMs;
  return { anchor: { kind: 'accelerated', domainMs, wallMs, speed, startMs } };
}

function onTheWall(stored: ClockAnchor | null, wallMs: EpochMs): Reanchored {
  const stoodMs = stored?.domainMs ?? wallMs;
  if (stoodMs - wallMs > WALL_SLACK_MS) {
    return { refusal: 'would_go_back', byMs: stoodMs - wallMs };
  }
  const domainMs = Math.max(wallMs, stoodMs);
  return { anchor: { kind: 'wall', domainMs, wallMs, speed: 1, startMs: null } };
}

function goingOnFrom(
  stored: ClockAnchor,
  startMs: EpochMs | null,
  wallMs: EpochMs,
): EpochMs | Reanchored {
  if (startMs === null && stored.kind === 'wall') return Math.max(wallMs, stored.domainMs);
  // As far as it can have come since it was last refreshed.
  const stoodMs = domainAt(stored, stored.wallMs + ANCHOR_LIVES_MS);
  if (startMs === null || startMs === stored.startMs) return stoodMs;
  if (startMs >= stored.domainMs) return Math.max(startMs, stoodMs);
  return { refusal: 'would_go_back', byMs: stored.domainMs - startMs };
}
