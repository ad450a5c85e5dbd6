import type { ProcessIdentity } from './identity.js';

/** How a process ended; both null where it was not our child, so that nobody could tell us. */
export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running engine in its own process group. */
export interface EngineProcess {
  readonly identity: ProcessIdentity;
  /** True where it ran already and was taken over instead of started. */
  readonly adopted: boolean;
  /** Resolves once when the process is gone, whatever ended it. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Orderly stop; harder means after a while. Resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): void;
}
