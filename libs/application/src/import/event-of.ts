import {
  fail,
  hashId,
  ok,
  type Clock,
  type Json,
  type Result,
  canonicalJson,
  fromUnits,
  toUnits,
} from '#libs/kernel';
import { utcDayOf, type RawEvent } from '#libs/contracts';
import type { DateReader } from './date.js';
import type { ImportBindings, ImportExpression } from './expression-of.js';
import type { RowGroup } from './groups.js';
import type { CompiledMapping, ConsentMapping } from './mapping.js';
import type { ImportValues, RowRefusal } from './row.js';

/** Why a group makes no event, and which of its rows is at fault. */
export interface GroupRefusal {
  readonly line: number;
  readonly reason: RowRefusal;
  readonly detail: string;
}

/** What making events needs beside the rows. */
export interface EventMaking {
  readonly mapping: CompiledMapping;
  readonly dates: DateReader;
  readonly clock: Clock;
}

/** Rows without a date of their own are deduped under this day for ever. */
const TIMELESS_DAY = '1970-01-01';
const LARGEST_EVENT = 256 * 1_024;
const EVENT_NAME = /^[a-z][a-z0-9_]{0,99}$/;

function textOf(value: Json): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Makes the events of a group: what happened, and each consent it states. */
export class GroupEvents {
  constructor(private readonly making: EventMaking) {}

  make(group: RowGroup): Result<readonly RawEvent[], GroupRefusal> {
    const bindings = this.bindingsOf(group);
    const refuse = (reason: RowRefusal, detail: string) =>
      fail({ line: this.culprit(group, bindings), reason, detail });
    const ids = this.texts(this.making.mapping.identity, bindings);
    if (!ids.ok) return refuse('bad_value', ids.error);
    if (Object.keys(ids.value).length === 0) return refuse('no_identity', '');
    const at = this.earliest(group);
    if (!at.ok) return at;
    const head = this.head(bindings, ids.value, at.value);
    if (!head.ok) return refuse(head.error.reason, head.error.detail);
    const traits = this.values(this.making.mapping.traits, bindings);
    if (!traits.ok) return refuse('bad_value', traits.error);
    const account = this.account(bindings);
    if (!account.ok) return refuse('bad_value', account.error);
    const event: RawEvent = {
      ...this.frame(head.value.id, at.value),
      type: this.making.mapping.event === null ? 'identify' : 'track',
      name: head.value.name,
      ids: ids.value,
      ...(Object.keys(traits.value).length === 0 ? {} : { traits: traits.value }),
      ...(account.value === null ? {} : { account: account.value }),
      properties: head.value.properties,
    };
    if (JSON.stringify(event).length > LARGEST_EVENT) return refuse('too_large', '');
    const consents = this.consents(bindings, event);
    if (!consents.ok) return refuse('bad_value', consents.error);
    return ok([event, ...consents.value]);
  }

  private bindingsOf(group: RowGroup): ImportBindings {
    const rows = group.rows.map(({ values }) => values);
    return { now: this.making.clock.nowMs(), row: rows[0] ?? {}, lines: rows };
  }

  /** The first row that cannot be reckoned with by itself; the first of all where none stands out. */
  private culprit(group: RowGroup, bindings: ImportBindings): number {
    const properties = this.making.mapping.event?.properties ?? [];
    const fails = (values: ImportValues) =>
      properties.some(([, source]) => !source({ ...bindings, row: values, lines: [values] }).ok);
    return (group.rows.find(({ values }) => fails(values)) ?? group.rows[0])?.line ?? 0;
  }

  private earliest(group: RowGroup): Result<number | null, GroupRefusal> {
    const { mapping, dates } = this.making;
    if (mapping.at === null) return ok(null);
    let earliestMs = Infinity;
    for (const { line, values } of group.rows) {
      const read = mapping.at({ now: 0, row: values, lines: [] });
      const atMs = read.ok ? dates.read(read.value) : null;
      if (atMs === null) {
        const detail = read.ok ? textOf(read.value).slice(0, 60) : read.error;
        return fail({ line, reason: 'broken_date', detail });
      }
      earliestMs = Math.min(earliestMs, atMs);
    }
    return ok(earliestMs);
  }

  private head(
    bindings: ImportBindings,
    ids: Readonly<Record<string, string>>,
    atMs: number | null,
  ): Result<Head, { readonly reason: RowRefusal; readonly detail: string }> {
    const { event } = this.making.mapping;
    if (event === null) {
      // A row that only describes somebody is the same statement when it says the same.
      const content = canonicalJson([ids, bindings.row, atMs]);
      return ok({ id: content, name: 'identify', properties: {} });
    }
    const name = event.name(bindings);
    if (!name.ok) return fail({ reason: 'bad_value', detail: name.error });
    if (typeof name.value !== 'string' || !EVENT_NAME.test(name.value)) {
      return fail({ reason: 'bad_name', detail: textOf(name.value).slice(0, 60) });
    }
    const id = event.id(bindings);
    const idText = id.ok ? textOf(id.value) : '';
    if (idText === '') return fail({ reason: 'no_id', detail: id.ok ? '' : id.error });
    const properties = this.properties(bindings);
    if (!properties.ok) return fail({ reason: 'bad_value', detail: properties.error });
    return ok({ id: idText, name: name.value, properties: properties.value });
  }

