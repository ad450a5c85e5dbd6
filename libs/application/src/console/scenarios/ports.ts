import type { EpochMs } from '#libs/kernel';

/** How many stand on a step. */
export interface StandingCount {
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly status: 'running' | 'paused' | 'held_out';
  readonly people: number;
}

/** Figures of a scenario between two instants. */
export interface ScenarioFigure {
  readonly scenario: string;
  /** Index of the interval among those asked for. */
  readonly interval: number;
  readonly kind: 'entered' | 'sent' | 'converted' | 'revenue';
  readonly count: number;
  /** Decimal text; of `revenue` only. */
  readonly amount: string;
  readonly currency: string;
}

/** What was not sent, by reason. */
export interface WithheldCount {
  readonly reason: string;
  readonly stage: string;
  readonly count: number;
}

/** Somebody in a scenario, as stored. */
export interface EnrolledRow {
  readonly enrolmentId: string;
  readonly profileId: string;
  readonly name: string;
  readonly definition: string;
  readonly stepId: string;
  readonly status: 'running' | 'paused' | 'held_out';
  readonly group: string;
  readonly enteredAtMs: EpochMs;
  readonly sinceMs: EpochMs | null;
  readonly dueAtMs: EpochMs | null;
}

/** A version as published. */
export interface VersionRow {
  readonly definition: string;
  readonly publishedAtMs: EpochMs;
  readonly author: string;
}

/** A source file as published. */
export interface SourceRow {
  readonly path: string;
  readonly text: string;
}

/** What is asked of who is in a scenario. */
export interface EnrolledQuery {
  readonly scenario: string;
  readonly stepId?: string | undefined;
  readonly status?: EnrolledRow['status'] | undefined;
  /** Enrolment id after which to go on. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Reads scenarios for the console; every query is bounded. */
export interface ScenarioReader {
  standing(): Promise<readonly StandingCount[]>;
  /** Figures of intervals given by their n + 1 ascending bounds. */
  figures(bounds: readonly EpochMs[]): Promise<readonly ScenarioFigure[]>;
  withheldSince(sinceMs: EpochMs): Promise<readonly WithheldCount[]>;
  enrolled(query: EnrolledQuery): Promise<readonly EnrolledRow[]>;
  endedCount(scenario: string): Promise<number>;
  versions(scenario: string, limit: number): Promise<readonly VersionRow[]>;
  /** The file that made a definition, the latest that did; null where none is kept. */
  source(scenario: string, definition: string): Promise<SourceRow | null>;
}

/** What waits for a person to look at it. */
export interface TroubleCounts {
  readonly deadLetters: number;
  readonly uncertain: number;
  readonly overdueTasks: number;
  readonly failedSince: number;
}

/** Lift of a scenario, as the analytics store reckons it. */
export interface LiftRow {
  readonly scenario: string;
  readonly comparedTo: 'holdout' | 'random_control';
  readonly treated: number;
  readonly control: number;
  readonly treatedConverted: number;
  readonly controlConverted: number;
  readonly lift: number;
  readonly low: number;
  readonly high: number;
  readonly isSignificant: boolean;
}
