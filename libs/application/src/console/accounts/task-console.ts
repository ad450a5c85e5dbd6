import type { ApiResponse } from '#libs/contracts';
import { hashUuid, type Locale, type ProfileId } from '#libs/kernel';
import type { TASK_OUTCOMES, Fact } from '#libs/contracts';
import type { Tx, UnitOfWork } from '../../ports/transaction.js';
import { taskFact, type TaskRow } from '../../task/task-maker.js';
import { readBefore } from '../decisions/decision-console.js';
import type { PersonReader } from '../people/ports.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import { wordsOf, type ConsoleGround } from '../workspace-source.js';
import type { AccountReader, EmitClosed, TaskCloser } from './ports.js';

/** A task as the API gives it. */
export type TaskView = ApiResponse<'closeTask'>;

/** How a task ends. */
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];

/** What tasks are read from and closed with. */
export interface TaskConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: AccountReader;
  readonly people: Pick<PersonReader, 'names'>;
  readonly unitOfWork: UnitOfWork;
  readonly tasks: TaskCloser;
  readonly emit: EmitClosed;
  readonly writeFacts: (tx: Tx, facts: readonly Fact[]) => Promise<void>;
}

/** Tasks for reps. */
export class TaskConsole {
  constructor(private readonly ports: TaskConsolePorts) {}

  async list(
    ask: {
      readonly owner: string | null;
      readonly state: 'open' | 'closed';
      readonly cursor?: string | undefined;
      readonly limit: number;
    },
    locale: Locale,
  ): Promise<ApiResponse<'tasks'>> {
    const { reader } = this.ports;
    const { owner, state, limit } = ask;
    const before =
      ask.cursor === undefined && state === 'open' ? { atMs: -1, id: '' } : readBefore(ask.cursor);
    const rows = await reader.tasks({ owner, state, before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await this.views(page, locale),
      next: rows.length > limit && last !== undefined ? `${placeOf(last, state)}~${last.id}` : null,
    };
  }

  /** Tasks with the names of people and accounts. */
  async views(rows: readonly TaskRow[], locale: Locale): Promise<TaskView[]> {
    const { reader, people, ground } = this.ports;
    const [names, accounts] = await Promise.all([
      people.names(rows.map(({ profileId }) => profileId)),
      reader.accountNames(rows.flatMap(({ accountId }) => accountId ?? [])),
    ]);
    const words = wordsOf(ground, locale);
    const nowMs = ground.clock.nowMs();
    return rows.map((row) => viewOf(row, { names, accounts, words, nowMs }));
  }

  /**
   * Closes a task and tells the engine, which may go on with the scenario that waits for it. A rep
   * closes their own only.
   */
  async close(
    id: string,
    wish: { readonly outcome: TaskOutcome; readonly note?: string | undefined },
    at: { readonly owner: string | null; readonly locale: Locale },
  ): Promise<{ readonly task: TaskView } | 'not_found' | 'task_closed'> {
    const { unitOfWork, tasks, ground } = this.ports;
    const closed = await unitOfWork.transaction(async (tx) => {
      const row = await tasks.lock(tx, id);
      if (row === null || (at.owner !== null && row.owner !== at.owner)) return 'not_found';
      if (row.state !== 'open') return 'task_closed';
      const next: TaskRow = {
        ...row,
        state: wish.outcome === 'declined' ? 'declined' : 'done',
        outcome: wish.outcome,
        note: wish.note === undefined || wish.note === '' ? row.note : withNote(row, wish.note),
        version: row.version + 1,
        closedAtMs: ground.clock.nowMs(),
      };
      await this.write(tx, next);
      return next;
    });
    if (typeof closed === 'string') return closed;
    const [task] = await this.views([closed], at.locale);
    return task === undefined ? 'not_found' : { task };
  }

  private async write(tx: Tx, row: TaskRow): Promise<void> {
    const { tasks, emit, writeFacts } = this.ports;
    await tasks.save(tx, row);
    await writeFacts(tx, [taskFact(row)]);
    await emit(tx, {
      messageId: hashUuid('task-closed', row.id, String(row.version)),
      profileId: row.profileId as ProfileId,
      name: 'relance_task_closed',
      atMs: row.closedAtMs ?? row.createdAtMs,
      properties: {
        task_id: row.id,
        outcome: row.outcome ?? '',
        ...(row.decisionId === null ? {} : { decision_id: row.decisionId }),
        ...(row.scenario === null ? {} : { scenario: row.scenario }),
      },
      isSample: row.isSample,
    });
  }
}

function withNote(row: TaskRow, note: string): string {
  return row.note === null ? note : `${row.note}\n${note}`;
}

/** Open tasks go on by their due time, closed ones by when they were closed. */
function placeOf(row: TaskRow, state: 'open' | 'closed'): number {
  return state === 'open' ? (row.dueAtMs ?? Number.MAX_SAFE_INTEGER) : (row.closedAtMs ?? 0);
}

function viewOf(
  row: TaskRow,
  at: {
    readonly names: ReadonlyMap<string, string>;
    readonly accounts: ReadonlyMap<string, string>;
    readonly words: WorkspaceWords;
    readonly nowMs: number;
  },
): TaskView {
  const { names, accounts, words, nowMs } = at;
  return {
    id: row.id,
    title: row.title,
    note: row.note,
    reasons: [...row.reasons],
    owner: row.owner,
    person: { id: row.profileId, name: names.get(row.profileId) ?? row.profileId },
    account:
      row.accountId === null
        ? null
        : { id: row.accountId, name: accounts.get(row.accountId) ?? row.accountId },
    scenario:
      row.scenario === null ? null : { id: row.scenario, name: words.scenario(row.scenario) },
    decisionId: row.decisionId,
    dueAtMs: row.dueAtMs,
    isOverdue: row.state === 'open' && row.dueAtMs !== null && row.dueAtMs < nowMs,
    state: row.state,
    outcome: row.outcome,
    createdAtMs: row.createdAtMs,
    closedAtMs: row.closedAtMs,
  };
}
