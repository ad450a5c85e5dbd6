import { assert, type EpochMs } from '#libs/kernel';
import { IANAZone } from 'luxon';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
// No zone changes its offset twice within a slot, so equal ends mean one offset all along.
const SLOT_MS = 6 * 3_600_000;
const MOST_SLOTS = 20_000;
// Bounds within which Luxon and the zone database answer sensibly: years 1 to 9999.
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

/** What a wall time amounts to in a zone: nothing (a gap), one instant, or two (an overlap). */
export type WallInstants =
  | { readonly kind: 'gap'; readonly earlierMs: EpochMs; readonly laterMs: EpochMs }
  | { readonly kind: 'exact'; readonly firstMs: EpochMs; readonly secondMs: EpochMs };

/**
 * Local time in one zone, in plain arithmetic over the zone's offset at the instant asked about.
 * A "wall" is a local date and time written as if it were UTC milliseconds.
 */
export class ZoneClock {
  readonly #zone: IANAZone;
  readonly #slots = new Map<number, number | null>();
  #lastSlot = NaN;
  #lastOffset: number | null = null;

  constructor(zone: IANAZone) {
    this.#zone = zone;
  }

  /** Local time minus UTC at the instant, in ms. */
  offsetMs(atMs: EpochMs): number {
    const slot = Math.floor(atMs / SLOT_MS);
    if (slot !== this.#lastSlot) {
      this.#lastOffset = this.#slotOffset(slot);
      this.#lastSlot = slot;
    }
    return this.#lastOffset ?? this.#exactOffset(atMs);
  }

  wallMs(atMs: EpochMs): number {
    return atMs + this.offsetMs(atMs);
  }

  localDay(atMs: EpochMs): number {
    return Math.floor(this.wallMs(atMs) / DAY_MS);
  }

  /** Milliseconds since local midnight as the clock on the wall shows them. */
  timeOfDayMs(atMs: EpochMs): number {
    const wallMs = this.wallMs(atMs);
    return wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS;
  }

  /** Instants at which the wall shows that time; an offset change is at most a day away from it. */
  instantsOf(wallMs: number): WallInstants {
    const beforeMs = this.offsetMs(wallMs - DAY_MS);
    const afterMs = this.offsetMs(wallMs + DAY_MS);
    const found = [wallMs - beforeMs, wallMs - afterMs]
      .filter((atMs) => this.wallMs(atMs) === wallMs)
      .sort((left, right) => left - right);
    const [firstMs, secondMs] = found;
    if (firstMs === undefined) {
      return { kind: 'gap', earlierMs: wallMs - afterMs, laterMs: wallMs - beforeMs };
    }
    return { kind: 'exact', firstMs, secondMs: secondMs ?? firstMs };
  }

  /** First instant of the local date; where midnight is skipped, the end of the gap. */
  dayStartMs(day: number): EpochMs {
    const instants = this.instantsOf(day * DAY_MS);
    if (instants.kind === 'exact') return instants.firstMs;
    return this.transitionIn(instants.earlierMs, instants.laterMs) ?? instants.laterMs;
  }

  /** The instant in (fromMs, toMs] at which the offset becomes `toMs`'s; null if it never changed. */
  transitionIn(fromMs: EpochMs, toMs: EpochMs): EpochMs | null {
    const endOffsetMs = this.offsetMs(toMs);
    if (this.offsetMs(fromMs) === endOffsetMs) return null;
    let lowMs = fromMs;
    let highMs = toMs;
    while (highMs - lowMs > 1) {
      const middleMs = Math.floor((lowMs + highMs) / 2);
      if (this.#exactOffset(middleMs) === endOffsetMs) highMs = middleMs;
      else lowMs = middleMs;
    }
    return highMs;
  }

  #exactOffset(atMs: EpochMs): number {
    const boundedMs = Math.min(Math.max(atMs, FIRST_MS), LAST_MS);
    return Math.round(this.#zone.offset(boundedMs) * MINUTE_MS);
  }

  #slotOffset(slot: number): number | null {
    const known = this.#slots.get(slot);
    if (known !== undefined) return known;
    const startMs = this.#exactOffset(slot * SLOT_MS);
    const endMs = this.#exactOffset((slot + 1) * SLOT_MS - 1);
    const offset = startMs === endMs ? startMs : null;
    if (this.#slots.size >= MOST_SLOTS) this.#slots.clear();
    this.#slots.set(slot, offset);
    return offset;
  }
}

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/;
const MOST_UNKNOWN = 10_000;

/** Zone clocks by name, made once each. Names come from people's traits, so misses are bounded. */
export class ZoneClocks {
  readonly #clocks = new Map<string, ZoneClock>();
  readonly #unknown = new Set<string>();

  /** The zone's clock, or null where the name is no zone. */
  find(name: string): ZoneClock | null {
    const known = this.#clocks.get(name);
    if (known !== undefined) return known;
    if (name.length > 64 || !ZONE_NAME.test(name) || this.#unknown.has(name)) return null;
    const zone = IANAZone.create(name);
    if (!zone.isValid) {
      if (this.#unknown.size >= MOST_UNKNOWN) this.#unknown.clear();
      this.#unknown.add(name);
      return null;
    }
    const clock = new ZoneClock(zone);
    this.#clocks.set(name, clock);
    return clock;
  }

  /** The zone's clock; a name that is no zone is our bug, since the caller falls back first. */
  get(name: string): ZoneClock {
    const clock = this.find(name);
    assert(clock !== null, 'a zone that isZone accepts');
    return clock;
  }
}