  private properties(bindings: ImportBindings): Result<Record<string, Json>, string> {
    const { event, currency } = this.making.mapping;
    const properties: Record<string, Json> = {};
    for (const [name, source] of event?.properties ?? []) {
      const read = source(bindings);
      if (!read.ok) return fail(`${name}: ${read.error}`);
      properties[name] =
        read.value === bindings.lines ? this.lines(bindings.lines) : kept(read.value);
    }
    if (currency !== null) properties['currency'] = currency;
    return ok(properties);
  }

  private lines(rows: readonly ImportValues[]): Json {
    const { absorbed, numbers } = this.making.mapping;
    return rows.map((row) => {
      const line: Record<string, Json> = {};
      for (const [column, value] of Object.entries(row)) {
        if (absorbed.has(column)) continue;
        line[column] = numbers.has(column) ? numberOr(value) : value;
      }
      return line;
    });
  }

  private texts(
    all: CompiledMapping['identity'],
    bindings: ImportBindings,
  ): Result<Record<string, string>, string> {
    const found: Record<string, string> = {};
    for (const [name, source] of all) {
      const read = source(bindings);
      if (!read.ok) return fail(`${name}: ${read.error}`);
      const text = textOf(read.value);
      if (text !== '') found[name] = text;
    }
    return ok(found);
  }

  private values(
    all: CompiledMapping['traits'],
    bindings: ImportBindings,
  ): Result<Record<string, Json>, string> {
    const found: Record<string, Json> = {};
    for (const [name, source] of all) {
      const read = source(bindings);
      if (!read.ok) return fail(`${name}: ${read.error}`);
      if (read.value !== null && read.value !== '') found[name] = read.value;
    }
    return ok(found);
  }

  private account(bindings: ImportBindings): Result<RawEvent['account'] | null, string> {
    const { account } = this.making.mapping;
    if (account === null) return ok(null);
    const ids = this.texts(account.identity, bindings);
    if (!ids.ok) return ids;
    if (Object.keys(ids.value).length === 0) return ok(null);
    const traits = this.values(account.traits, bindings);
    return traits.ok ? ok({ ids: ids.value, traits: traits.value }) : traits;
  }

  private frame(id: string, atMs: number | null): Frame {
    const { mapping, clock } = this.making;
    const receivedAtMs = clock.nowMs();
    return {
      messageId: `import:${hashId('import', mapping.id, id)}`,
      source: mapping.source,
      atMs: atMs ?? receivedAtMs,
      originalAtMs: atMs ?? receivedAtMs,
      receivedAtMs,
      hasTimestamp: atMs !== null,
      eventDay: atMs === null ? TIMELESS_DAY : utcDayOf(atMs),
      historical: mapping.isHistorical,
    };
  }

  private consents(bindings: ImportBindings, event: RawEvent): Result<RawEvent[], string> {
    const made: RawEvent[] = [];
    for (const [index, consent] of this.making.mapping.consents.entries()) {
      const read = this.consent(consent, bindings);
      if (!read.ok) return read;
      if (read.value === null) continue;
      const { atMs, properties } = read.value;
      const id = `${event.messageId}/consent/${index}`;
      const at = atMs ?? (event.hasTimestamp ? event.atMs : null);
      made.push({
        ...this.frame(id, at),
        type: 'track',
        name: 'consent_changed',
        ids: event.ids,
        properties,
      });
    }
    return ok(made);
  }

  /** Null where the row leaves the status blank: it says nothing of this consent. */
  private consent(
    given: ConsentMapping,
    bindings: ImportBindings,
  ): Result<{ atMs: number | null; properties: Record<string, Json> } | null, string> {
    const properties: Record<string, Json> = {};
    for (const name of ['channel', 'purpose', 'status', 'basis', 'proof'] as const) {
      const read = given[name]?.(bindings);
      if (read?.ok === false) return fail(`consents.${name}: ${read.error}`);
      const text = read === undefined ? '' : textOf(read.value);
      if (text !== '') properties[name] = text;
    }
    if (properties['status'] === undefined) return ok(null);
    const at = this.instant(given.at, bindings);
    return at === undefined ? fail('consents.at: no date') : ok({ atMs: at, properties });
  }

  private instant(
    source: ImportExpression | undefined,
    bindings: ImportBindings,
  ): number | null | undefined {
    if (source === undefined) return null;
    const read = source(bindings);
    if (!read.ok) return undefined;
    if (read.value === '' || read.value === null) return null;
    return this.making.dates.read(read.value) ?? undefined;
  }
}

interface Head {
  readonly id: string;
  readonly name: string;
  readonly properties: Record<string, Json>;
}

type Frame = Pick<
  RawEvent,
  | 'messageId'
  | 'source'
  | 'atMs'
  | 'originalAtMs'
  | 'receivedAtMs'
  | 'hasTimestamp'
  | 'eventDay'
  | 'historical'
>;

/** Sums of decimal cells come out with the noise of doubles: they are held to ten-thousandths. */
function kept(value: Json): Json {
  if (typeof value !== 'number' || Number.isSafeInteger(value) || Math.abs(value) > 1e12)
    return value;
  return Number(fromUnits(toUnits(value)));
}

const DECIMAL = /^\s*-?\d{1,15}(\.\d{1,12})?\s*$/;

function numberOr(value: Json): Json {
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
}
