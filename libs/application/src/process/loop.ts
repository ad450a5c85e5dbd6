/** Work that goes on for as long as a process lives. */
export interface LoopWork {
  /** Shows in logs and metrics. */
  readonly name: string;
  /**
   * One turn; answers how much it did. 0 means idle: the loop then waits. A rejection is logged and
   * the turn is tried again after a pause, for ever: an infrastructure that is away comes back.
   */
  readonly turn: (signal: AbortSignal) => Promise<number>;
  /** Waits while idle; resolves early when there may be something to do. */
  readonly idle: (signal: AbortSignal) => Promise<void>;
}

/** What a loop tells of itself. */
export interface LoopEvents {
  readonly failed: (name: string, error: unknown, attempt: number) => void;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** A pause that the signal cuts short. */
export async function pause(forMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, forMs);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Runs turns until the signal aborts; the turn in hand is finished first. */
export async function runLoop(
  work: LoopWork,
  events: LoopEvents,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const done = await work.turn(signal);
      failures = 0;
      if (done === 0 && !signal.aborted) await work.idle(signal);
    } catch (error) {
      failures += 1;
      events.failed(work.name, error, failures);
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 8)), signal);
    }
  }
}
