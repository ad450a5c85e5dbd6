import type { CheckRule, RuleProblem } from '#libs/application';
import { wallRule } from './entry-calendar.js';

/** The parts a rule may have, and the numbers that may stand in them. */
const RANGES: Readonly<Record<string, readonly [low: number, high: number]>> = {
  INTERVAL: [1, 1_000],
  COUNT: [1, 100_000],
  BYHOUR: [0, 23],
  BYMONTH: [1, 12],
  BYMONTHDAY: [-31, 31],
  BYYEARDAY: [-366, 366],
  BYWEEKNO: [-53, 53],
  BYSETPOS: [-366, 366],
};
const TEXTS = new Set(['FREQ', 'BYDAY', 'WKST', 'UNTIL']);
const TOO_OFTEN = new Set(['SECONDLY', 'MINUTELY']);
const FINER_THAN_HOURS = ['BYMINUTE', 'BYSECOND'];

/** Judges a calendar rule as RFC 5545 reads it: whether it can be read, fires, and not too often. */
export const ruleProblem: CheckRule = ({ rrule, at, from }) => {
  const parts = rrule.split(';').map((part) => part.split('=', 2));
  const named = new Map(parts.map(([name = '', value = '']) => [name, value]));
  if (TOO_OFTEN.has(named.get('FREQ') ?? '')) return { kind: 'too_often' };
  if (FINER_THAN_HOURS.some((name) => named.has(name))) return { kind: 'too_often' };
  if (named.size < parts.length) return unreadable('a part stands twice');
  for (const [name, value] of named) {
    if (!isPart(name, value)) return unreadable(`${name}=${value}`);
  }
  return firing({ rrule, from, time: at });
};

function isPart(name: string, value: string): boolean {
  if (TEXTS.has(name)) return true;
  const range = RANGES[name];
  if (range === undefined) return false;
  const [low, high] = range;
  return value.split(',').every((text) => {
    const number = Number(text);
    const isZero = number === 0 && low < 0;
    return Number.isInteger(number) && number >= low && number <= high && !isZero;
  });
}

function firing(rule: Parameters<typeof wallRule>[0]): RuleProblem | null {
  let recurrence: ReturnType<typeof wallRule>;
  try {
    recurrence = wallRule(rule);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  try {
    const [first] = recurrence.all((_, index) => index < 1);
    return first === undefined ? { kind: 'never' } : null;
  } catch {
    // It looked through decades of days and gave up.
    return { kind: 'never' };
  }
}

const unreadable = (detail: string): RuleProblem => ({ kind: 'unreadable', detail });
