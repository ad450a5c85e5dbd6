import type { EpochMs } from '#libs/kernel';
import type { MetricSet, NormalisePhone, ProfileRules } from '#libs/profile';
import type { CompiledSegment } from '#libs/segment';

/** Local days of the workspace's zone, for windows. */
export interface DayCalendar {
  /** Days since 1970-01-01 of the local date at the instant. */
  localDay(atMs: EpochMs): number;
  /** First instant of the local date. */
  dayStartMs(day: number): EpochMs;
  /** Whether a name is a time zone's. */
  isZone(name: string): boolean;
}

/** What the published workspace means to the profile store. Immutable; replaced as a whole. */
export interface ProfileSettings {
  readonly rules: ProfileRules;
  /** Compiled from `rules`. */
  readonly metrics: MetricSet;
  /** In the order in which they may be evaluated. */
  readonly segments: readonly CompiledSegment[];
  readonly calendar: DayCalendar;
  readonly normalisePhone: NormalisePhone;
}

/** The settings in force; read anew for each batch. */
export interface ProfileSettingsSource {
  current(): ProfileSettings;
}

/** Turns what is personal into keyed hashes; the key is the home's secret. Deterministic. */
export interface Pseudonyms {
  /** Id of a profile first seen under this id; `attempt` 1 and on where that id is taken. */
  profileId(ns: string, value: string, attempt: number): string;
  accountId(ns: string, value: string): string;
  /** Hash of an address or another personal value, for analytics and suppression. */
  hash(kind: string, value: string): string;
}
