import { fromUnits } from '#libs/kernel';
import type { CompiledAggregate, Contribution, MetricSet } from './metrics.js';

/** One metric of one day: enough for every operation, and adds up in any order. */
export interface Bucket {
  readonly metric: string;
  /** Currency; empty where the metric is no money. */
  readonly unit: string;
  /** Local day number in the workspace's zone, days since 1970-01-01. */
  readonly day: number;
  count: number;
  sumUnits: bigint;
  minUnits: bigint | null;
  maxUnits: bigint | null;
  firstAtMs: number;
  firstKey: string;
  firstUnits: bigint | null;
  lastAtMs: number;
  lastKey: string;
  lastUnits: bigint | null;
}

/** A bucket holding one contribution. */
export function bucketOf(contribution: Contribution, day: number): Bucket {
  const { metric, unit, valueUnits, atMs, eventKey } = contribution;
  return {
    metric,
    unit,
    day,
    count: 1,
    sumUnits: valueUnits ?? 0n,
    minUnits: valueUnits,
    maxUnits: valueUnits,
    firstAtMs: atMs,
    firstKey: eventKey,
    firstUnits: valueUnits,
    lastAtMs: atMs,
    lastKey: eventKey,
    lastUnits: valueUnits,
  };
}

function least(left: bigint | null, right: bigint | null): bigint | null {
  if (left === null || right === null) return left ?? right;
  return left < right ? left : right;
}

function greatest(left: bigint | null, right: bigint | null): bigint | null {
  if (left === null || right === null) return left ?? right;
  return left > right ? left : right;
}

/**
 * Adds the second bucket to the first. Commutative and associative; each event must be added once,
 * which the primary key of events guarantees.
 */
export function addBucket(into: Bucket, other: Bucket): void {
  into.count += other.count;
  into.sumUnits += other.sumUnits;
  into.minUnits = least(into.minUnits, other.minUnits);
  into.maxUnits = greatest(into.maxUnits, other.maxUnits);
  if (isBefore(other.firstAtMs, other.firstKey, into.firstAtMs, into.firstKey)) {
    into.firstAtMs = other.firstAtMs;
    into.firstKey = other.firstKey;
    into.firstUnits = other.firstUnits;
  }
  if (isBefore(into.lastAtMs, into.lastKey, other.lastAtMs, other.lastKey)) {
    into.lastAtMs = other.lastAtMs;
    into.lastKey = other.lastKey;
    into.lastUnits = other.lastUnits;
  }
}

function isBefore(leftMs: number, leftKey: string, rightMs: number, rightKey: string): boolean {
  return leftMs !== rightMs ? leftMs < rightMs : leftKey < rightKey;
}

/** Values of a profile's aggregates at one local day. */
export interface AggregateValues {
  /** By name. Sums and extremes in the workspace's currency; times as epoch ms; absent: no event. */
  readonly values: Readonly<Record<string, number>>;
  /** Amounts in other currencies, never added: by name, then currency, as decimal text. */
  readonly otherCurrencies: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The next local day at which a value changes by time alone; null: never. */
  readonly nextDay: number | null;
}

/** What `aggregateValues` reads. */
export interface AggregateQuestion {
  readonly metrics: MetricSet;
  /** Of all nodes of the profile. */
  readonly buckets: Iterable<Bucket>;
  /** Today, in the workspace's zone. */
  readonly day: number;
  readonly currency: string;
}

/**
 * Every aggregate's value at a local day, and the next day on which time alone changes one. A window
 * of N days is the day and the N-1 before it; days to come do not count yet.
 */
export function aggregateValues(question: AggregateQuestion): AggregateValues {
  const { metrics, day, currency } = question;
  const byMetric = new Map<string, Bucket[]>();
  for (const bucket of question.buckets) {
    const known = byMetric.get(bucket.metric);
    if (known === undefined) byMetric.set(bucket.metric, [bucket]);
    else known.push(bucket);
  }
  const values: Record<string, number> = {};
  const others: Record<string, Record<string, string>> = {};
  let nextDay: number | null = null;
  for (const aggregate of metrics.aggregates) {
    const { folds, changesOn } = foldWindow(byMetric.get(aggregate.metric) ?? [], aggregate, day);
    if (changesOn !== null && (nextDay === null || changesOn < nextDay)) nextDay = changesOn;
    if (isZeroBased(aggregate)) values[aggregate.name] = 0;
    for (const [unit, fold] of folds) {
      const isOurs = unit === '' || unit === currency;
      if (isOurs) Object.assign(values, valueOf(aggregate, fold));
      else (others[aggregate.name] ??= {})[unit] = fromUnits(otherAmount(aggregate, fold));
    }
  }
  return { values, otherCurrencies: others, nextDay };
}

/** The window's buckets added up by currency, and the next day on which time alone moves it. */
function foldWindow(buckets: readonly Bucket[], aggregate: CompiledAggregate, day: number) {
  const { windowDays } = aggregate;
  const folds = new Map<string, Bucket>();
  let changesOn: number | null = null;
  for (const bucket of buckets) {
    const moves = changeDay(bucket.day, day, windowDays);
    if (moves !== null && (changesOn === null || moves < changesOn)) changesOn = moves;
    if (!isWithin(bucket.day, day, windowDays)) continue;
    const fold = folds.get(bucket.unit);
    if (fold === undefined) folds.set(bucket.unit, { ...bucket });
    else addBucket(fold, bucket);
  }
  return { folds, changesOn };
}

function isZeroBased({ operation }: CompiledAggregate): boolean {
  return operation === 'count' || operation === 'sum';
}

function isWithin(bucketDay: number, day: number, windowDays: number | undefined): boolean {
  if (bucketDay > day) return false;
  return windowDays === undefined || bucketDay > day - windowDays;
}

function changeDay(bucketDay: number, day: number, windowDays: number | undefined): number | null {
  if (bucketDay > day) return bucketDay;
  if (windowDays === undefined || bucketDay <= day - windowDays) return null;
  return bucketDay + windowDays;
}

function amount(units: bigint | null): number | undefined {
  return units === null ? undefined : Number(fromUnits(units));
}

function otherAmount({ operation }: CompiledAggregate, fold: Bucket): bigint {
  if (operation === 'sum') return fold.sumUnits;
  if (operation === 'min') return fold.minUnits ?? 0n;
  if (operation === 'max') return fold.maxUnits ?? 0n;
  return (operation === 'first' ? fold.firstUnits : fold.lastUnits) ?? 0n;
}

function valueOf(aggregate: CompiledAggregate, fold: Bucket): Record<string, number> {
  const value = foldValue(aggregate, fold);
  return value === undefined ? {} : { [aggregate.name]: value };
}

function foldValue(aggregate: CompiledAggregate, fold: Bucket): number | undefined {
  const readsTime = aggregate.property === undefined;
  switch (aggregate.operation) {
    case 'count':
      return fold.count;
    case 'sum':
      return amount(fold.sumUnits);
    case 'min':
      return amount(fold.minUnits);
    case 'max':
      return amount(fold.maxUnits);
    case 'first':
      return readsTime ? fold.firstAtMs : amount(fold.firstUnits);
    case 'last':
      return readsTime ? fold.lastAtMs : amount(fold.lastUnits);
  }
}
