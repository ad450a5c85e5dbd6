import type { Clock, EpochMs } from '#libs/kernel';

/** A clock that stands still until it is told to move; never goes back. */
export class VirtualClock implements Clock {
  constructor(private atMs: EpochMs) {}

  nowMs(): EpochMs {
    return this.atMs;
  }

  advance(byMs: number): void {
    this.atMs += Math.max(0, byMs);
  }

  moveTo(atMs: EpochMs): void {
    this.atMs = Math.max(this.atMs, atMs);
  }
}
