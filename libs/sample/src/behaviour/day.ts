import { hashId, hashUnit, seededRandom, type EpochMs, type Random } from '#libs/kernel';
import { weighted } from '../world/chance.js';
import { HOUR_MS, HOUR_RHYTHM, parisDayStart } from '../world/paris.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { Scribe } from './scribe.js';

/** One person's day while it is being told. */
export interface PersonDay {
  readonly world: World;
  readonly person: Person;
  readonly day: number;
  readonly random: Random;
  readonly scribe: Scribe;
}

/** Opens a person's day; `what` tells apart several stories of one day. */
export function openDay(
  { world, person, day }: Pick<PersonDay, 'world' | 'person' | 'day'>,
  what: string,
  isHistorical: boolean,
): PersonDay {
  const key = [world.seed, what, String(person.index), String(day)];
  const scribe = new Scribe(hashId(...key).slice(0, 20), isHistorical);
  return { world, person, day, random: seededRandom(...key), scribe };
}

/** A moment of the day by the rhythm of the person's own local hours, never before its midnight. */
export function momentOf({ person, day, random }: PersonDay): EpochMs {
  const hour = weighted(random, HOUR_RHYTHM);
  const start = parisDayStart(day);
  const atMs = start + (hour + random()) * HOUR_MS + person.shiftMs;
  // Far from Paris an evening may fall on another date: it is told a day later.
  return Math.floor(atMs < start ? atMs + 24 * HOUR_MS : atMs);
}

/** How much a person wants what lies in a cart: the same draw whatever is sent to them. */
export function wishOf(world: World, key: string): number {
  return hashUnit(world.seed, 'wish', key);
}
