import { hash } from 'node:crypto';
import { utcDayOf, type RawEvent } from '#libs/contracts';
import {
  readConsent,
  readIds,
  unreadableConsent,
  type RefusedId,
  type UsableId,
} from '#libs/profile';
import type { ConsentStatement } from '#libs/policy';
import { eventKeyOf } from './event-key.js';
import type { EventProbe } from './ports.js';
import type { ProfileSettings } from './settings.js';

/** Why one message cannot be applied: a closed list, the code of its dead letter. */
export type RejectionCode =
  | 'malformed'
  | 'no_identity'
  | 'unknown_profile'
  | 'invalid_consent'
  | 'id_conflict'
  | 'unstorable';

/** A message that cannot be applied, by its place in what was given. */
export interface Rejection {
  readonly index: number;
  readonly code: RejectionCode;
  /** The place in the message, `properties.status`: the same in every language. */
  readonly detail: string;
}

/** A message read: everything that can be known without the store. */
export interface Incoming {
  readonly index: number;
  readonly event: RawEvent;
  readonly eventKey: string;
  readonly bodyHash: string;
  readonly ids: readonly UsableId[];
  readonly refusedIds: readonly RefusedId[];
  readonly isHistorical: boolean;
  readonly consent: ConsentStatement | null;
  /** Places of a stated consent that cannot be read: told once it is known that it may be told. */
  readonly unreadable: readonly string[];
}

/** Name of the event that states a consent. */
export const CONSENT_CHANGED = 'consent_changed';
const LIVE_MS = 24 * 3_600_000;
const DAY_MS = 86_400_000;

/** A live event that comes a day late updates the profile and wakes nothing. */
export function isHistorical(event: RawEvent): boolean {
  return event.historical || event.receivedAtMs - event.atMs > LIVE_MS;
}

/** Members in one order: a client may write the same message with its keys in another. */
function inOrder(map: object | undefined): unknown {
  if (map === undefined) return null;
  return Object.entries(map).sort(([left], [right]) => (left < right ? -1 : 1));
}

// What a repeat of the same message repeats: everything but times of sending and receipt.
function bodyHashOf(event: RawEvent): string {
  const { type, name, ids, traits, account, properties } = event;
  const said = [inOrder(ids), inOrder(traits), account ?? null, inOrder(properties)];
  const at = event.hasTimestamp ? event.originalAtMs : null;
  return hash('md5', JSON.stringify([type, name, at, ...said]), 'hex').slice(0, 15);
}

/** Reads a message; a rejection where it can never be applied. */
export function readIncoming(
  event: RawEvent,
  index: number,
  settings: ProfileSettings,
): Incoming | Rejection {
  const { usable, refused } = readIds(event, settings.rules, settings.normalisePhone);
  const historical = isHistorical(event);
  if (usable.length === 0 && event.profileId === undefined) {
    const why = refused.map(({ ns, reason }) => `ids.${ns}: ${reason}`).join(', ');
    return { index, code: 'no_identity', detail: why === '' ? 'ids' : why };
  }
  const { source, atMs } = event;
  const isConsent = event.name === CONSENT_CHANGED;
  const from = { source, atMs, isBulk: event.historical };
  const consent = isConsent ? readConsent(event.properties, from) : null;
  let bodyHash: string | undefined;
  return {
    index,
    event,
    eventKey: eventKeyOf(event.messageId),
    // Only a store asks for it, to tell a repeat.
    get bodyHash() {
      return (bodyHash ??= bodyHashOf(event));
    },
    ids: usable,
    refusedIds: refused,
    isHistorical: historical,
    consent,
    unreadable: isConsent && consent === null ? unreadableConsent(event.properties) : [],
  };
}

/** Where an event may lie already. Without a timestamp a retry may have been dated the day before. */
export function probeOf({ event, eventKey }: Incoming): EventProbe {
  const { eventDay, hasTimestamp } = event;
  if (hasTimestamp) return { eventKey, days: [eventDay] };
  const yesterday = utcDayOf(dayStartMs(eventDay) - DAY_MS);
  return { eventKey, days: [eventDay, yesterday] };
}

function dayStartMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
