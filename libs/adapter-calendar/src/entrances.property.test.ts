import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import {
  dayOfDate,
  monthDayOf,
  TimedEntrances,
  type DatedPerson,
  type EntranceStore,
  type EntranceSweep,
  type Tx,
} from '#libs/application';
import type { EpochMs, ProfileId } from '#libs/kernel';
import { dateEntryEventKey, type DateEntry, type Definition } from '#libs/scenario';
import { EntryCalendar } from './index.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WORKSPACE_ZONE = 'Europe/Paris';
const PAGE = 2;

/** A person as their traits say: a date and a zone. */
interface Person {
  date: string;
  zone: string;
}

/** What a transaction would hold: taken back as a whole where it breaks off. */
interface Held {
  sweeps: Map<string, EntranceSweep>;
  ledger: Map<string, string>;
  entries: string[];
}

/** Stands in for the store: whoever asks gets what a table would answer. */
class Memory implements EntranceStore {
  held: Held = { sweeps: new Map(), ledger: new Map(), entries: [] };

  constructor(readonly people: Map<string, Person>) {}

  sweeps(): Promise<readonly EntranceSweep[]> {
    return Promise.resolve([...this.held.sweeps.values()]);
  }

  save(_tx: Tx, sweep: EntranceSweep): Promise<void> {
    this.held.sweeps.set(sweep.scenario, sweep);
    return Promise.resolve();
  }

  drop(_tx: Tx, scenario: string): Promise<void> {
    this.held.sweeps.delete(scenario);
    return Promise.resolve();
  }

  private rows(): readonly DatedPerson[] {
    return [...this.people]
      .map(([id, { date, zone }]) => {
        const day = dayOfDate(date);
        return { profileId: id as ProfileId, day, monthDay: monthDayOf(day), zone };
      })
      .sort((one, other) => (one.profileId < other.profileId ? -1 : 1));
  }

  zonesOn(_tx: Tx, _trait: string, monthDays: readonly number[]) {
    const some = this.rows().filter(({ monthDay }) => monthDays.includes(monthDay));
    const keys = new Map(some.map((row) => [`${row.monthDay} ${row.zone}`, row]));
    return Promise.resolve(
      [...keys.values()].map(({ monthDay, zone }) => ({ monthDay, zone, people: 1 })),
    );
  }

  datedOn(_tx: Tx, { on, after, limit }: Parameters<EntranceStore['datedOn']>[1]) {
    const isMeant = (row: DatedPerson): boolean =>
      on.some(({ monthDay, zone }) => monthDay === row.monthDay && zone === row.zone);
    return Promise.resolve(
      this.rows()
        .filter((row) => isMeant(row) && row.profileId > after)
        .slice(0, limit),
    );
  }

  members(): Promise<null> {
    return Promise.resolve(null);
  }
}

const definitionOf = (date: DateEntry): Definition =>
  ({ scenario: 'cake', entry: { on: [], reentry: 'always', existing: 'ignore', date } }) as never;

/** One process: forgets all that is not in the store. */
class Process {
  readonly timed: TimedEntrances;

  constructor(
    private readonly memory: Memory,
    definition: Definition,
  ) {
    const live = [definition];
    this.timed = new TimedEntrances({
      store: memory,
      calendar: new EntryCalendar(),
      definitions: { inForce: () => live, isPaused: () => false },
      workspaceZone: () => WORKSPACE_ZONE,
    });
  }

  /** One transaction, which breaks off where `breaks`; answers whether it took a page. */
  async turn(nowMs: EpochMs, breaks: boolean): Promise<boolean> {
    const { memory } = this;
    const before: Held = {
      sweeps: new Map(memory.held.sweeps),
      ledger: new Map(memory.held.ledger),
      entries: [...memory.held.entries],
    };
    const page = await this.timed.next({} as Tx, nowMs, PAGE);
    for (const { profileId, occurrence } of page?.arrivals ?? []) {
      if (memory.held.ledger.get(profileId) === occurrence) continue;
      memory.held.ledger.set(profileId, occurrence);
      memory.held.entries.push(`${profileId} ${occurrence}`);
    }
    if (page !== null) await this.timed.advance({} as Tx, page);
    if (breaks) memory.held = before;
    return page !== null;
  }
}

/** When a local day's time comes, found by looking at the wall's clock again and again. */
function localInstant(date: DateTime, time: string, zone: string): EpochMs {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const about = Date.UTC(date.year, date.month - 1, date.day, hour, minute);
  const instants = [];
  for (let atMs = about - 15 * HOUR_MS; atMs <= about + 15 * HOUR_MS; atMs += 15 * MINUTE_MS) {
    const { offset } = DateTime.fromMillis(atMs, { zone });
    if (atMs + offset * MINUTE_MS === about) instants.push(atMs);
  }
  // A skipped time moves on by the gap: what the clock showed before holds a little longer.
  const before = DateTime.fromMillis(about - DAY_MS, { zone }).offset;
  return instants[0] ?? about - before * MINUTE_MS;
}

