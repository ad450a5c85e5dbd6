import assert from 'node:assert/strict';
import {
  FencedError,
  type EventLog,
  type LogReader,
  type LogRecord,
  type UnitOfWork,
} from '#libs/application';

/** A log under test, and what the cases need around it. */
export interface EventLogFixture {
  readonly log: EventLog;
  /** Opens the same log again with another number of partitions; must reject. */
  readonly reopenWith: (partitions: number) => Promise<unknown>;
  readonly unitOfWork: UnitOfWork;
  /** True where an append can be held open inside a transaction. */
  readonly isTransactional: boolean;
  /** Slowest acceptable wake-up of a waiting reader, in milliseconds. */
  readonly wakeWithinMs: number;
}

/** One case of the contract; fixtures are fresh for each. */
export interface EventLogCase {
  readonly name: string;
  readonly run: (fixture: EventLogFixture) => Promise<void>;
}

const GROUP = 'suite';

function numbered(from: number, to: number, keys: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    key: `key-${(from + index) % keys}`,
    value: { number: from + index },
  }));
}

function numbersOf(records: readonly LogRecord[]): number[] {
  return records.map(({ value }) => (value as { number: number }).number);
}

async function readAll(reader: LogReader, fixture: EventLogFixture, wanted: number) {
  const records: LogRecord[] = [];
  for (let round = 0; round < 200 && records.length < wanted; round += 1) {
    const batch = await reader.poll({ maxRecords: 64, waitMs: 1_000 });
    records.push(...batch.records);
    await fixture.unitOfWork.transaction((tx) => reader.commit(tx, batch));
  }
  return records;
}

async function keepsOrder(fixture: EventLogFixture): Promise<void> {
  const { log } = fixture;
  for (let at = 0; at < 600; at += 150) await log.append('events.raw', numbered(at, at + 150, 17));
  const records = await readAll(await log.reader(GROUP, ['events.raw']), fixture, 600);
  assert.deepEqual(
    [...numbersOf(records)].sort((a, b) => a - b),
    numbered(0, 600, 1).map((_, n) => n),
  );
  const last = new Map<string, number>();
  const offsets = new Map<number, number>();
  for (const record of records) {
    const number = (record.value as { number: number }).number;
    assert.ok(number > (last.get(record.key) ?? -1), `${record.key} in order`);
    last.set(record.key, number);
    assert.ok(record.offset > (offsets.get(record.part) ?? -1), 'offsets rise');
    offsets.set(record.part, record.offset);
    assert.ok(record.part < log.partitions);
  }
}

async function keepsKeysTogether(fixture: EventLogFixture): Promise<void> {
  await fixture.log.append('facts', numbered(0, 200, 25));
  const records = await readAll(await fixture.log.reader(GROUP, ['facts']), fixture, 200);
  const parts = new Map<string, Set<number>>();
  for (const { key, part } of records) parts.set(key, (parts.get(key) ?? new Set()).add(part));
  for (const some of parts.values()) assert.equal(some.size, 1);
  assert.ok(new Set(records.map(({ part }) => part)).size > 1, 'keys are spread');
}

async function skipsNothing(fixture: EventLogFixture): Promise<void> {
  if (!fixture.isTransactional) return;
  const { log, unitOfWork } = fixture;
  const reader = await log.reader(GROUP, ['events.raw']);
  const gate = Promise.withResolvers<undefined>();
  const held = Promise.withResolvers<undefined>();
  const slow = unitOfWork.transaction(async (tx) => {
    await log.appendWith(tx, 'events.raw', [{ key: 'same', value: { number: 1 } }]);
    held.resolve(undefined);
    await gate.promise;
  });
  await held.promise;
  const fast = log.append('events.raw', [{ key: 'same', value: { number: 2 } }]);
  const seen: number[] = [];
  const look = async (waitMs: number): Promise<void> => {
    const batch = await reader.poll({ maxRecords: 10, waitMs });
    seen.push(...numbersOf(batch.records));
    await unitOfWork.transaction((tx) => reader.commit(tx, batch));
  };
  for (let round = 0; round < 5; round += 1) await look(20);
  assert.ok(!seen.includes(2), 'a later record is not read past one that is still to come');
  gate.resolve(undefined);
  await Promise.all([slow, fast]);
  for (let round = 0; round < 20 && seen.length < 2; round += 1) await look(200);
  assert.deepEqual(seen, [1, 2]);
}

async function fencesZombies(fixture: EventLogFixture): Promise<void> {
  const { log, unitOfWork } = fixture;
  await log.append('events.raw', numbered(0, 20, 5));
  const [zombie, owner] = [
    await log.reader(GROUP, ['events.raw']),
    await log.reader(GROUP, ['events.raw']),
  ];
  const stale = await zombie.poll({ maxRecords: 100, waitMs: 1_000 });
  const fresh = await owner.poll({ maxRecords: 100, waitMs: 1_000 });
  await unitOfWork.transaction((tx) => owner.commit(tx, fresh));
  await assert.rejects(
    unitOfWork.transaction((tx) => zombie.commit(tx, stale)),
    (error) => error instanceof FencedError,
  );
  await zombie.seekToStored();
  await log.append('events.raw', numbered(20, 21, 5));
  const next = await zombie.poll({ maxRecords: 100, waitMs: 1_000 });
  assert.deepEqual(numbersOf(next.records), [20]);
}

