/** A value with a name the compiler checks; at run time it is the bare value. */
export type Brand<Value, Name extends string> = Value & { readonly __brand: Name };

/** Id of a person's golden record. */
export type ProfileId = Brand<string, 'ProfileId'>;
/** Id of a company or household. */
export type AccountId = Brand<string, 'AccountId'>;
/** Id of one run of one profile through one scenario version. */
export type EnrolmentId = Brand<string, 'EnrolmentId'>;
/** `enrolmentId/stepId#visit`: names an effect and is its idempotency key everywhere. */
export type CommandId = Brand<string, 'CommandId'>;
/** Content hash of a compiled scenario version. */
export type DefinitionHash = Brand<string, 'DefinitionHash'>;
/** Milliseconds since 1970-01-01T00:00:00Z, an integer. */
export type EpochMs = number;
