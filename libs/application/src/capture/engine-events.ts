import { utcDayOf, logKeyOf, type RawEvent } from '#libs/contracts';
import type { EpochMs, JsonObject, ProfileId } from '#libs/kernel';
import type { EventLog } from '../log/event-log.js';
import type { Tx } from '../ports/transaction.js';

/** Something the engine tells of a person, through the same door as everybody's events. */
export interface EngineEvent {
  /** Its idempotency key. */
  readonly messageId: string;
  readonly name: string;
  /** Of whom: a profile, or an id where nobody knows the profile here. */
  readonly about:
    { readonly profileId: ProfileId } | { readonly ids: Readonly<Record<string, string>> };
  readonly atMs: EpochMs;
  readonly properties: JsonObject;
  /** Of consent: who said so, as the consent ledger names it; the engine itself by default. */
  readonly source?: string;
  /** Stored and flagged; feeds no profile and wakes nothing. */
  readonly isBot?: boolean;
  readonly isSample: boolean;
}

/** The event as the log carries it. */
export function engineEvent(event: EngineEvent): RawEvent {
  const { atMs, about } = event;
  return {
    messageId: event.messageId,
    type: 'engine',
    name: event.name,
    source: event.source ?? 'relance',
    ids: 'ids' in about ? { ...about.ids } : {},
    properties: event.properties,
    atMs,
    originalAtMs: atMs,
    receivedAtMs: atMs,
    // Dated by the engine's own instant, so that a repeat under the same id is told as one.
    hasTimestamp: true,
    eventDay: utcDayOf(atMs),
    historical: false,
    ...('profileId' in about ? { profileId: about.profileId } : {}),
    ...(event.isBot === true ? { isBot: true } : {}),
    ...(event.isSample ? { sample: true } : {}),
  };
}

/** Appends events of the engine in the transaction of their effect. */
export async function appendEngineEvents(
  log: EventLog,
  tx: Tx,
  events: readonly EngineEvent[],
): Promise<void> {
  const records = events.map((event) => {
    const value = engineEvent(event);
    return { key: logKeyOf(value), value: value as unknown as JsonObject };
  });
  await log.appendWith(tx, 'events.raw', records);
}
