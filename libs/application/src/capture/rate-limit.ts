/** How many events of one source are taken. */
export interface RateLimitOptions {
  /** Sustained, events a second. */
  readonly perSecond: number;
  /** At once. */
  readonly burst: number;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket a source. Sources are few: they are those of the workspace. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly options: RateLimitOptions) {}

  /** Takes tokens; 0 where they were there, else whole seconds to wait, and nothing was taken. */
  take(source: string, events: number): number {
    const { burst, perSecond, elapsedMs } = this.options;
    const nowMs = elapsedMs();
    const bucket = this.buckets.get(source) ?? { tokens: burst, atMs: nowMs };
    this.buckets.set(source, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = nowMs;
    // A request larger than the bucket passes when it is full, else it never would.
    const needed = Math.min(events, burst);
    if (bucket.tokens >= needed) {
      bucket.tokens -= needed;
      return 0;
    }
    return Math.max(1, Math.ceil((needed - bucket.tokens) / perSecond));
  }
}
