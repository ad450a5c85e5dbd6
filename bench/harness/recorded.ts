import type { RawEvent } from '#libs/contracts';
import { seededRandom, type Random } from '#libs/kernel';

const DAY_MS = 86_400_000;
const PAGE = 5_000;

/** How much happened, and since when. */
export interface Recording {
  readonly people: number;
  readonly events: number;
  readonly fromMs: number;
  readonly days: number;
}

/** What people of a shop do, by how often. */
const DEEDS: readonly (readonly [share: number, name: string])[] = [
  [0.7, 'page_viewed'],
  [0.88, 'product_viewed'],
  [0.93, 'cart_updated'],
  [0.96, 'cart_viewed'],
  [0.985, 'order_completed'],
  [0.997, 'signed_up'],
  [1, 'complaint_opened'],
];

/** A shop's past, in the order of time: people become known before, then do what people do. */
export function* recordedEvents(recording: Recording): Generator<readonly RawEvent[]> {
  const { people, events, fromMs, days } = recording;
  const random = seededRandom('recorded events');
  let page: RawEvent[] = [];
  for (let person = 0; person < people; person += 1) {
    page.push(...known(person, fromMs - DAY_MS));
    if (page.length >= PAGE) yield page.splice(0);
  }
  yield page;
  page = [];
  const stepMs = (days * DAY_MS) / events;
  for (let index = 0; index < events; index += 1) {
    page.push(deed(index, Math.floor(fromMs + index * stepMs), { random, people }));
    if (page.length >= PAGE) yield page.splice(0);
  }
  yield page;
}

function known(person: number, atMs: number): readonly RawEvent[] {
  const about = { profileId: `p${person}`, atMs };
  const traits = { firstName: 'Camille', email: `p${person}@example.test`, country: 'FR' };
  const consent = { channel: 'email', purpose: 'marketing', status: 'granted', basis: 'opt_in' };
  return [
    { ...event({ ...about, id: `i${person}`, name: 'identify' }), traits },
    event({
      ...about,
      id: `c${person}`,
      name: 'consent_changed',
      properties: { ...consent, proof: 'form' },
    }),
  ];
}

function deed(
  index: number,
  atMs: number,
  { random, people }: { readonly random: Random; readonly people: number },
): RawEvent {
  const draw = random();
  const name = DEEDS.find(([share]) => draw < share)?.[1] ?? 'page_viewed';
  const person = Math.floor(random() * people);
  const total = Math.round(random() * 20_000) / 100;
  const properties = {
    cart_id: `c${person}-${Math.floor(index / 1_000)}`,
    order_id: `o${index}`,
    total,
    path: '/lamps',
    product_id: 'lamp',
  };
  return event({ id: `e${index}`, profileId: `p${person}`, atMs, name, properties });
}

function event(given: {
  readonly id: string;
  readonly profileId: string;
  readonly atMs: number;
  readonly name: string;
  readonly properties?: RawEvent['properties'];
}): RawEvent {
  const { id, profileId, atMs, name, properties = {} } = given;
  return {
    messageId: id,
    type: name === 'identify' ? 'identify' : 'track',
    name,
    source: 'form',
    ids: {},
    properties,
    atMs,
    originalAtMs: atMs,
    receivedAtMs: atMs,
    hasTimestamp: true,
    eventDay: new Date(atMs).toISOString().slice(0, 10),
    historical: false,
    profileId,
  };
}
