import type { Clock, EpochMs } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import type { VisitorMemory } from '../visitor/deeds.js';
import type { OpenTask, ReceivedMessage } from '../visitor/messages.js';

/** How far the sample has come; JSON, one row. */
export interface SampleProgress {
  readonly seed: string;
  /** End of the history: the engine's time when the sample was first loaded. Never changes. */
  readonly endMs: EpochMs;
  /** Batches of the history known to be on disk. */
  readonly batches: number;
  readonly isLoaded: boolean;
  /** Visitors have lived up to here. */
  readonly livedUntilMs: EpochMs;
  /** Last message of the sandbox that was read. */
  readonly readSeq: number;
  readonly memory: VisitorMemory;
}

/** Where progress is kept. `save` resolves once it is on disk. */
export interface ProgressStore {
  load(): Promise<SampleProgress | null>;
  save(progress: SampleProgress): Promise<void>;
}

/** What the sample needs of the running engine. A rejection is tried again on the next turn. */
export interface SamplePorts {
  readonly clock: Clock;
  readonly progress: ProgressStore;
  /** Resolves once the events are on disk; the same message ids may come twice. */
  appendHistorical(events: readonly RawEvent[]): Promise<void>;
  /** As `appendHistorical`, in the topic of live events. */
  appendLive(events: readonly RawEvent[]): Promise<void>;
  /** Messages after `sinceSeq` in the order of `seq`, some hundreds at most. */
  caught(sinceSeq: number): Promise<readonly ReceivedMessage[]>;
  /** Every open task. */
  openTasks(): Promise<readonly OpenTask[]>;
  /** Goes through the engine's own HTTP front, as a browser would, and follows no redirect. */
  fetchUrl(url: string, method: 'GET' | 'POST'): Promise<void>;
  /** A receiver's "this is spam", by the door that providers use. */
  complain(deliveryId: string): Promise<void>;
  /** An answer by SMS or e-mail, by the door that providers use. */
  reply(from: string, text: string): Promise<void>;
  closeTask(taskId: string, outcome: 'done' | 'declined'): Promise<void>;
  /** False once nobody has looked at the console for a while: visitors rest. */
  isAwake(): boolean;
  /** A pause on the wall's clock that the signal cuts short. */
  pause(forMs: number, signal: AbortSignal): Promise<void>;
  /** Told of a click, a reply or the like that failed; the visitor goes on. */
  onLost?(kind: string, error: unknown): void;
}
