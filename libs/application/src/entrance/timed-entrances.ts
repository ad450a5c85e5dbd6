import { contentHash, type EpochMs, type ProfileId } from '#libs/kernel';
import { scheduleEntryEventKey, type Definition, type ScheduleEntry } from '#libs/scenario';
import type { Tx } from '../ports/transaction.js';
import type { DefinitionSource } from '../runtime/ports.js';
import type { EntryRule, OccurrenceCalendar } from './calendar.js';
import { candidates, dueGroups, lastDueMs, occurrenceOf, type Window } from './date-occurrences.js';
import type { EntranceStore, EntranceSweep } from './ports.js';

/** What was missed for longer is not caught up. */
const CAUGHT_UP_MS = 24 * 3_600_000;
/** As far back as what is skipped is counted. */
const COUNTED_MS = 400 * CAUGHT_UP_MS;
/** Entries fall due at whole minutes: between two nothing can. */
const LOOK_EVERY_MS = 60_000;
/** Without any such scenario, how often rows of paused ones are brought forward. */
const REST_MS = 15 * LOOK_EVERY_MS;

/** Somebody whom a date or a schedule brings. */
export interface Arrival {
  readonly profileId: ProfileId;
  /** Names the occurrence, in place of an entry event's key. */
  readonly occurrence: string;
}

/** The next people to take in, and how far that brings their scenario. */
export interface ArrivalPage {
  readonly definition: Definition;
  readonly arrivals: readonly Arrival[];
  /** To be written in the transaction that takes them in. */
  readonly after: EntranceSweep;
}

/** What entries by date and by schedule work with. */
export interface TimedEntrancePorts {
  readonly store: EntranceStore;
  readonly calendar: OccurrenceCalendar;
  readonly definitions: Pick<DefinitionSource, 'inForce' | 'isPaused'>;
  readonly workspaceZone: () => string;
}

/**
 * Finds whom dates and schedules bring, a page at a time: one row a scenario says up to when all
 * were taken in, and the next window begins there. So a restart resumes, and a clock that jumps is
 * followed for a day and no further. Who enters twice for one occurrence is refused by the ledger.
 */
export class TimedEntrances {
  #live: readonly Definition[] = [];
  #restUntilMs = -Infinity;
  #served = '';

  constructor(private readonly ports: TimedEntrancePorts) {}

