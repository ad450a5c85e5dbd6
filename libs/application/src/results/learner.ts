import type { Clock } from '#libs/kernel';
import type { Fact, RewardFact } from '#libs/contracts';
import type { LogBatch, LogReader } from '../log/event-log.js';
import type { UnitOfWork } from '../ports/transaction.js';
import type { Lesson, LessonStore } from './ports.js';

/**
 * What one reward teaches: its first version alone, so that facts in any order and any number of
 * times give the same posterior. A first version with a value is a success the moment it comes; one
 * that closes the window with nothing is a failure.
 */
export function lessonOf(fact: RewardFact): Lesson | null {
  const { body } = fact;
  if (fact.version !== 1 || body.action === 'nothing') return null;
  const isSuccess = body.value > 0;
  if (!isSuccess && !body.isFinal) return null;
  return {
    scenario: body.scenario ?? '',
    stepId: body.stepId ?? '',
    action: body.action,
    treatment: body.treatment,
    successes: isSuccess ? 1 : 0,
    failures: isSuccess ? 0 : 1,
  };
}

/** Sums lessons by what they are about. */
export function sumLessons(lessons: readonly Lesson[]): readonly Lesson[] {
  const sums = new Map<string, Lesson>();
  for (const lesson of lessons) {
    const key = JSON.stringify([lesson.scenario, lesson.stepId, lesson.action, lesson.treatment]);
    const sum = sums.get(key);
    sums.set(key, {
      ...lesson,
      successes: (sum?.successes ?? 0) + lesson.successes,
      failures: (sum?.failures ?? 0) + lesson.failures,
    });
  }
  return [...sums.values()];
}

/** Learns from the log only, in batches, with its offsets in the transaction of what it learned. */
export class Learner {
  constructor(
    private readonly ports: {
      readonly work: UnitOfWork;
      readonly reader: LogReader;
      readonly lessons: LessonStore;
      readonly clock: Clock;
    },
  ) {}

  /** One batch of facts; answers how many records it read. */
  async runOnce(waitMs: number, signal?: AbortSignal): Promise<number> {
    const { reader, work, lessons, clock } = this.ports;
    const batch: LogBatch = await reader.poll({
      maxRecords: 5_000,
      waitMs,
      ...(signal === undefined ? {} : { signal }),
    });
    if (batch.records.length === 0) return 0;
    const learned = batch.records
      // Most facts teach nothing: only rewards are worth parsing.
      .filter((record) => record.text.includes('"kind":"reward"'))
      .map((record) => record.value as unknown as Fact)
      .flatMap((fact) => (fact.kind === 'reward' ? (lessonOf(fact) ?? []) : []));
    try {
      await work.transaction(async (tx) => {
        if (learned.length > 0) await lessons.add(tx, sumLessons(learned), clock.nowMs());
        await reader.commit(tx, batch);
      });
    } catch (error) {
      await reader.seekToStored().catch(() => undefined);
      throw error;
    }
    return batch.records.length;
  }
}
