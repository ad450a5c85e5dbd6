import type {
  DefinitionSource,
  EnrolmentRow,
  EnrolmentStore,
  MigrationJob,
  MigrationJobs,
  NotMoved,
  Stepper,
  Tx,
  WorkingSet,
} from '#libs/application';
import type { ProfileId } from '#libs/kernel';
import { migrate, type Definition } from '#libs/scenario';

/** What moving people to a newer version needs. */
export interface MigrationPorts {
  readonly migrations: MigrationJobs;
  readonly definitions: DefinitionSource;
  readonly store: EnrolmentStore;
}

/** A migration that this turn carries on. */
export interface Migration {
  readonly job: MigrationJob;
  readonly to: Definition;
}

/**
 * The migration under way, asked for before anything is routed: once the version to move to is known
 * here nobody enters an older one, so whoever has is in the store already. Null without one, or
 * where this process has not loaded the version yet.
 */
export async function openMigration(tx: Tx, ports: MigrationPorts): Promise<Migration | null> {
  const job = await ports.migrations.current(tx);
  const to = job === null ? undefined : ports.definitions.byHash(job.definition);
  return job === null || to === undefined ? null : { job, to };
}

/**
 * Moves a page of enrolments, and the job past it, in the host's transaction: broken off anywhere,
 * nobody is moved twice and nobody is left out. Answers how many were looked at, at least 1 while
 * the job goes on, so that a host does not rest on a page in which nobody is to be moved.
 */
export async function migratePage(
  tx: Tx,
  { job, to }: Migration,
  turn: {
    readonly ports: MigrationPorts;
    readonly set: WorkingSet;
    readonly stepper: Stepper;
    readonly limit: number;
    readonly loadPeople: (ids: readonly ProfileId[]) => Promise<void>;
  },
): Promise<number> {
  const { ports, set, stepper } = turn;
  // What a version has asked for is answered under that version.
  await stepper.drain(tx);
  const page = await ports.migrations.page(tx, job, turn.limit);
  const rows = await ports.store.byIds(tx, page.enrolmentIds);
  await turn.loadPeople(rows.map(({ profileId }) => profileId));
  const refused: Partial<Record<NotMoved, number>> = {};
  let moved = 0;
  for (const row of rows) {
    const reason = moveOne({ row, to, set, stepper, definitions: ports.definitions });
    if (reason === null) moved += 1;
    else refused[reason] = (refused[reason] ?? 0) + 1;
  }
  await ports.migrations.advance(tx, job, { page, tally: { moved, refused }, nowMs: set.nowMs });
  return Math.max(1, page.enrolmentIds.length);
}

/** Null where the enrolment was moved, else why it was not. */
function moveOne(move: {
  readonly row: EnrolmentRow;
  readonly to: Definition;
  readonly set: WorkingSet;
  readonly stepper: Stepper;
  readonly definitions: DefinitionSource;
}): NotMoved | null {
  const { row, to, set, stepper } = move;
  const from = move.definitions.byHash(row.definition);
  if (from === undefined) return 'unknown_version';
  // One that an event or an answer of this turn has in hand stands where that left it.
  const live = set.add(row, from, false);
  const result = migrate({ from, to }, live.row.state, set.nowMs);
  if (!result.ok) return result.error;
  stepper.moveTo(live, to, result.value);
  return null;
}
