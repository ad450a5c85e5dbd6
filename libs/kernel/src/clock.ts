import type { EpochMs } from './brand.js';

/**
 * The engine's time: waits, caps, quiet hours, windows, retention and validity read this and nothing
 * else. It may run faster than the wall and never goes back. Leases, retries and time-outs use the
 * wall instead.
 */
export interface Clock {
  nowMs(): EpochMs;
}
