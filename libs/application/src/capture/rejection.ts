/** Why one event of a request was refused; a closed list, told to the caller in the 200 body. */
export type CaptureCode =
  /** Not a JSON object. */
  | 'not_an_object'
  /** `type` is none of the six calls. */
  | 'invalid_type'
  /** `event` is missing, not a text, too long, or nothing but punctuation. */
  | 'invalid_name'
  /** Names that begin with `relance_` are the engine's own. */
  | 'reserved_name'
  /** Neither a user, an anonymous nor another id. */
  | 'no_identity'
  /** An id that is no text or number, too long, or holds a NUL character. */
  | 'invalid_identity'
  /** `messageId` is no text or longer than 256 characters. */
  | 'invalid_message_id'
  /** Not an ISO 8601 instant, or outside the years 1970 to 2100. */
  | 'invalid_timestamp'
  /** `properties` is no object. */
  | 'invalid_properties'
  /** `traits` is no object. */
  | 'invalid_traits'
  /** A number too great to be one. */
  | 'invalid_number'
  /** Nested more than 20 levels. */
  | 'too_deep'
  /** More than 32 KB. */
  | 'event_too_large';

/** Largest event, in bytes of its JSON. */
export const EVENT_MAX_BYTES = 32 * 1024;
/** Most events of one request. */
export const BATCH_MAX_EVENTS = 2_500;
/** Largest request as sent; a compressed one may be `INFLATED_MAX_BYTES` when opened. */
export const BODY_MAX_BYTES = 500_000;
/** Largest request once decompressed. */
export const INFLATED_MAX_BYTES = 4 * 1024 * 1024;
