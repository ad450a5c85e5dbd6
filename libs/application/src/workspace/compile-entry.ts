import { assert } from '#libs/kernel';
import type { CheckedFile, ScenarioSource } from '#libs/contracts';
import { ENROL_REQUESTED, type DateEntry, type Entry, type ScheduleEntry } from '#libs/scenario';
import { checkName, type ProblemList } from './problem-list.js';
import { msOfText, triggerOf } from './scenario-graph.js';
import type { World } from './world.js';

type SourceOf<Key extends 'date' | 'schedule'> = NonNullable<ScenarioSource['entry'][Key]>;

/** How a scenario is entered. */
export type EntryKind = 'trigger' | 'date' | 'schedule' | 'api';

/** The kind as written; where several are, the first. */
export function entryKindOf(source: ScenarioSource['entry']): EntryKind {
  if (source.date !== undefined) return 'date';
  if (source.schedule !== undefined) return 'schedule';
  return source.api === undefined ? 'trigger' : 'api';
}

/** Checks what of an entry is neither a trigger nor an expression. */
export function checkEntryKind(
  list: ProblemList,
  file: CheckedFile<'scenario'>,
  world: World,
): EntryKind {
  const { entry } = file.value;
  const { document } = file;
  const isTriggered = entry.on !== undefined || entry.segment !== undefined;
  const ways = [entry.date, entry.schedule, entry.api, isTriggered || undefined];
  if (ways.filter((way) => way !== undefined).length > 1) {
    list.add('RLN-1220', document.placeOf(['entry']));
  }
  if (entry.existing === 'enter' && entry.segment === undefined) {
    list.add('RLN-1214', document.placeOf(['entry', 'existing']));
  }
  if (entry.date !== undefined) checkDateTrait(list, file, world);
  if (entry.schedule !== undefined) checkSchedule(list, file, world);
  return entryKindOf(entry);
}

function checkDateTrait(
  list: ProblemList,
  { document, value }: CheckedFile<'scenario'>,
  { traits, dateTraits }: World,
): void {
  const trait = value.entry.date?.trait ?? '';
  const place = document.placeOf(['entry', 'date', 'trait']);
  if (!checkName(list, 'trait', { name: trait, place }, traits) || dateTraits.has(trait)) return;
  list.add('RLN-1221', place, { trait, known: [...dateTraits].join(', ') || '—' });
}

function checkSchedule(
  list: ProblemList,
  { document, value }: CheckedFile<'scenario'>,
  { segments, broken, checkRule }: World,
): void {
  const { schedule } = value.entry;
  assert(schedule !== undefined, 'a schedule to check');
  const { segment, rrule, from } = schedule;
  if (segment !== undefined && !broken.has(segment)) {
    const place = document.placeOf(['entry', 'schedule', 'segment']);
    checkName(list, 'segment', { name: segment, place }, segments);
  }
  const problem = checkRule?.(schedule) ?? null;
  if (problem === null) return;
  const place = document.placeOf(['entry', 'schedule', 'rrule']);
  if (problem.kind === 'too_often') list.add('RLN-1223', place, { rule: rrule });
  else if (problem.kind === 'never') list.add('RLN-1224', place, { rule: rrule, from });
  else list.add('RLN-1222', place, { rule: rrule, detail: problem.detail });
}

/** An entry as the interpreter and its host read it. */
export function entryOf(source: ScenarioSource['entry']): Entry {
  const kind = entryKindOf(source);
  // Every occurrence is one entry already: to be let in once only is said, not assumed.
  const usual = kind === 'date' || kind === 'schedule' ? 'always' : 'never';
  const { reentry = usual } = source;
  const trigger =
    kind === 'api' ? { ...triggerOf(source), on: [ENROL_REQUESTED] } : triggerOf(source);
  return {
    ...trigger,
    ...(source.key === undefined ? {} : { key: source.key }),
    reentry: typeof reentry === 'string' ? reentry : { afterMs: msOfText(reentry.after) },
    existing: source.existing ?? 'ignore',
    ...(source.date === undefined ? {} : { date: dateOf(source.date) }),
    ...(source.schedule === undefined ? {} : { schedule: scheduleOf(source.schedule) }),
    ...(kind === 'api' ? { requested: true } : {}),
  };
}

function dateOf(source: SourceOf<'date'>): DateEntry {
  const { trait, every, offset, zone, leap_day: leapDay } = source;
  const days = Number(offset.slice(0, -1)) * (offset.endsWith('w') ? 7 : 1);
  // `-0d` is 0: the definition is compared as JSON.
  return {
    trait,
    every,
    offsetDays: days === 0 ? 0 : days,
    ...momentOf({ ...source, zone }),
    leapDay,
  };
}

function scheduleOf(source: SourceOf<'schedule'>): ScheduleEntry {
  const { rrule, from, segment } = source;
  return { rrule, from, ...momentOf(source), ...(segment === undefined ? {} : { segment }) };
}

function momentOf(
  source: Pick<SourceOf<'date'>, 'at' | 'zone' | 'on_gap' | 'on_overlap'>,
): Pick<DateEntry, 'time' | 'zone' | 'onGap' | 'onOverlap'> {
  const { at, zone, on_gap: onGap, on_overlap: onOverlap } = source;
  const isOurs = zone === 'profile' || zone === 'workspace';
  return { time: at, zone: isOurs ? (zone as 'profile') : { name: zone }, onGap, onOverlap };
}
