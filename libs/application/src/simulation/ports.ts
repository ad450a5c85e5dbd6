import type { RawEvent } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';

/** When recorded events lie. */
export interface RecordedSpan {
  readonly events: number;
  readonly firstMs: EpochMs;
  readonly lastMs: EpochMs;
}

/** A choice as it was made then. */
export interface RecordedDecision {
  readonly profileId: string;
  readonly stepId: string;
  readonly atMs: EpochMs;
  readonly action: string;
  /** Null for `nothing`. */
  readonly treatment: string | null;
}

/** What was recorded, for simulations. Reads one state of the store, and nothing but reads. */
export interface RecordedEvents {
  /** Null where there is no event. */
  span(): Promise<RecordedSpan | null>;
  /**
   * Events up to an instant in the order of their time, each with the profile it is about today.
   * What nobody is known by, and what bots did, is left out.
   */
  pages(toMs: EpochMs): AsyncIterable<readonly RawEvent[]>;
  /** Decisions of a scenario, the earliest of a person first. */
  decisions(scenario: string): Promise<readonly RecordedDecision[]>;
}
