import type { Environment } from '@marcbachmann/cel-js';
import { countIterations, readBinding, Refusal } from './frame.js';
import { LIMITS } from './limits.js';
import { numberOfText } from './cells.js';
import { questionKey } from './question.js';
import { epochMsOf, isTimestamp, toTimestamp } from './timestamp.js';

const DAY_MS = 86_400_000;
const SYNC = { async: false };
const TS = 'google.protobuf.Timestamp';

/** Adds the helpers marketers use. They read time and answers from the running evaluation only. */
export function registerHelpers(environment: Environment): void {
  registerTimeHelpers(environment);
  registerTextHelpers(environment);
  environment
    .registerFunction('inSegment(string): bool', inSegment, SYNC)
    .registerFunction('hourLocal(): int', hourLocal, SYNC)
    .registerFunction('isHoliday(string): bool', isHoliday, SYNC);
}

function registerTimeHelpers(environment: Environment): void {
  environment.registerFunction('daysSince(dyn): double', daysSince, SYNC);
  for (const type of ['string', 'int', 'double', TS]) {
    environment.registerFunction(`timestampOf(${type}): ${TS}`, timestampOf, SYNC);
  }
}

function registerTextHelpers(environment: Environment): void {
  const lower = (text: string) => text.toLowerCase();
  const upper = (text: string) => text.toUpperCase();
  environment
    .registerFunction('lower(string): string', lower, SYNC)
    .registerFunction('upper(string): string', upper, SYNC)
    .registerFunction('string.lower(): string', lower, SYNC)
    .registerFunction('string.upper(): string', upper, SYNC)
    .registerFunction('trim(string): string', (text: string) => text.trim(), SYNC)
    .registerFunction('contains(string, string): bool', contains, SYNC)
    .registerFunction('startsWith(string, string): bool', startsWith, SYNC)
    .registerFunction('endsWith(string, string): bool', endsWith, SYNC)
    .registerFunction('string.replace(string, string): string', replace, SYNC)
    .registerFunction('string.matchesBounded(string): bool', matchesBounded, SYNC);
}

/** Days of 24 h from the time to `now`; negative for the future. */
function daysSince(time: unknown): number {
  const ms = epochMsOf(time);
  if (ms === undefined) throw new Refusal('type', 'daysSince');
  return (Number(readBinding(['now'])) - ms) / DAY_MS;
}

/** CEL's seconds for whole literals; epoch ms for numbers from data, as everywhere in Relance. */
export function timestampOf(time: unknown): unknown {
  if (isTimestamp(time)) return time;
  const ms = typeof time === 'bigint' ? Number(time) * 1_000 : epochMsOf(time);
  if (ms === undefined || !Number.isFinite(toTimestamp(ms).getTime())) {
    throw new Refusal('type', 'timestamp');
  }
  return toTimestamp(ms);
}

function inSegment(segment: string): boolean {
  const segments = readBinding(['profile', 'segments']);
  if (Array.isArray(segments)) return segments.includes(segment);
  if (segments instanceof Set) return segments.has(segment);
  throw new Refusal('type', 'inSegment');
}

function hourLocal(): bigint {
  const hour = readBinding(['context', 'answers', questionKey('hourLocal', [])]);
  if (typeof hour !== 'number' || !Number.isInteger(hour)) throw new Refusal('type', 'hourLocal');
  return BigInt(hour);
}

function isHoliday(country: string): boolean {
  const holiday = readBinding(['context', 'answers', questionKey('isHoliday', [country])]);
  if (typeof holiday !== 'boolean') throw new Refusal('type', 'isHoliday');
  return holiday;
}

function contains(text: string, part: string): boolean {
  return text.includes(part);
}

function startsWith(text: string, part: string): boolean {
  return text.startsWith(part);
}

function endsWith(text: string, part: string): boolean {
  return text.endsWith(part);
}

function replace(text: string, from: string, to: string): string {
  const pieces = text.split(from);
  const length = text.length + (pieces.length - 1) * (to.length - from.length);
  if (length > LIMITS.textLength) throw new Refusal('limit', 'replace');
  return pieces.join(to);
}

const PATTERNS = new Map<string, RegExp>();

/** `matches`, with a pattern that compilation found bounded, on a text of bounded length. */
function matchesBounded(text: string, pattern: string): boolean {
  if (text.length > LIMITS.matchedLength) throw new Refusal('limit', 'matches');
  let regex = PATTERNS.get(pattern);
  if (regex === undefined) {
    if (PATTERNS.size >= 1_000) PATTERNS.clear();
    regex = new RegExp(pattern, 'u');
    PATTERNS.set(pattern, regex);
  }
  return regex.test(text);
}

/** Number of an element of `sum`; text counts in files only. */
export function summand(value: unknown, cells: boolean): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (cells && typeof value === 'string') return numberOfText(value);
  throw new Refusal('type', 'sum');
}

/** Adds numbers without the drift of plain floating-point addition (Neumaier's method). */
export function addAll(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** The list as an array, its length counted. */
export function iterated(list: unknown): readonly unknown[] {
  const items = list instanceof Set ? [...list] : list;
  if (!Array.isArray(items)) throw new Refusal('type', 'list');
  countIterations(items.length);
  return items;
}
