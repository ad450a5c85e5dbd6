import { hashUuid, type EpochMs, type Json } from '#libs/kernel';
import { rawEventIssues } from '#libs/contracts';
import type { LogRecord } from '../log/event-log.js';
import type { DeadLetter } from './ports.js';

const MOST_PLACES = 5;
const DEEPEST = 100;
const MOST_DETAIL = 500;

/** Where a value is no message of this version: the same in every language. */
export function malformedPlaces(value: Json): string {
  const paths = new Set(rawEventIssues(value).map(({ path }) => path));
  return [...paths].slice(0, MOST_PLACES).join(', ');
}

/** Why a message could not be kept: the place of a NUL, else what the store said. */
export function unstorableDetail(value: Json, error: unknown): string {
  const place = nulPlace(value, '', 0);
  if (place !== null) return place;
  return error instanceof Error ? error.message.slice(0, MOST_DETAIL) : 'unknown';
}

/** Place of the first NUL, which PostgreSQL's JSON cannot hold; null without one. */
function nulPlace(value: Json, path: string, depth: number): string | null {
  if (typeof value === 'string') return value.includes('\u0000') ? path : null;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null;
  for (const [name, member] of Object.entries<Json>(value)) {
    const here = path === '' ? name : `${path}.${name}`;
    const found = name.includes('\u0000') ? here : nulPlace(member, here, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function memberOf(value: Json, name: string): string {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const member = isMap ? (value as Readonly<Record<string, Json>>)[name] : undefined;
  return typeof member === 'string' ? member : '';
}

/** The letter of a message; the same message gives the same letter, however often it fails. */
export function letterOf(
  record: LogRecord,
  why: { readonly code: string; readonly detail: string; readonly firstAtMs: EpochMs },
): DeadLetter {
  const raw = JSON.stringify(record.value);
  const messageId = memberOf(record.value, 'messageId');
  return {
    id: hashUuid('dead-letter', messageId === '' ? raw : messageId, why.code, raw),
    source: memberOf(record.value, 'source'),
    stage: 'profile',
    code: why.code,
    detail: why.detail,
    topic: record.topic,
    key: record.key,
    raw,
    firstAtMs: why.firstAtMs,
    attempts: 1,
    state: 'open',
    correction: null,
  };
}
