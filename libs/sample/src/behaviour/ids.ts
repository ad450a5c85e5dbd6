import { hashId } from '#libs/kernel';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';

const DEVICE_DAYS = 200;

/** Whether the person has an account on the shop's site; the others order as guests. */
export function hasLogin(person: Person): boolean {
  return person.index % 10 !== 0;
}

/** The id that the person's browser goes by; a new device every 200 days or so. */
export function deviceOf(world: World, person: Person, day: number): string {
  const slot = Math.floor((day + person.index * 31) / DEVICE_DAYS);
  return `web-${hashId(world.seed, 'device', String(person.index), String(slot)).slice(0, 16)}`;
}

/** Ids of a visit: the device, and the login where there is one. */
export function visitIds(device: string, person: Person, isSignedIn: boolean) {
  return isSignedIn && hasLogin(person)
    ? { anonymous_id: device, user_id: person.userId }
    : { anonymous_id: device };
}
