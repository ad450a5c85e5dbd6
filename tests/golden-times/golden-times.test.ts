import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LuxonCalendar } from '#libs/adapter-calendar';
import type { PersonContext } from '#libs/application';
import type { Json } from '#libs/kernel';
import { nextOpeningOf, quietHoursQuestion, type AllowedHours, type Weekday } from '#libs/policy';
import {
  initialState,
  transition,
  type Context,
  type Definition,
  type Step,
  type ZonedQuestion,
} from '#libs/scenario';
import { contextFor } from '#libs/application';
import { abandonedCart, enrolmentId, profileId } from '../../libs/scenario/src/testing/index.js';

/** As generate.py writes them: answers of Python's zoneinfo, to which ours must come. */
type Case = { readonly theme: string; readonly zone: string; readonly at: string } & (
  | {
      readonly kind: 'next_local_time';
      readonly time: string;
      readonly days: readonly Weekday[];
      readonly on_gap: 'later' | 'earlier' | 'skip';
      readonly on_overlap: 'first' | 'second';
      readonly expected: string;
    }
  | { readonly kind: 'add_calendar_days'; readonly days: number; readonly expected: string }
  | {
      readonly kind: 'next_opening';
      readonly from: string;
      readonly to: string;
      readonly days: readonly Weekday[];
      readonly expected: string;
    }
  | {
      readonly kind: 'local';
      readonly date: string;
      readonly hour: number;
      readonly weekday: Weekday;
    }
);

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, 'times.generated.json'), 'utf8'),
) as { readonly tzdata: string; readonly cases: readonly Case[] };
const calendar = new LuxonCalendar();
const iso = (atMs: Json | undefined): string | null =>
  typeof atMs === 'number' ? new Date(atMs).toISOString().replace('.000Z', 'Z') : null;
const titleOf = (one: Case, index: number): string =>
  `${index}: ${one.zone} ${one.theme}, ${JSON.stringify({ ...one, zone: undefined })}`;
const titled = (kinds: readonly Case['kind'][]): [string, Case][] =>
  fixture.cases
    .map((one, index): [string, Case] => [titleOf(one, index), one])
    .filter(([, { kind }]) => kinds.includes(kind));
const allowed = (one: Extract<Case, { kind: 'next_opening' }>): AllowedHours => ({
  from: one.from,
  to: one.to,
  holidays: 'allowed',
  ...(one.days.length === 0 ? {} : { days: one.days }),
});

/** Where a person stands whose own zone is that one, in a workspace of another. */
function personIn(zone: string): PersonContext {
  const profile = { timezone: zone };
  return {
    profileId,
    version: 1,
    profile,
    account: { timezone: zone },
    accountId: null,
    timezone: zone,
    locale: null,
    groupUnit: 'p1',
    segments: [],
    isSample: false,
  };
}

/** The context that the host makes, for a scenario that asks the one question. */
function asked(one: Case, question: ZonedQuestion, step?: Step): [Definition, Context] {
  const definition: Definition = {
    ...abandonedCart(),
    maxAgeMs: 1_000 * 86_400_000,
    questions: [question],
    ...(step === undefined ? {} : { steps: { only: step }, start: 'only' }),
  };
  const zones = { workspace: 'Pacific/Marquesas', country: 'FR' };
  const at = { atMs: Date.parse(one.at), calendar, zones };
  return [definition, contextFor(definition, personIn(one.zone), at)];
}

/** When the timer of the step rings, through the host's answer and the interpreter. */
function dueOf(one: Case, question: ZonedQuestion, step: Step): string | null {
  const [definition, context] = asked(one, question, step);
  const state = initialState(definition, { enrolmentId, profileId, entryKey: 'c1' });
  const atMs = Date.parse(one.at);
  const { commands } = transition(definition, state, {
    type: 'entered',
    event: null,
    atMs,
    context,
  });
  const armed = commands.find(
    (command) => command.type === 'arm' && command.commandId.includes('/only#'),
  );
  // A time that is now is no wait.
  return armed?.type === 'arm' ? iso(armed.dueMs) : iso(atMs);
}

