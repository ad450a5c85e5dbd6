import type { EpochMs } from '#libs/kernel';
import { utcDayOf } from '#libs/contracts';

/** A refusal told to a caller, kept as a sample: what it looked like, without any value. */
export interface RefusalSample {
  readonly day: string;
  readonly source: string;
  readonly code: string;
  readonly atMs: EpochMs;
  /** Names of its members and kinds of their values; never a value. */
  readonly shape: string;
}

/** How many refusals of one kind there were. */
export interface RefusalCount {
  /** UTC day of the wall. */
  readonly day: string;
  readonly source: string;
  readonly code: string;
  readonly count: number;
}

/** Where refusals are kept. */
export interface RefusalStore {
  /** Adds counts and samples; keeps at most 100 samples a source and day. */
  add(counts: readonly RefusalCount[], samples: readonly RefusalSample[]): Promise<void>;
}

const SAMPLES_A_DAY = 100;
const MAX_MEMBERS = 40;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/** A name as it may be kept: PostgreSQL's text knows no NUL, and a name cut in half is made whole. */
const nameText = (name: string): string =>
  name.replaceAll('\u0000', '').slice(0, 40).toWellFormed();

/** What a refused message looks like: personal data stays out of it. */
export function shapeOf(message: unknown): string {
  if (typeof message !== 'object' || message === null) return kindOf(message);
  const names = Object.keys(message).slice(0, MAX_MEMBERS);
  const record = message as Readonly<Record<string, unknown>>;
  return names.map((name) => `${nameText(name)}:${kindOf(record[name])}`).join(' ');
}

/** Counts and samples refusals in memory; `flush` hands them to the store. */
export class Refusals {
  private readonly counts = new Map<string, RefusalCount>();
  private readonly sampled = new Map<string, number>();
  private samples: RefusalSample[] = [];

  constructor(private readonly store: RefusalStore) {}

  add(source: string, code: string, message: unknown, wallMs: EpochMs): void {
    const day = utcDayOf(wallMs);
    const key = `${day} ${code} ${source}`;
    const count = (this.counts.get(key)?.count ?? 0) + 1;
    this.counts.set(key, { day, source, code, count });
    const sampleKey = `${day} ${source}`;
    const sampled = this.sampled.get(sampleKey) ?? 0;
    if (sampled >= SAMPLES_A_DAY) return;
    this.sampled.set(sampleKey, sampled + 1);
    this.samples.push({ day, source, code, atMs: wallMs, shape: shapeOf(message) });
  }

  /** Keeps what it could not hand over for the next time. */
  async flush(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = [...this.counts.values()];
    const samples = this.samples;
    this.counts.clear();
    this.samples = [];
    const today = counts.at(-1)?.day ?? '';
    for (const key of this.sampled.keys()) {
      if (!key.startsWith(today)) this.sampled.delete(key);
    }
    try {
      await this.store.add(counts, samples);
    } catch (error) {
      this.samples = [...samples, ...this.samples].slice(0, 10 * SAMPLES_A_DAY);
      for (const row of counts) {
        const key = `${row.day} ${row.code} ${row.source}`;
        const since = this.counts.get(key)?.count ?? 0;
        this.counts.set(key, { ...row, count: row.count + since });
      }
      throw error;
    }
  }
}
