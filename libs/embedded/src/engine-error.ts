import type { LocalText } from '#libs/kernel';

/** Why an embedded engine could not be had; closed list. */
export type EngineErrorCode =
  | 'binaries_missing'
  | 'no_account'
  | 'data_unusable'
  | 'initialise_failed'
  | 'start_failed'
  | 'not_ready';

/**
 * An embedded engine could not be prepared or started. `text` says it to a person in both
 * languages; `retryable` is true where trying again without a change may work.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    readonly code: EngineErrorCode,
    readonly text: LocalText,
    readonly retryable: boolean = false,
    options?: { readonly cause?: unknown },
  ) {
    super(text['en'] ?? code, options);
  }
}
