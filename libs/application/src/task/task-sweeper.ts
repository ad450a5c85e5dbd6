import type { Fact } from '#libs/contracts';
import type { Clock, EpochMs } from '#libs/kernel';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import { taskFact, type TaskRow } from './task-maker.js';

/** How long after its due time an open task is still worth doing. */
export const TASK_GRACE_DAYS = 14;

const TASK_GRACE_MS = TASK_GRACE_DAYS * 86_400_000;

/** Open tasks by their due time, in the store. */
export interface DueTaskStore {
  /** Locks open tasks due at `dueByMs` or before, the oldest first; none that others have in hand. */
  overdueTasks(tx: Tx, dueByMs: EpochMs, limit: number): Promise<readonly TaskRow[]>;
  closeTasks(tx: Tx, rows: readonly TaskRow[]): Promise<void>;
}

/** What the sweeper needs. */
export interface TaskSweeperPorts {
  readonly unitOfWork: UnitOfWork;
  readonly tasks: DueTaskStore;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Lets tasks that nobody did expire, `TASK_GRACE_DAYS` after their due time. Nobody closed them: no
 * `relance_task_closed` is told and there is no outcome, so that silence is not taken for an answer.
 */
export class TaskSweeper {
  constructor(private readonly ports: TaskSweeperPorts) {}

  /** One batch of those that are over; answers how many. Idempotent: each expires once. */
  async runOnce(maxTasks = 500): Promise<number> {
    const { unitOfWork, tasks, writeFacts, clock } = this.ports;
    return await unitOfWork.transaction(async (tx) => {
      const nowMs = clock.nowMs();
      const over = await tasks.overdueTasks(tx, nowMs - TASK_GRACE_MS, maxTasks);
      const expired = over.map((row): TaskRow => ({
        ...row,
        state: 'expired',
        version: row.version + 1,
        closedAtMs: nowMs,
      }));
      await tasks.closeTasks(tx, expired);
      await writeFacts(tx, expired.map(taskFact));
      return expired.length;
    });
  }
}
