import { fail, ok, type EpochMs, type Result } from '#libs/kernel';
import { foldName, utcDayOf, type RawEvent } from '#libs/contracts';
import { contextOf, isMap } from './context.js';
import { accountIdsOf, idsOf } from './ids.js';
import { inspect } from './inspect.js';
import type { CaptureCode } from './rejection.js';
import { correctedMs, readInstant, type Receipt } from './times.js';

/** What is known of a message beside what it says. */
export interface CaptureFacts extends Receipt {
  /** Id of the source in `profile.yaml`. */
  readonly source: string;
  /** By an API key: may vouch for ids, mark as historical or sample, and use reserved names. */
  readonly isProgram: boolean;
  /** When the client sent it, by its own clock; of the batch, else of the message. */
  readonly sentAtMs: EpochMs | null;
  /** Of the whole request; a message may say so itself. */
  readonly isHistorical: boolean;
  /** False: the request's text held no `\u`, so no text in it needs a look. */
  readonly hasEscapes: boolean;
  /** Address of a browser; undefined for servers, whose own address says nothing of a person. */
  readonly remoteIp: string | undefined;
  readonly isBot: (userAgent: string) => boolean;
  /** A new message id, for a message without one. */
  readonly newId: () => string;
}

type Message = Readonly<Record<string, unknown>>;
type Type = Exclude<RawEvent['type'], 'engine'>;

const TYPES: ReadonlySet<unknown> = new Set<Type>([
  'track',
  'identify',
  'page',
  'screen',
  'group',
  'alias',
]);
const MAX_NAME = 256;
const MAX_MESSAGE_ID = 256;
const RESERVED = /^relance(?:_|$)/;
const NOTHING: Message = Object.freeze({});
const FOLDED_MAX = 5_000;
const folded = new Map<string, string>();

/** Names are few and come again and again. */
function fold(original: string): string {
  const known = folded.get(original);
  if (known !== undefined) return known;
  const name = foldName(original);
  if (folded.size >= FOLDED_MAX) folded.clear();
  folded.set(original, name);
  return name;
}

/**
 * One message of Segment's protocol as the log carries it, or why it is refused. Takes the message
 * over: it may be changed in place. Without a message id it is given one, and a repeat of it counts
 * again. Deterministic but for that id.
 */
export function normaliseMessage(
  given: unknown,
  facts: CaptureFacts,
): Result<RawEvent, CaptureCode> {
  if (!isMap(given)) return fail('not_an_object');
  const refusal = inspect(given, facts.hasEscapes);
  if (refusal !== null) return fail(refusal);
  const type = given['type'] as Type;
  if (!TYPES.has(type)) return fail('invalid_type');
  const named = nameOf(given, type, facts.isProgram);
  if (!named.ok) return named;
  const messageId = messageIdOf(given['messageId'], facts.newId);
  if (messageId === null) return fail('invalid_message_id');
  const said = partsOf(given);
  if (!said.ok) return said;
  const ids = idsOf(given, said.value);
  if (ids === null) return fail('invalid_identity');
  if (Object.keys(ids).length === 0) return fail('no_identity');
  const stamped = given['timestamp'] ?? given['originalTimestamp'] ?? null;
  const originalAtMs = stamped === null ? null : readInstant(stamped);
  if (stamped !== null && originalAtMs === null) return fail('invalid_timestamp');
  const event: Building = {
    messageId,
    type,
    name: named.value.name,
    ...(named.value.originalName === undefined ? {} : { originalName: named.value.originalName }),
    source: facts.source,
    ids,
    properties: propertiesOf(given, type, said.value.properties),
    ...timesOf(given, originalAtMs, facts),
  };
  return finish(event, given, { ...said.value, facts });
}

type Building = { -readonly [Key in keyof RawEvent]: RawEvent[Key] };

interface Parts {
  readonly properties: Message;
  readonly traits: Message | undefined;
  readonly context: Message;
}

/** The three maps a message is made of; absent and null are the same. */
function partsOf(message: Message): Result<Parts, CaptureCode> {
  const properties = message['properties'] ?? NOTHING;
  if (!isMap(properties)) return fail('invalid_properties');
  const context = isMap(message['context']) ? message['context'] : NOTHING;
  const traits = message['traits'] ?? context['traits'] ?? undefined;
  if (traits !== undefined && !isMap(traits)) return fail('invalid_traits');
  return ok({ properties, traits, context });
}

function nameOf(
  message: Message,
  type: Type,
  mayUseReserved: boolean,
): Result<{ name: string; originalName?: string }, CaptureCode> {
  if (type !== 'track') return ok({ name: type });
  const original = message['event'];
  if (typeof original !== 'string' || original.length > MAX_NAME) return fail('invalid_name');
  const name = fold(original);
  if (name === '') return fail('invalid_name');
  if (!mayUseReserved && RESERVED.test(name)) return fail('reserved_name');
  return ok(name === original ? { name } : { name, originalName: original });
}

function messageIdOf(given: unknown, newId: () => string): string | null {
  if (given === undefined || given === null || given === '') return newId();
  if (typeof given === 'number' && Number.isFinite(given)) return String(given);
  return typeof given === 'string' && given.length <= MAX_MESSAGE_ID ? given : null;
}

/** Of a view, its name and category are properties like the others. */
function propertiesOf(message: Message, type: Type, properties: Message): Record<string, unknown> {
  if (type !== 'page' && type !== 'screen') return properties;
  const { name, category } = message;
  return {
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(typeof category === 'string' && category !== '' ? { category } : {}),
    ...properties,
  };
}

type Times = Pick<
  RawEvent,
  'atMs' | 'originalAtMs' | 'receivedAtMs' | 'hasTimestamp' | 'eventDay' | 'historical'
>;

function timesOf(message: Message, originalAtMs: EpochMs | null, facts: CaptureFacts): Times {
  const historical = facts.isHistorical || (facts.isProgram && message['historical'] === true);
  const sentAtMs = facts.sentAtMs ?? readInstant(message['sentAt']);
  return {
    atMs: correctedMs(originalAtMs, sentAtMs, facts, historical),
    originalAtMs: originalAtMs ?? facts.receivedAtMs,
    receivedAtMs: facts.receivedAtMs,
    hasTimestamp: originalAtMs !== null,
    eventDay: utcDayOf(originalAtMs ?? facts.wallMs),
    historical,
  };
}

function finish(
  event: Building,
  message: Message,
  { traits, context, facts }: Parts & { readonly facts: CaptureFacts },
): Result<RawEvent, CaptureCode> {
  if (event.type === 'group') {
    const ids = accountIdsOf(message, traits);
    if (ids === null) return fail('invalid_identity');
    event.account = { ids, ...(traits === undefined ? {} : { traits }) };
  } else if (traits !== undefined) event.traits = traits;
  const kept = contextOf(context, facts.remoteIp);
  if (kept !== undefined) event.context = kept;
  if (kept?.userAgent !== undefined && facts.isBot(kept.userAgent)) event.isBot = true;
  if (!facts.isProgram) return ok(event);
  const { verified, sample } = message;
  if (Array.isArray(verified)) {
    event.verified = verified.filter((ns) => typeof ns === 'string').slice(0, 20);
  }
  if (sample === true) event.sample = true;
  return ok(event);
}
