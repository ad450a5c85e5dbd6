import type { ProcessIdentity } from './identity.js';

/** How a process ended; both null where it was not our child, so that nobody could tell us. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running process of ours, in its own process group. */
export interface Kept {
  readonly identity: ProcessIdentity;
  /** Resolves once when the process is gone, whatever ended it. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Orderly stop, harder means near the end of the time. Resolves when it is gone. Idempotent. */
  stop(withinMs?: number): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): void;
}

/** A running engine. */
export interface EngineProcess extends Kept {
  /** True where it ran already and was taken over instead of started. */
  readonly adopted: boolean;
}

/** What a start is given. */
export interface StartHooks {
  /** Aborted when the process is not wanted any more: the start gives up and leaves none. */
  readonly signal?: AbortSignal;
  /** Called as soon as there is a process, ready or not. */
  readonly started?: (identity: ProcessIdentity) => void;
}
