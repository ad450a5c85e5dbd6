import type { EpochMs } from '#libs/kernel';

const FUTURE_MS = 5 * 60_000;
const PAST_MS = 2 * 366 * 86_400_000;
const EARLIEST_MS = 0;
const LATEST_MS = 4_102_444_800_000; // 2100-01-01
const INSTANT =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/;
const MAX_LENGTH = 40;

/**
 * Reads an ISO 8601 instant, or milliseconds since 1970; without a zone it is UTC, whatever the zone
 * of this machine. Null where it is none, or outside the years 1970 to 2100.
 */
export function readInstant(value: unknown): EpochMs | null {
  const atMs = typeof value === 'number' ? value : typeof value === 'string' ? parse(value) : NaN;
  const isWithin = atMs >= EARLIEST_MS && atMs < LATEST_MS;
  return isWithin ? Math.trunc(atMs) : null;
}

function parse(text: string): number {
  if (text.length > MAX_LENGTH) return NaN;
  const match = INSTANT.exec(text);
  if (match === null) return NaN;
  // A date alone is UTC by the standard; a date with an hour and no zone would be this machine's.
  if (match[1] !== undefined || text.length <= 10) return Date.parse(text.replace(',', '.'));
  return Date.parse(`${text.replace(' ', 'T').replace(',', '.')}Z`);
}

/** When a message came, by the engine's clock and by the wall's. */
export interface Receipt {
  readonly receivedAtMs: EpochMs;
  readonly wallMs: EpochMs;
}

/**
 * The event's own time on the engine's clock: receipt less the time the message lay at the client,
 * which takes the client's clock out of it. Without `sentAt` the wall's receipt stands for it. What
 * is historical keeps its date. Bounded to two years before and five minutes after receipt.
 */
export function correctedMs(
  originalAtMs: EpochMs | null,
  sentAtMs: EpochMs | null,
  receipt: Receipt,
  isHistorical: boolean,
): EpochMs {
  const { receivedAtMs, wallMs } = receipt;
  if (originalAtMs === null) return receivedAtMs;
  if (isHistorical) return Math.min(originalAtMs, receivedAtMs + FUTURE_MS);
  const lainMs = (sentAtMs ?? wallMs) - originalAtMs;
  const atMs = receivedAtMs - lainMs;
  return Math.min(Math.max(atMs, receivedAtMs - PAST_MS), receivedAtMs + FUTURE_MS);
}
