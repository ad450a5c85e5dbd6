import type { Clock, EpochMs, Locale } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';
import type { PublishedWorkspace } from '../workspace/published.js';
import { workspaceWords, type WorkspaceWords } from './words/workspace-words.js';

/** The published workspace of this process; `ActiveWorkspace` is one. */
export interface PublishedSource {
  readonly isReady: boolean;
  readonly published: PublishedWorkspace;
  /** Loads what is published where it changed. */
  refresh(): Promise<boolean>;
}

/** What every page of the console stands on. */
export interface ConsoleGround {
  readonly workspace: PublishedSource;
  readonly clock: Clock;
  readonly calendar: Pick<ZonedCalendar, 'localDay' | 'localDate' | 'dayStartMs' | 'isZone'>;
  /** Monotonic. */
  readonly elapsedMs: () => number;
}

/** What is published, or null before the first publishing. */
export function publishedOf({ workspace }: ConsoleGround): PublishedWorkspace | null {
  return workspace.isReady ? workspace.published : null;
}

/** The words of what is published. */
export function wordsOf(ground: ConsoleGround, locale: Locale): WorkspaceWords {
  return workspaceWords(publishedOf(ground), locale);
}

/** Local day of the workspace, `2026-11-22`. */
export function localDate(ground: ConsoleGround, atMs: EpochMs): string {
  const zone = publishedOf(ground)?.compiled.relance.timezone ?? 'UTC';
  return ground.calendar.localDate(atMs, zone);
}

/** Starts of the last `days` local days and the end of today: `days + 1` ascending instants. */
export function dayBounds(ground: ConsoleGround, days: number): readonly EpochMs[] {
  const zone = publishedOf(ground)?.compiled.relance.timezone ?? 'UTC';
  const today = ground.calendar.localDay(ground.clock.nowMs(), zone);
  return Array.from({ length: days + 1 }, (_, index) =>
    ground.calendar.dayStartMs(today - days + 1 + index, zone),
  );
}
