import type { Locale } from '#libs/kernel';
import type { Streams } from './terminal.js';

const TERMINAL_EVERY_MS = 200;
const LINE_EVERY_MS = 5_000;

/** How far some long work is. */
export interface ProgressAt {
  /** Units of work done so far, for the rate. */
  readonly done: number;
  /** Share of the whole in [0, 1]. */
  readonly share: number;
}

function spanOf(lengthMs: number): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1_000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/**
 * Progress with a rate and the time left: one line that changes where somebody reads a terminal,
 * else a plain line every few seconds.
 */
export class Progress {
  private readonly fromMs: number;
  private saidMs: number;
  private isOpen = false;

  constructor(
    private readonly streams: Streams,
    private readonly unit: string,
    private readonly locale: Locale,
  ) {
    this.fromMs = streams.elapsedMs();
    this.saidMs = this.fromMs;
  }

  at(progress: ProgressAt): void {
    const { streams } = this;
    const nowMs = streams.elapsedMs();
    const everyMs = streams.isTerminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS;
    if (nowMs - this.saidMs < everyMs) return;
    this.saidMs = nowMs;
    const line = this.lineOf(progress, nowMs);
    streams.err(streams.isTerminal ? `\r${line}\u001b[K` : `${line}\n`);
    this.isOpen = streams.isTerminal;
  }

  /** Leaves the line, so that what follows begins one of its own. */
  end(): void {
    if (this.isOpen) this.streams.err('\r\u001b[K');
    this.isOpen = false;
  }

  private lineOf({ done, share }: ProgressAt, nowMs: number): string {
    const passedMs = Math.max(1, nowMs - this.fromMs);
    const rate = Math.round((done * 1_000) / passedMs);
    const percent = Math.floor(Math.min(1, share) * 100);
    const left = share <= 0 ? '…' : spanOf((passedMs * (1 - share)) / share);
    return this.locale === 'fr'
      ? `${percent} %, ${done} ${this.unit}, ${rate}/s, reste ${left}`
      : `${percent}%, ${done} ${this.unit}, ${rate}/s, ${left} left`;
  }
}