  /** The next page; null where nobody is due. Windows that bring nobody are closed on the way. */
  async next(tx: Tx, nowMs: EpochMs, limit: number): Promise<ArrivalPage | null> {
    const live = this.ports.definitions.inForce();
    if (live === this.#live && nowMs < this.#restUntilMs) return null;
    const timed = live.filter(isTimed);
    const rows = await this.ports.store.sweeps(tx);
    let isWritten = await this.settleOthers(tx, { rows, timed, nowMs });
    const known = new Map(rows.map((row) => [row.scenario, row]));
    for (const definition of this.inTurn(timed)) {
      const before = known.get(definition.scenario);
      const page = await this.pageOf(tx, definition, { before, nowMs, limit });
      if (page === null) continue;
      // People looked at who do not enter are a page too: the next turn goes on behind them.
      if (page.after.looked > (before?.looked ?? 0)) {
        this.#served = definition.scenario;
        return page;
      }
      isWritten = true;
      await this.ports.store.save(tx, page.after);
    }
    // What was written may be rolled back: only a look that changed nothing is trusted.
    if (!isWritten) this.rest(live, timed.length > 0 ? LOOK_EVERY_MS : REST_MS, nowMs);
    return null;
  }

  /** In the transaction that took the page in. */
  async advance(tx: Tx, page: ArrivalPage): Promise<void> {
    await this.ports.store.save(tx, page.after);
  }

  private rest(live: readonly Definition[], everyMs: number, nowMs: EpochMs): void {
    this.#live = live;
    this.#restUntilMs = Math.floor(nowMs / everyMs) * everyMs + everyMs;
  }

  /** From the one after the last served, so that a large one holds up no other. */
  private inTurn(timed: readonly Definition[]): readonly Definition[] {
    const sorted = [...timed].sort((one, other) => (one.scenario < other.scenario ? -1 : 1));
    const isLater = ({ scenario }: Definition): boolean => scenario > this.#served;
    return [...sorted.filter(isLater), ...sorted.filter((one) => !isLater(one))];
  }

  /** What falls due during a pause enters nobody, and a scenario that is gone starts afresh. */
  private async settleOthers(
    tx: Tx,
    given: {
      readonly rows: readonly EntranceSweep[];
      readonly timed: readonly Definition[];
      readonly nowMs: EpochMs;
    },
  ): Promise<boolean> {
    const { store, definitions } = this.ports;
    const live = new Set(given.timed.map(({ scenario }) => scenario));
    let isWritten = false;
    for (const row of given.rows) {
      if (live.has(row.scenario)) continue;
      if (definitions.isPaused(row.scenario)) {
        await store.save(tx, { ...closed(row, given.nowMs) });
      } else {
        isWritten = true;
        await store.drop(tx, row.scenario);
      }
    }
    return isWritten;
  }

  private async pageOf(
    tx: Tx,
    definition: Definition,
    given: {
      readonly before: EntranceSweep | undefined;
      readonly nowMs: EpochMs;
      readonly limit: number;
    },
  ): Promise<ArrivalPage | null> {
    const { nowMs, limit } = given;
    const { scenario, entry } = definition;
    const hash = contentHash([entry.date ?? null, entry.schedule ?? null]);
    const arrivals: readonly Arrival[] = [];
    if (given.before === undefined) {
      return { definition, arrivals, after: firstSweep(scenario, hash, nowMs) };
    }
    const isSame = given.before.entry === hash;
    const row = isSame ? given.before : { ...closed(given.before), entry: hash };
    const isStale = row.runUntilMs !== null && row.runUntilMs <= nowMs - CAUGHT_UP_MS;
    if (isStale)
      return {
        definition,
        arrivals,
        after: { ...closed(row, row.runUntilMs), skipped: row.skipped + 1 },
      };
    const opened = row.runUntilMs === null ? await this.open(tx, definition, row, nowMs) : row;
    if (opened === null) return null;
    if (opened.runUntilMs === null) return { definition, arrivals, after: opened };
    return entry.date === undefined
      ? await this.membersOf(tx, definition, opened, limit)
      : await this.datedOf(tx, definition, opened, limit);
  }

  /** The next window; null where nothing fell due since the last. */
  private async open(
    tx: Tx,
    { entry }: Definition,
    row: EntranceSweep,
    nowMs: EpochMs,
  ): Promise<EntranceSweep | null> {
    const { date, schedule } = entry;
    const floorMs = nowMs - CAUGHT_UP_MS;
    if (schedule !== undefined) {
      const window = { afterMs: row.doneUntilMs, untilMs: nowMs };
      const due = this.ports.calendar.occurrencesIn(this.ruleOf(schedule), window);
      const last = due.at(-1);
      if (last === undefined) return null;
      if (last <= floorMs) return { ...closed(row, last), skipped: row.skipped + due.length };
      return { ...row, runUntilMs: last, cursor: '', skipped: row.skipped + due.length - 1 };
    }
    if (date === undefined) return null;
    const untilMs = lastDueMs(date, nowMs);
    if (untilMs <= row.doneUntilMs) return null;
    if (row.doneUntilMs >= floorMs) return { ...row, runUntilMs: untilMs, cursor: '' };
    const missed = {
      afterMs: Math.max(row.doneUntilMs, floorMs - COUNTED_MS),
      untilMs: floorMs,
    };
    const groups = await this.groupsOf(tx, date, missed);
    const skipped = groups.reduce((sum, { people }) => sum + people, row.skipped);
    return { ...row, doneUntilMs: floorMs, runUntilMs: untilMs, cursor: '', skipped };
  }

  private ruleOf(schedule: ScheduleEntry): EntryRule {
    const { zone } = schedule;
    const { calendar, workspaceZone } = this.ports;
    const named = typeof zone === 'object' ? zone.name : workspaceZone();
    const zoneName = [named, workspaceZone()].find((name) => calendar.isZone(name)) ?? 'UTC';
    return { ...schedule, zoneName };
  }

  private async groupsOf(tx: Tx, date: NonNullable<Definition['entry']['date']>, window: Window) {
    const { store, calendar } = this.ports;
    const monthDays = [...new Set([...candidates(date, window).values()].flat())];
    const zones = await store.zonesOn(tx, date.trait, monthDays);
    return dueGroups(date, window, { zones, calendar, workspaceZone: this.ports.workspaceZone() });
  }

  private async datedOf(
    tx: Tx,
    definition: Definition,
    row: EntranceSweep,
    limit: number,
  ): Promise<ArrivalPage> {
    const { date } = definition.entry;
    const untilMs = row.runUntilMs ?? row.doneUntilMs;
    const groups =
      date === undefined
        ? []
        : await this.groupsOf(tx, date, { afterMs: row.doneUntilMs, untilMs });
    if (date === undefined || groups.length === 0) {
      return { definition, arrivals: [], after: closed(row, untilMs) };
    }
    const query = { trait: date.trait, on: groups, after: row.cursor, limit };
    const people = await this.ports.store.datedOn(tx, query);
    const arrivals = people.flatMap((person) => {
      const occurrence = occurrenceOf(date, person, groups);
      return occurrence === null ? [] : [{ profileId: person.profileId, occurrence }];
    });
    const ids = people.map(({ profileId }) => profileId);
    return { definition, arrivals, after: moved(row, ids, limit) };
  }

  private async membersOf(
    tx: Tx,
    definition: Definition,
    row: EntranceSweep,
    limit: number,
  ): Promise<ArrivalPage | null> {
    const segment = definition.entry.schedule?.segment ?? null;
    const ids = await this.ports.store.members(tx, { segment, after: row.cursor, limit });
    if (ids === null) return null;
    const occurrence = scheduleEntryEventKey(row.runUntilMs ?? row.doneUntilMs);
    const arrivals = ids.map((profileId) => ({ profileId, occurrence }));
    return { definition, arrivals, after: moved(row, ids, limit) };
  }
}

function isTimed({ entry }: Definition): boolean {
  return entry.date !== undefined || entry.schedule !== undefined;
}

/** Publishing takes nobody in for what was due before. */
function firstSweep(scenario: string, entry: string, nowMs: EpochMs): EntranceSweep {
  const none = { runUntilMs: null, cursor: '', looked: 0, skipped: 0 };
  return { scenario, entry, doneUntilMs: nowMs, ...none };
}

/** The row between two windows, all up to an instant done where one is given. */
function closed(row: EntranceSweep, doneUntilMs: EpochMs | null = null): EntranceSweep {
  const done = Math.max(row.doneUntilMs, doneUntilMs ?? row.doneUntilMs);
  return { ...row, doneUntilMs: done, runUntilMs: null, cursor: '' };
}

/** The row past a page, which is the window's last if it was not full. */
function moved(row: EntranceSweep, ids: readonly ProfileId[], limit: number): EntranceSweep {
  const looked = row.looked + ids.length;
  const last = ids.at(-1);
  if (last === undefined || ids.length < limit) return { ...closed(row, row.runUntilMs), looked };
  return { ...row, cursor: last, looked };
}
