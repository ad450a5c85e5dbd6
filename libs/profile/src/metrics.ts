import { contentHash, toUnits } from '#libs/kernel';
import type { AggregateRule, EventPredicate, EventView, ProfileRules } from './rules.js';

/** What is kept per day for aggregates to share: events of one name, one property, one condition. */
export interface Metric {
  /** `order_completed.total`, `order_completed?x1y2z3` with a condition. Stable. */
  readonly key: string;
  readonly event: string;
  readonly property?: string;
  readonly where?: EventPredicate;
}

/** An aggregate and the metric it reads. */
export interface CompiledAggregate extends AggregateRule {
  readonly metric: string;
}

/** The metrics of a workspace. */
export interface MetricSet {
  readonly byEvent: ReadonlyMap<string, readonly Metric[]>;
  readonly aggregates: readonly CompiledAggregate[];
  /** Short names of the metrics, by key: how a profile notes which of them it keeps complete. */
  readonly marks: ReadonlyMap<string, string>;
}

/** What one event adds to one metric. */
export interface Contribution {
  readonly metric: string;
  /** Currency of the amount; empty where the property is no money, or none is read. */
  readonly unit: string;
  /** Ten-thousandths; null where the metric reads no property. */
  readonly valueUnits: bigint | null;
  readonly atMs: number;
  readonly eventKey: string;
}

const CURRENCY = /^[A-Z]{3}$/;
/** Names of the aggregates that RFM adds to those of the workspace. */
export const RFM_AGGREGATES = {
  recency: 'rfm_last_at',
  frequency: 'rfm_count',
  monetary: 'rfm_value',
} as const;

function metricKey(rule: Pick<AggregateRule, 'event' | 'property' | 'where'>): string {
  const base = rule.property === undefined ? rule.event : `${rule.event}.${rule.property}`;
  return rule.where === undefined ? base : `${base}?${contentHash(rule.where.text).slice(0, 8)}`;
}

function rfmAggregates(rules: ProfileRules): readonly AggregateRule[] {
  const { rfm } = rules;
  if (rfm === undefined) return [];
  const { event, property, windowDays } = rfm;
  return [
    { name: RFM_AGGREGATES.recency, operation: 'last', event, windowDays },
    { name: RFM_AGGREGATES.frequency, operation: 'count', event, windowDays },
    { name: RFM_AGGREGATES.monetary, operation: 'sum', event, property, windowDays },
  ];
}

/** Compiles the aggregates of a workspace, RFM's among them, to the fewest metrics. */
export function compileMetrics(rules: ProfileRules): MetricSet {
  const metrics = new Map<string, Metric>();
  const aggregates = [...rules.aggregates, ...rfmAggregates(rules)].map((rule) => {
    const key = metricKey(rule);
    const { event, property, where } = rule;
    metrics.set(key, {
      key,
      event,
      ...(property === undefined ? {} : { property }),
      ...(where === undefined ? {} : { where }),
    });
    return { ...rule, metric: key };
  });
  const byEvent = new Map<string, Metric[]>();
  for (const metric of metrics.values()) {
    byEvent.set(metric.event, [...(byEvent.get(metric.event) ?? []), metric]);
  }
  const marks = new Map([...metrics.keys()].map((key) => [key, contentHash(key).slice(0, 6)]));
  return { byEvent, aggregates, marks };
}

const NOTHING_MISSING: MetricSet = { byEvent: new Map(), aggregates: [], marks: new Map() };

/** The same set, of those metrics only that a profile does not keep yet. */
export function missingMetrics(metrics: MetricSet, kept: readonly string[]): MetricSet {
  const marks = new Map([...metrics.marks].filter(([, mark]) => !kept.includes(mark)));
  if (marks.size === 0) return NOTHING_MISSING;
  const byEvent = new Map<string, readonly Metric[]>();
  for (const [event, all] of metrics.byEvent) {
    const some = all.filter(({ key }) => marks.has(key));
    if (some.length > 0) byEvent.set(event, some);
  }
  return { byEvent, aggregates: [], marks };
}

/** Ten-thousandths of a property, exact; null where it is no number. */
export function amountOf(value: unknown): bigint | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  if (typeof value === 'string' && !/^\s*-?\d{1,14}(\.\d+)?\s*$/.test(value)) return null;
  if (typeof value === 'number' && !(Math.abs(value) <= 1e13)) return null;
  return toUnits(typeof value === 'string' ? value.trim() : value);
}

/** The currency an event's amounts are in: its own, else the workspace's. */
export function currencyOf(properties: EventView['properties'], fallback: string): string {
  const { currency } = properties;
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  return CURRENCY.test(code) ? code : fallback;
}

/** What an event adds to the metrics; empty for most events. Amounts of no number add nothing. */
export function contributionsOf(
  event: EventView & { readonly eventKey: string },
  metrics: MetricSet,
  currency: string,
): readonly Contribution[] {
  const interested = metrics.byEvent.get(event.name);
  if (interested === undefined) return [];
  const { atMs, eventKey, properties } = event;
  const found: Contribution[] = [];
  for (const metric of interested) {
    if (metric.where !== undefined && !metric.where.holds(event)) continue;
    if (metric.property === undefined) {
      found.push({ metric: metric.key, unit: '', valueUnits: null, atMs, eventKey });
      continue;
    }
    const valueUnits = amountOf(properties[metric.property]);
    if (valueUnits === null) continue;
    const unit = currencyOf(properties, currency);
    found.push({ metric: metric.key, unit, valueUnits, atMs, eventKey });
  }
  return found;
}