it('holds enough cases, of every theme and of twenty zones', () => {
  expect(fixture.tzdata).toMatch(/^20\d\d[a-z]$/);
  expect(fixture.cases.length).toBeGreaterThanOrEqual(240);
  const zones = new Set(fixture.cases.map(({ zone }) => zone));
  expect(zones.size).toBe(20);
  const themes = [...new Set(fixture.cases.map(({ theme }) => theme))].sort();
  expect(themes).toEqual(['gap', 'leap day', 'month end', 'overlap', 'quiet hours', 'weekday']);
});

describe('the calendar', () => {
  it.each(titled(['next_local_time']))('%s', (_title, one) => {
    if (one.kind !== 'next_local_time') return;
    const { time, days, zone, on_gap: onGap, on_overlap: onOverlap } = one;
    const question = { time, zone, onGap, onOverlap, afterMs: Date.parse(one.at) - 1 };
    const found = calendar.nextLocalTime({ ...question, ...(days.length === 0 ? {} : { days }) });
    expect(iso(found)).toBe(one.expected);
  });

  it.each(titled(['add_calendar_days']))('%s', (_title, one) => {
    if (one.kind !== 'add_calendar_days') return;
    const found = calendar.addCalendarDays(Date.parse(one.at), one.days, one.zone);
    expect(iso(found)).toBe(one.expected);
  });

  it.each(titled(['next_opening']))('%s', (_title, one) => {
    if (one.kind !== 'next_opening') return;
    const hours = { ...allowed(one), country: null };
    expect(iso(calendar.nextOpening(hours, one.zone, Date.parse(one.at)))).toBe(one.expected);
  });

  it.each(titled(['local']))('%s', (_title, one) => {
    if (one.kind !== 'local') return;
    const atMs = Date.parse(one.at);
    expect(calendar.localDate(atMs, one.zone)).toBe(one.date);
    expect(calendar.localHour(atMs, one.zone)).toBe(one.hour);
  });
});

describe('the shell', () => {
  const zones = ['profile', 'account', 'named'] as const;
  // `skip` is the calendar's alone: no step of the language asks for it.
  const steps = titled(['next_local_time']).filter(
    ([, one]) => !('on_gap' in one) || one.on_gap !== 'skip',
  );
  it.each(steps)('%s', (_title, one) => {
    if (one.kind !== 'next_local_time' || one.on_gap === 'skip') return;
    for (const zone of zones) {
      const question = {
        id: 'asked',
        kind: 'next_local_time',
        time: one.time,
        days: one.days,
        zone: zone === 'named' ? { name: one.zone } : zone,
        onGap: one.on_gap,
        onOverlap: one.on_overlap,
      } as const;
      const step = { type: 'wait_until', question: 'asked', onResume: 'continue', next: null };
      expect(dueOf(one, question, step as Step)).toBe(one.expected);
    }
  });

  it.each(titled(['add_calendar_days']))('%s', (_title, one) => {
    if (one.kind !== 'add_calendar_days') return;
    const question = { id: 'asked', kind: 'add_calendar_days', days: one.days } as const;
    const duration = { amount: one.days, unit: 'd' };
    const step = { type: 'wait', duration, question: 'asked', onResume: 'continue', next: null };
    expect(dueOf(one, question, step as Step)).toBe(one.expected);
  });

  it.each(titled(['local']))('%s', (_title, one) => {
    if (one.kind !== 'local') return;
    const [, context] = asked(one, { id: 'hourLocal()', kind: 'local_hour' });
    expect(context.answers['hourLocal()']).toBe(one.hour);
  });

  it.each(titled(['next_opening']))('%s', (_title, one) => {
    if (one.kind !== 'next_opening') return;
    const rule = {
      channel: 'sms',
      allow: allowed(one),
      zone: 'profile',
      otherwise: 'wait',
    } as const;
    const place = {
      channel: 'sms',
      profileZone: one.zone,
      workspaceZone: 'Pacific/Marquesas',
      profileCountry: null,
      workspaceCountry: 'FR',
    } as const;
    const question = quietHoursQuestion([rule], place, calendar);
    if ('kind' in question) expect.unreachable(question.kind);
    else expect(iso(nextOpeningOf(question, calendar, Date.parse(one.at)))).toBe(one.expected);
  });
});
