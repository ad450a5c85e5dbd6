import type { EpochMs } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import { sampleHistory, type HistoryOptions } from '../history.js';
import { NO_MEMORY, type VisitorDeed, type VisitorMemory } from '../visitor/deeds.js';
import { VisitorModel } from '../visitor/visitor-model.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../world/paris.js';
import { BOOK_DAYS } from '../world/world.js';
import type { SamplePorts, SampleProgress } from './ports.js';

/** How a sample is made and loaded. */
export interface SampleRunnerOptions extends Omit<HistoryOptions, 'endMs'> {
  readonly ports: SamplePorts;
  /** Events appended at once. Default 1,000. */
  readonly batchSize?: number;
}

/** How far loading has come. */
export interface LoadingProgress {
  readonly events: number;
  /** From 0 to 1, by the time of the events. */
  readonly share: number;
}

/** Longest stretch lived through in one turn. */
export const LONGEST_TURN_MS = HOUR_MS;
const SHORTEST_TURN_MS = 2 * MINUTE_MS;
const LONGEST_LAG_MS = 2 * DAY_MS;
const TASKS_EVERY_MS = 30 * MINUTE_MS;
const SAVE_EVERY_TURNS = 10;
/** Most events appended in a second of the wall. */
export const EVENTS_PER_SECOND = 150;
// The customer files and the order book are a sixth of all events.
const BOOK_PART = 0.15;

interface InHand {
  deeds: VisitorDeed[];
  readonly toMs: EpochMs;
  readonly readSeq: number;
  /** The model's memory once these deeds are done. */
  readonly memory: VisitorMemory;
}

/**
 * Loads the sample and keeps it alive: asks the model what happens next and does it through ports.
 * Holds no rule of behaviour. Not safe for concurrent turns.
 */
export class SampleRunner {
  private state: SampleProgress | undefined;
  private model: VisitorModel | undefined;
  private inHand: InHand | undefined;
  private tasksAskedMs = Number.NEGATIVE_INFINITY;
  private unsavedTurns = 0;

  constructor(private readonly options: SampleRunnerOptions) {}

  /**
   * Appends what is missing of the history; at once when it is all there. After a crash it goes on
   * with the batch that was not known to be on disk. False when the signal ended it early.
   */
  async loadHistory(
    onProgress: (progress: LoadingProgress) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    let state = await this.open();
    if (state.isLoaded) return true;
    const size = this.options.batchSize ?? 1_000;
    let number = 0;
    let batch: RawEvent[] = [];
    const flush = async (): Promise<void> => {
      number += 1;
      if (number > state.batches) {
        await this.options.ports.appendHistorical(batch);
        state = await this.save({ ...state, batches: number });
        const share = shareOf(state.endMs, batch.at(-1)?.atMs ?? state.endMs, this.options.days);
        onProgress({ events: number * size - (size - batch.length), share });
      }
      batch = [];
    };
    for (const event of sampleHistory({ ...this.options, seed: state.seed, endMs: state.endMs })) {
      batch.push(event);
      if (batch.length < size) continue;
      await flush();
      if (signal.aborted) return false;
    }
    if (batch.length > 0) await flush();
    await this.save({ ...state, isLoaded: true });
    return true;
  }

  /**
   * One turn of the visitors: up to an hour of the engine's time. Answers how many deeds were done
   * and 0 when there is nothing to do yet, so that the caller waits. What failed to be appended is
   * done first in the next turn. Older than two days is let go: those were days of rest.
   */
  async turn(signal: AbortSignal): Promise<number> {
    const { ports } = this.options;
    if (!ports.isAwake()) return 0;
    const state = await this.open();
    if (!state.isLoaded) return 0;
    this.inHand ??= await this.next(state);
    if (this.inHand === undefined) return 0;
    const { toMs, readSeq, memory } = this.inHand;
    const done = await this.perform(this.inHand, signal);
    if (this.inHand.deeds.length > 0) return done;
    this.inHand = undefined;
    this.state = { ...state, livedUntilMs: toMs, readSeq, memory };
    this.unsavedTurns += 1;
    if (this.unsavedTurns >= SAVE_EVERY_TURNS || signal.aborted) await this.keep();
    return Math.max(1, done);
  }

