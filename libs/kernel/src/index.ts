export type {
  AccountId,
  Brand,
  CommandId,
  DefinitionHash,
  EnrolmentId,
  EpochMs,
  ProfileId,
} from './brand.js';
export { fail, ok, type Result } from './result.js';
export { assert, InvariantError, present, unreachable } from './assert.js';
export { canonicalJson, ownMember, type Json, type JsonObject } from './json.js';
export {
  base32,
  contentHash,
  hash32,
  hashBytes,
  hashId,
  hashUnit,
  hashUuid,
  keyHash,
  partOf,
} from './hash.js';
export { seededRandom, type Random } from './random.js';
export { durationMs, formatDuration, msOf, parseDuration, type Duration } from './duration.js';
export type { Clock } from './clock.js';
export { localised, type LocalText, type Locale } from './locale.js';
export { fromUnits, toUnits } from './decimal.js';
export { type Problem, type Place } from './problem.js';