async function readsAgain(fixture: EventLogFixture): Promise<void> {
  const { log, unitOfWork } = fixture;
  await log.append('events.raw', numbered(0, 30, 7));
  const reader = await log.reader(GROUP, ['events.raw']);
  const first = await reader.poll({ maxRecords: 1_000, waitMs: 1_000 });
  const broken = unitOfWork.transaction(async (tx) => {
    await reader.commit(tx, first);
    throw new RangeError('the effect failed');
  });
  await assert.rejects(broken, RangeError);
  await reader.seekToStored();
  const again = await reader.poll({ maxRecords: 1_000, waitMs: 1_000 });
  assert.deepEqual(again.records, first.records);
  await unitOfWork.transaction((tx) => reader.commit(tx, again));
  const other = await log.reader(GROUP, ['events.raw']);
  assert.deepEqual((await other.poll({ maxRecords: 10, waitMs: 0 })).records, []);
}

async function takesFairShares(fixture: EventLogFixture): Promise<void> {
  const { log } = fixture;
  await log.append('events.raw', numbered(0, 400, 40));
  const reader = await log.reader(GROUP, ['events.raw']);
  const batch = await reader.poll({ maxRecords: 4 * log.partitions, waitMs: 1_000 });
  assert.ok(
    new Set(batch.records.map(({ part }) => part)).size > 1,
    'no partition starves another',
  );
}

async function keepsApart(fixture: EventLogFixture): Promise<void> {
  const { log } = fixture;
  await log.append('events.raw', numbered(0, 10, 3));
  await log.append('events.historical', numbered(10, 20, 3));
  const historical = await readAll(await log.reader(GROUP, ['events.historical']), fixture, 10);
  assert.ok(numbersOf(historical).every((number) => number >= 10));
  const other = await readAll(await log.reader('another', ['events.raw']), fixture, 10);
  assert.equal(other.length, 10);
}

async function tellsLag(fixture: EventLogFixture): Promise<void> {
  const { log } = fixture;
  const reader = await log.reader(GROUP, ['events.raw']);
  await log.append('events.raw', numbered(0, 50, 9));
  const sum = async (): Promise<number> =>
    (await log.lag(GROUP)).reduce((all, { lag }) => all + lag, 0);
  assert.equal(await sum(), 50);
  await readAll(reader, fixture, 50);
  assert.equal(await sum(), 0);
}

async function wakesAtOnce(fixture: EventLogFixture): Promise<void> {
  const { log, wakeWithinMs } = fixture;
  const reader = await log.reader(GROUP, ['events.raw']);
  const waits: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const waiting = reader.poll({ maxRecords: 10, waitMs: 20_000 });
    await log.append('events.raw', [{ key: 'k', value: { number: round } }]);
    const fromMs = performance.now();
    const batch = await waiting;
    waits.push(performance.now() - fromMs);
    assert.deepEqual(numbersOf(batch.records), [round]);
    await fixture.unitOfWork.transaction((tx) => reader.commit(tx, batch));
  }
  const slowest = Math.max(...waits);
  assert.ok(slowest < wakeWithinMs, `woken after ${slowest.toFixed(0)} ms`);
}

async function tellsWhen(fixture: EventLogFixture): Promise<void> {
  const { log } = fixture;
  await log.append('events.raw', numbered(0, 20, 5));
  const records = await readAll(await log.reader(GROUP, ['events.raw']), fixture, 20);
  assert.equal(records.length, 20);
  for (const { appendedAtMs } of records) assert.ok(Number.isSafeInteger(appendedAtMs));
}

async function endsWithItsSignal(fixture: EventLogFixture): Promise<void> {
  const reader = await fixture.log.reader(GROUP, ['events.raw']);
  const controller = new AbortController();
  const waiting = reader.poll({ maxRecords: 1, waitMs: 60_000, signal: controller.signal });
  controller.abort();
  assert.deepEqual((await waiting).records, []);
}

async function fixesPartitions({ log, reopenWith }: EventLogFixture): Promise<void> {
  await assert.rejects(reopenWith(log.partitions + 1));
}

/** What every event log must do: one body of assertions for the embedded log and for Kafka. */
export const EVENT_LOG_CASES: readonly EventLogCase[] = [
  { name: 'gives back every record, each key in its order', run: keepsOrder },
  { name: 'keeps a key in one partition and spreads keys', run: keepsKeysTogether },
  { name: 'never skips an append that is still open', run: skipsNothing },
  { name: 'fences an owner that was replaced', run: fencesZombies },
  { name: 'reads again what was rolled back, and never what was committed', run: readsAgain },
  { name: 'takes from every partition', run: takesFairShares },
  { name: 'keeps topics and groups apart', run: keepsApart },
  { name: 'tells the lag', run: tellsLag },
  { name: 'wakes a waiting reader at once', run: wakesAtOnce },
  { name: 'tells when records were appended', run: tellsWhen },
  { name: 'ends a wait with its signal', run: endsWithItsSignal },
  { name: 'keeps its number of partitions', run: fixesPartitions },
];
