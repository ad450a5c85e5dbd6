/**
 * Lets work that nobody waits for give way while other work is behind, for a bounded time: then it
 * goes on until it has caught up, however busy the rest is.
 */
export class GiveWay {
  private caughtUpAtMs: number;

  constructor(
    private readonly options: {
      /** Monotonic milliseconds. */
      readonly nowMs: () => number;
      readonly isOtherBehind: () => boolean;
      /** How long it may be held back since it was last caught up. */
      readonly atMostMs: number;
    },
  ) {
    this.caughtUpAtMs = options.nowMs();
  }

  /** Whether to wait a little and ask again. */
  get isHeld(): boolean {
    const { atMostMs, isOtherBehind, nowMs } = this.options;
    return isOtherBehind() && nowMs() - this.caughtUpAtMs < atMostMs;
  }

  /** There was no more to do than what has just been done. */
  caughtUp(): void {
    this.caughtUpAtMs = this.options.nowMs();
  }
}
