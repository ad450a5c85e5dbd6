import { EVENT_MAX_BYTES, type CaptureCode } from './rejection.js';

const MAX_LEVELS = 20;
/** JSON may need six bytes for one character; below this the exact size need not be known. */
const SURELY_SMALL_CHARACTERS = Math.floor(EVENT_MAX_BYTES / 6);
/** What a number, a boolean, punctuation may take at most. */
const MEMBER_CHARACTERS = 28;

type Walkable = Record<string, unknown> | unknown[];

interface Walk {
  characters: number;
  refusal: CaptureCode | null;
  /** The text had escapes, so strings may hold what JSON text cannot show raw. */
  readonly hasEscapes: boolean;
}

const isObject = (value: unknown): value is Walkable => typeof value === 'object' && value !== null;

/** PostgreSQL's text knows no NUL, and half a surrogate pair is no character. */
function storable(text: string): string {
  const bare = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
  return bare.isWellFormed() ? bare : bare.toWellFormed();
}

/** Names that could reach the prototype of whatever the value is copied onto. */
function isHostile(key: string, value: unknown): boolean {
  if (key === '__proto__') return true;
  return (key === 'constructor' || key === 'prototype') && isObject(value);
}

function walkMember(holder: Walkable, key: string, level: number, walk: Walk): void {
  const members = holder as Record<string, unknown>;
  const value = members[key];
  if (typeof value === 'string') {
    walk.characters += value.length;
    if (walk.hasEscapes) members[key] = storable(value);
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) walk.refusal ??= 'invalid_number';
  } else if (isObject(value)) {
    walkInto(value, level + 1, walk);
  }
}

function walkInto(value: Walkable, level: number, walk: Walk): void {
  if (level > MAX_LEVELS) {
    walk.refusal ??= 'too_deep';
    return;
  }
  if (Array.isArray(value)) {
    walk.characters += value.length * MEMBER_CHARACTERS;
    for (let index = 0; index < value.length; index += 1) {
      walkMember(value, index as unknown as string, level, walk);
    }
    return;
  }
  for (const given of Object.keys(value)) {
    walk.characters += given.length + MEMBER_CHARACTERS;
    if (isHostile(given, Object.hasOwn(value, given) ? value[given] : undefined)) {
      Reflect.deleteProperty(value, given);
      continue;
    }
    const key = walk.hasEscapes ? storable(given) : given;
    if (key !== given) rename(value, given, key);
    walkMember(value, key, level, walk);
    if (walk.refusal !== null) return;
  }
}

function rename(value: Record<string, unknown>, from: string, to: string): void {
  const member = value[from];
  Reflect.deleteProperty(value, from);
  if (to !== '__proto__' && !Object.hasOwn(value, to)) value[to] = member;
}

/**
 * Makes a parsed message fit to be stored, in place: names that reach a prototype are left out, NUL
 * characters and halves of characters too. Refuses what is nested too deeply, too large, or holds a
 * number that is none. `hasEscapes` false promises that the text held no `\u`.
 */
export function inspect(message: Record<string, unknown>, hasEscapes: boolean): CaptureCode | null {
  const walk: Walk = { characters: 0, refusal: null, hasEscapes };
  walkInto(message, 1, walk);
  if (walk.refusal !== null) return walk.refusal;
  if (walk.characters <= SURELY_SMALL_CHARACTERS) return null;
  return Buffer.byteLength(JSON.stringify(message)) > EVENT_MAX_BYTES ? 'event_too_large' : null;
}
