import { durationMs, hashUnit, parseDuration } from '#libs/kernel';
import type { CrmConfig } from '#libs/contracts';
import { StoreError } from '../ports/transaction.js';
import type { CrmIntake, PageTaken } from './intake.js';
import type { CrmOutbox, HoldConnector, OutboxBatch, SettledRow } from './outbox-ports.js';
import {
  COMMAND_TYPES,
  type Command,
  type CommandType,
  type CrmConnector,
  type CrmRefusal,
  type Outcome,
  type PullPage,
  type Stream,
} from './ports.js';
import { isPushed, type CrmWorkspace } from './workspace.js';

/** What the runner works with. */
export interface CrmRunnerPorts {
  readonly workspace: () => CrmWorkspace | null;
  /** The connector of a configuration; asked once for each as long as it does not change. */
  readonly connect: (config: CrmConfig) => CrmConnector;
  readonly intake: Pick<CrmIntake, 'take'>;
  readonly outbox: CrmOutbox;
  /** False while another process has it. */
  readonly hold: HoldConnector;
  /** Retries and the rhythm of files run on wall time. */
  readonly wallMs: () => number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const LONGEST_TRY_MS = 24 * 3_600_000;
/** The customer's other tools use the quota too; asked again when it may have been renewed. */
const QUOTA_PAUSE_MS = 15 * 60_000;
const MOST_BATCHES = 20;
const KEPT_DONE_MS = 30 * 86_400_000;
const FORGET_EVERY_MS = 3_600_000;

interface Open {
  readonly config: CrmConfig;
  readonly connector: CrmConnector;
  /** Wall instant before which no new batch is begun. */
  nextPushMs: number;
  nextForgetMs: number;
}

/** Turns connectors: takes over what they have, pushes what waits for them. */
export class CrmConnectorRunner {
  private readonly open = new Map<string, Open>();

  constructor(private readonly ports: CrmRunnerPorts) {}