/** The anniversaries (as dates) of a person that fall due within a window, by plain search. */
function dueOf(
  entry: DateEntry,
  person: Person,
  window: { readonly afterMs: EpochMs; readonly untilMs: EpochMs },
): readonly string[] {
  const zone = person.zone === '' ? WORKSPACE_ZONE : person.zone;
  const born = DateTime.fromISO(person.date, { zone: 'utc' });
  const found: string[] = [];
  const year = DateTime.fromMillis(window.untilMs, { zone: 'utc' }).year;
  for (const each of [year - 1, year, year + 1]) {
    if (each <= born.year) continue;
    let on = DateTime.utc(each, born.month, born.day);
    if (!on.isValid)
      on = DateTime.utc(
        each,
        entry.leapDay === 'before' ? 2 : 3,
        entry.leapDay === 'before' ? 28 : 1,
      );
    const day = on.plus({ days: entry.offsetDays });
    if (Math.abs(day.toMillis() - window.untilMs) > 5 * DAY_MS) continue;
    const dueMs = localInstant(day, entry.time, zone);
    if (dueMs > window.afterMs && dueMs <= window.untilMs) found.push(on.toISODate() ?? '');
  }
  return found;
}

const ZONES = [
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Europe/Paris',
  'America/New_York',
  '',
];
// Days about which clocks change, dates are skipped, or a year has no 29 February.
const ABOUT = [
  '2026-03-27',
  '2026-04-03',
  '2026-10-23',
  '2026-02-13',
  '2026-03-20',
  '2011-12-28',
  '1994-12-29',
  '2027-02-26',
  '2028-02-26',
  '2026-12-30',
];

const about = fc.constantFrom(...ABOUT);
/** A birthday within a few days of the start, in another year. */
const birthday = (start: string, offsetDays: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant('1996-02-29') },
    {
      weight: 5,
      arbitrary: fc
        .tuple(fc.integer({ min: -1, max: 6 }), fc.constantFrom(1960, 1980, 1988, 1993))
        .map(([shift, year]) => {
          const on = DateTime.fromISO(start, { zone: 'utc' }).plus({ days: shift - offsetDays });
          const then = DateTime.utc(year, on.month, on.day);
          return (then.isValid ? then : DateTime.utc(1988, on.month, on.day)).toISODate() ?? '';
        }),
    },
  );

type Act =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'date' | 'zone'; readonly who: number; readonly to: string }
  | { readonly kind: 'restart' }
  | { readonly kind: 'crash'; readonly after: number };

const actOf = (start: string, offsetDays: number): fc.Arbitrary<Act> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.oneof(
          fc.integer({ min: 1, max: 8 * HOUR_MS }),
          fc.constantFrom(15 * MINUTE_MS, 6 * HOUR_MS, 23 * HOUR_MS, 30 * HOUR_MS, 3 * DAY_MS),
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('date' as const),
        who: fc.nat(5),
        to: birthday(start, offsetDays),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('zone' as const),
        who: fc.nat(5),
        to: fc.constantFrom(...ZONES),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('crash' as const), after: fc.nat(3) }),
    },
  );

const history = about.chain((start) =>
  fc.constantFrom(-7, -1, 0, 3).chain((offsetDays) =>
    fc.record({
      start: fc.constant(start),
      entry: fc.record({
        trait: fc.constant('birthday'),
        every: fc.constant('year' as const),
        offsetDays: fc.constant(offsetDays),
        time: fc.constantFrom('09:00', '02:30', '00:00', '23:45', '02:15'),
        zone: fc.constant('profile' as const),
        onGap: fc.constant('later' as const),
        onOverlap: fc.constant('first' as const),
        leapDay: fc.constantFrom('before' as const, 'after' as const),
      }),
      people: fc.array(
        fc.record({ date: birthday(start, offsetDays), zone: fc.constantFrom(...ZONES) }),
        { minLength: 2, maxLength: 6 },
      ),
      acts: fc.array(actOf(start, offsetDays), { minLength: 12, maxLength: 40, size: 'max' }),
    }),
  ),
);

type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

/** Lives through a history; answers who entered for what, and who should have. */
async function live({ start, entry, people, acts }: History) {
  const known = new Map(people.map((person, at) => [`p${at}`, { ...person }]));
  const memory = new Memory(known);
  const definition = definitionOf(entry);
  let process = new Process(memory, definition);
  let nowMs = Date.parse(`${start}T12:00:00Z`);
  const expected = new Set<string>();
  const settle = async (): Promise<void> => {
    // Two empty turns in a row: the first may have closed a window.
    for (let idle = 0; idle < 2;) idle = (await process.turn(nowMs, false)) ? 0 : idle + 1;
  };
  await settle();
  for (const act of acts) {
    if (act.kind === 'crash') {
      for (let turn = 0; turn < act.after; turn += 1) await process.turn(nowMs, false);
      await process.turn(nowMs, true);
      process = new Process(memory, definition);
      continue;
    }
    await settle();
    if (act.kind === 'restart') process = new Process(memory, definition);
    else if (act.kind === 'wait') {
      // The longer ones are of an engine that is down: it sees where the clock stands, no more.
      const window = { afterMs: Math.max(nowMs, nowMs + act.ms - DAY_MS), untilMs: nowMs + act.ms };
      nowMs += act.ms;
      for (const [id, person] of known) {
        for (const date of dueOf(entry, person, window)) {
          expected.add(`${id} ${dateEntryEventKey('birthday', date)}`);
        }
      }
    } else {
      const person = known.get(`p${act.who % people.length}`);
      if (person !== undefined) person[act.kind] = act.to;
    }
  }
  await settle();
  return { entered: memory.held.entries, expected: [...expected] };
}

describe('entries by date', () => {
  it('each person enters exactly once an occurrence, whatever becomes of the engine and its clock', async () => {
    let met = 0;
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const { entered, expected } = await live(told);
        met += expected.length;
        expect([...entered].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 200 },
    );
    expect(met).toBeGreaterThan(150);
  });
});
