import { setTimeout as delay } from 'node:timers/promises';
import { zoneInTheMorning } from './daytime.js';

/** A message of Segment's protocol. */
export type Message = Readonly<Record<string, unknown>> & { readonly messageId: string };

/** Where events are posted. */
export interface Target {
  readonly url: string;
  readonly writeKey: string;
}

/** How a load is spread. */
export interface Spread {
  /** Events of one request. */
  readonly together: number;
  /** Requests at once. */
  readonly senders: number;
}

const SPREAD: Spread = { together: 200, senders: 4 };
const ANSWER_WITHIN_MS = 15_000;
const AGAIN_AFTER_MS = 200;
const MOST_TRIES = 2_000;

/** The address of a person of a load. */
export const addressOf = (index: number): string => `person-${index}@people.example`;

const timezone = zoneInTheMorning(Date.now());
const stamp = (): string => new Date().toISOString();

/** What the sign-up form tells of a person: an address, and consent to marketing by e-mail. */
export function person(index: number): Message[] {
  const userId = `person-${index}`;
  return [
    {
      type: 'identify',
      messageId: `identify-${index}`,
      userId,
      timestamp: stamp(),
      traits: {
        firstName: 'Camille',
        email: addressOf(index),
        country: 'FR',
        timezone,
      },
    },
    {
      type: 'track',
      messageId: `consent-${index}`,
      event: 'consent_changed',
      userId,
      timestamp: stamp(),
      properties: {
        channel: 'email',
        purpose: 'marketing',
        status: 'granted',
        basis: 'opt_in',
        proof: 'form 2026-03, box ticked',
      },
    },
  ];
}

/** One event of a person. */
export function event(
  name: string,
  index: number,
  properties: Readonly<Record<string, unknown>> = {},
): Message {
  return {
    type: 'track',
    messageId: `${name}-${index}`,
    event: name,
    userId: `person-${index}`,
    timestamp: stamp(),
    properties,
  };
}

/** Posts one batch; true when every event of it was accepted. Rejects where nobody answers. */
export async function post(target: Target, batch: readonly Message[]): Promise<boolean> {
  const response = await fetch(`${target.url}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${target.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch, sentAt: stamp() }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const body = (await response.json()) as { success?: boolean };
  if (response.status === 200 && body.success !== true) {
    throw new RefusedError(JSON.stringify(body).slice(0, 500));
  }
  return response.status === 200;
}

/** Events of a load were refused for good: the load is wrong, sending again does not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Posts all events, each batch again until it is accepted; answers how many tries failed. */
export async function postAll(
  target: Target,
  events: readonly Message[],
  spread: Spread = SPREAD,
): Promise<number> {
  let next = 0;
  let failures = 0;
  const send = async (): Promise<void> => {
    while (next < events.length) {
      const batch = events.slice(next, next + spread.together);
      next += spread.together;
      failures += await postUntilTaken(target, batch);
    }
  };
  await Promise.all(Array.from({ length: spread.senders }, send));
  return failures;
}

async function postUntilTaken(target: Target, batch: readonly Message[]): Promise<number> {
  for (let failures = 0; ; failures += 1) {
    try {
      if (await post(target, batch)) return failures;
    } catch (error) {
      if (error instanceof RefusedError || failures >= MOST_TRIES) throw error;
    }
    await delay(AGAIN_AFTER_MS);
  }
}
