import type { Clock, EpochMs } from '#libs/kernel';

/** A clock that stands still until it is moved; it never goes back. */
export class SimulatedClock implements Clock {
  constructor(private atMs: EpochMs) {}

  nowMs(): EpochMs {
    return this.atMs;
  }

  moveTo(atMs: EpochMs): void {
    if (atMs > this.atMs) this.atMs = atMs;
  }
}
