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
  const stoodMs = stored === null ? 0 : domainAt(stored, stored.wallMs + ANCHOR_LIVES_MS);
  if (wish.kind === 'wall') {
    const aheadMs = (stored?.domainMs ?? 0) - wallMs;
    if (aheadMs > WALL_SLACK_MS) return { refusal: 'would_go_back', byMs: aheadMs };
    const domainMs = Math.max(wallMs, stored?.domainMs ?? 0);
    return { anchor: { kind: 'wall', domainMs, wallMs, speed: 1, startMs: null } };
  }
  const startMs = wish.startMs === 'now' ? null : wish.startMs;
  const anchor = { kind: 'accelerated', wallMs, speed: wish.speed, startMs } as const;
  if (stored === null) return { anchor: { ...anchor, domainMs: startMs ?? wallMs } };
  if (startMs === null) {
    const domainMs = stored.kind === 'wall' ? Math.max(wallMs, stored.domainMs) : stoodMs;
    return { anchor: { ...anchor, domainMs } };
  }
  const isSameStart = startMs === stored.startMs;
  if (!isSameStart && startMs < stored.domainMs) {
    return { refusal: 'would_go_back', byMs: stored.domainMs - startMs };
  }
  return { anchor: { ...anchor, domainMs: isSameStart ? stoodMs : Math.max(startMs, stoodMs) } };
}
