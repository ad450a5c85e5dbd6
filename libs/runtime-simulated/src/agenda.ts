import type { EpochMs } from '#libs/kernel';

/** Something that time alone brings about. One that was moved meanwhile does nothing when met. */
export interface Appointment<About> {
  readonly atMs: EpochMs;
  readonly about: About;
}

interface Entry<About> extends Appointment<About> {
  readonly order: number;
}

/** A heap of appointments: the earliest first, those of one instant in the order they were made. */
export class Agenda<About> {
  private readonly heap: Entry<About>[] = [];
  private made = 0;

  /** Instant of the earliest; null where there is none. */
  get nextMs(): EpochMs | null {
    return this.heap[0]?.atMs ?? null;
  }

  add(appointment: Appointment<About>): void {
    const { heap } = this;
    this.made += 1;
    const entry = { ...appointment, order: this.made };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  /** Takes the earliest out. */
  take(): Appointment<About> | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    this.sink(last);
    return first;
  }

  private sink(entry: Entry<About>): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const isOther = other !== undefined && isBefore(other, one);
      const child = isOther ? other : one;
      if (!isBefore(child, entry)) break;
      heap[at] = child;
      at = isOther ? left + 1 : left;
    }
    heap[at] = entry;
  }
}

function isBefore(one: Entry<unknown>, other: Entry<unknown>): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