  /** Saves where the visitors are; call before the process ends. */
  async keep(): Promise<void> {
    if (this.state !== undefined && this.unsavedTurns > 0) await this.save(this.state);
    this.unsavedTurns = 0;
  }

  private async open(): Promise<SampleProgress> {
    if (this.state !== undefined) return this.state;
    const { ports, seed } = this.options;
    const known = await ports.progress.load();
    if (known !== null) {
      this.state = known;
      return known;
    }
    const endMs = ports.clock.nowMs();
    const none = { batches: 0, isLoaded: false, readSeq: 0, memory: NO_MEMORY };
    return this.save({ seed, endMs, livedUntilMs: endMs, ...none });
  }

  private async save(state: SampleProgress): Promise<SampleProgress> {
    await this.options.ports.progress.save(state);
    this.state = state;
    return state;
  }

  private async next(state: SampleProgress): Promise<InHand | undefined> {
    const { ports } = this.options;
    const nowMs = ports.clock.nowMs();
    const fromMs = Math.max(state.livedUntilMs, nowMs - LONGEST_LAG_MS);
    const toMs = Math.min(nowMs, fromMs + LONGEST_TURN_MS);
    if (toMs - fromMs < SHORTEST_TURN_MS) return undefined;
    const received = await ports.caught(state.readSeq);
    const asksTasks = toMs - this.tasksAskedMs >= TASKS_EVERY_MS;
    const tasks = asksTasks ? await ports.openTasks() : undefined;
    if (asksTasks) this.tasksAskedMs = toMs;
    this.model ??= new VisitorModel(
      { ...this.options, seed: state.seed, endMs: state.endMs },
      state.memory,
    );
    const stretch = { fromMs, toMs, received };
    const deeds = this.model.live(tasks === undefined ? stretch : { ...stretch, tasks });
    const readSeq = received.reduce((last, { seq }) => Math.max(last, seq), state.readSeq);
    return { deeds, toMs, readSeq, memory: this.model.memory() };
  }

  /** Does deeds in order; events go in batches that end where another kind of deed comes. */
  private async perform(inHand: InHand, signal: AbortSignal): Promise<number> {
    const { ports } = this.options;
    let done = 0;
    while (inHand.deeds.length > 0 && !signal.aborted) {
      const [first] = inHand.deeds;
      if (first === undefined) break;
      if (first.kind !== 'event') {
        await this.act(first);
        inHand.deeds = inHand.deeds.slice(1);
        done += 1;
        continue;
      }
      const other = inHand.deeds.findIndex(({ kind }) => kind !== 'event');
      const count = Math.min(other < 0 ? inHand.deeds.length : other, EVENTS_PER_SECOND);
      const receivedAtMs = ports.clock.nowMs();
      const events = inHand.deeds
        .slice(0, count)
        .flatMap((deed) => (deed.kind === 'event' ? [{ ...deed.event, receivedAtMs }] : []));
      await ports.appendLive(events);
      inHand.deeds = inHand.deeds.slice(count);
      done += count;
      await ports.pause((count * 1_000) / EVENTS_PER_SECOND, signal);
    }
    return done;
  }

  private async act(deed: Exclude<VisitorDeed, { kind: 'event' }>): Promise<void> {
    const { ports } = this.options;
    try {
      if (deed.kind === 'click') await ports.fetchUrl(deed.url, 'GET');
      else if (deed.kind === 'unsubscribe') await ports.fetchUrl(deed.url, 'POST');
      else if (deed.kind === 'complain') await ports.complain(deed.deliveryId);
      else if (deed.kind === 'reply') await ports.reply(deed.from, deed.text);
      else await ports.closeTask(deed.taskId, deed.outcome);
    } catch (error) {
      // A lost click costs the sample nothing; the same click for ever would stop it.
      ports.onLost?.(deed.kind, error);
    }
  }
}

function shareOf(endMs: EpochMs, atMs: EpochMs, days = 90): number {
  const windowMs = days * DAY_MS;
  const into = (atMs - (endMs - windowMs)) / windowMs;
  if (into >= 0) return Math.min(1, BOOK_PART + (1 - BOOK_PART) * into);
  const bookMs = BOOK_DAYS * DAY_MS - windowMs;
  return Math.max(0, BOOK_PART * (1 + (into * windowMs) / bookMs));
}