  /**
   * One turn over all connectors; answers how much it did. A connector that fails does not stop the
   * others: its error is thrown when they had their turn.
   */
  async runOnce(signal: AbortSignal): Promise<number> {
    const workspace = this.ports.workspace();
    if (workspace === null) return 0;
    let done = 0;
    const failures: unknown[] = [];
    for (const config of workspace.connectors) {
      if (signal.aborted || !(await this.ports.hold(config.connector))) continue;
      const open = this.opened(config);
      const turns = [
        ...open.connector.capabilities.streams.map(
          (stream) => () => this.pull(open, { workspace, stream, signal }),
        ),
        () => this.push(open, signal),
        () => this.forget(open),
      ];
      for (const turn of turns) {
        try {
          done += await turn();
        } catch (error) {
          failures.push(error);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
    return done;
  }

  private opened(config: CrmConfig): Open {
    const mark = JSON.stringify(config);
    const known = this.open.get(mark);
    if (known !== undefined) return known;
    for (const [key, { config: other }] of this.open) {
      if (other.connector === config.connector) this.open.delete(key);
    }
    const connector = this.ports.connect(config);
    const made = { config, connector, nextPushMs: 0, nextForgetMs: 0 };
    this.open.set(mark, made);
    return made;
  }

  private async pull(
    { config, connector }: Open,
    given: {
      readonly workspace: CrmWorkspace;
      readonly stream: Stream;
      readonly signal: AbortSignal;
    },
  ): Promise<number> {
    const { workspace, stream, signal } = given;
    let rows = 0;
    for await (const page of connector.pull({ stream, cursor: null }, signal)) {
      const taken = await this.take({ config, workspace }, stream, page);
      if (taken.refusals.length > 0) await connector.refuse?.(taken.refusals);
      rows += page.changes.length;
      // What was taken is safe; whoever goes on reads the rest again from its start.
      if (signal.aborted || !(await this.ports.hold(config.connector))) break;
    }
    return rows;
  }

  /** A record that the store will never take is refused by itself; the others are taken. */
  private async take(
    given: Parameters<CrmIntake['take']>[0],
    stream: Stream,
    page: PullPage,
  ): Promise<PageTaken> {
    try {
      return await this.ports.intake.take(given, stream, page);
    } catch (error) {
      if (!isLasting(error)) throw error;
      if (page.changes.length <= 1) {
        const line = page.changes[0]?.line ?? 0;
        return { fresh: 0, refusals: [{ line, code: 'bad_value', detail: '' }] };
      }
      const refusals: CrmRefusal[] = [];
      let fresh = 0;
      for (const change of page.changes) {
        const taken = await this.take(given, stream, { ...page, changes: [change] });
        fresh += taken.fresh;
        refusals.push(...taken.refusals);
      }
      return { fresh, refusals };
    }
  }

  private async push(open: Open, signal: AbortSignal): Promise<number> {
    const { config, connector } = open;
    const onlyOpen = this.ports.wallMs() < open.nextPushMs;
    let done = 0;
    let isDrained = true;
    for (const type of COMMAND_TYPES) {
      if (!connector.capabilities.commands.includes(type) || !isPushed(config, type)) continue;
      let count = 0;
      for (let pushed = 1; pushed > 0 && count < MOST_BATCHES && !signal.aborted; count += 1) {
        if (!(await this.ports.hold(config.connector))) return done;
        pushed = await this.pushBatch(open, type, { onlyOpen, signal });
        done += pushed;
      }
      if (count === MOST_BATCHES) isDrained = false;
    }
    // What comes now gathers until the next time, so that files are few.
    if (!onlyOpen && isDrained) open.nextPushMs = this.ports.wallMs() + everyMs(config);
    return done;
  }

  private async pushBatch(
    { config, connector }: Open,
    type: CommandType,
    how: { readonly onlyOpen: boolean; readonly signal: AbortSignal },
  ): Promise<number> {
    const { outbox, wallMs } = this.ports;
    const batch = await outbox.openBatch({
      connector: config.connector,
      type,
      maxRows: connector.capabilities.maxBatch,
      wallMs: wallMs(),
      onlyOpen: how.onlyOpen,
    });
    if (batch === null) return 0;
    const commands = batch.commands.map(({ command }) => command);
    const outcomes = await connector.push(commands, how.signal, batch.bounds);
    const { rows, nextWallMs } = settled(batch, outcomes, wallMs());
    await outbox.settle(batch.id, rows, { wallMs: wallMs(), nextWallMs });
    return rows.filter(({ state }) => state !== 'batched').length;
  }

  private async forget(open: Open): Promise<number> {
    const wallMs = this.ports.wallMs();
    if (wallMs < open.nextForgetMs) return 0;
    open.nextForgetMs = wallMs + FORGET_EVERY_MS;
    await this.ports.outbox.forget(open.config.connector, wallMs - KEPT_DONE_MS);
    return 0;
  }
}

/** The store says that the same again would fail again. */
function isLasting(error: unknown): boolean {
  return error instanceof StoreError && !error.retryable;
}

function everyMs(config: CrmConfig): number {
  const every = parseDuration(config.every);
  return every.ok ? durationMs(every.value) : 60_000;
}

/** What the outcomes mean for each row, and when what is left is tried again. */
function settled(
  batch: OutboxBatch,
  outcomes: readonly Outcome[],
  wallMs: number,
): { readonly rows: readonly SettledRow[]; readonly nextWallMs: number } {
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome] as const));
  const isOver = wallMs - (batch.firstTriedWallMs ?? wallMs) >= LONGEST_TRY_MS;
  let nextWallMs = wallMs;
  const rows = batch.commands.map(({ id, command }): SettledRow => {
    const outcome = byKey.get(command.key) ?? unanswered(command);
    if (outcome.ok) return { id, state: 'done', error: null };
    const error = `${outcome.code}: ${outcome.message}`.slice(0, 500);
    const isRefused = outcome.kind === 'reject' || (isOver && outcome.kind !== 'quota');
    // A conflict is read and mapped anew once; a second one is a refusal.
    if (isRefused || (outcome.kind === 'conflict' && batch.attempts > 0)) {
      return { id, state: 'refused', error };
    }
    nextWallMs = Math.max(nextWallMs, wallMs + pauseMs(outcome, batch));
    return { id, state: 'batched', error };
  });
  return { rows, nextWallMs };
}

function unanswered(command: Command): Outcome & { readonly ok: false } {
  const message = 'the connector gave no outcome';
  return { key: command.key, ok: false, kind: 'retry', code: 'no_outcome', message };
}

/** Full jitter, by a stable hash: retries of many batches spread, and a test sees the same. */
function pauseMs(outcome: Outcome & { readonly ok: false }, batch: OutboxBatch): number {
  if (outcome.retryAfterMs !== undefined) return outcome.retryAfterMs;
  if (outcome.kind === 'quota' || outcome.kind === 'auth') return QUOTA_PAUSE_MS;
  const mostMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(batch.attempts, 20));
  return Math.ceil(mostMs * hashUnit('crm-retry', String(batch.id), String(batch.attempts)));
}
