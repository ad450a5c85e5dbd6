import type { LocalText } from '#libs/kernel';

/** Exit codes that programs rely on. */
export const EXIT = { done: 0, problems: 1, misuse: 2, unreachable: 3 } as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a person can mend, told without a stack trace: what happened, and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly retryable = false;

  constructor(
    readonly exitCode: Exclude<ExitCode, 0>,
    readonly text: LocalText,
    readonly hint?: LocalText,
    /** `RLN-2103`, where the engine gave one. */
    readonly code?: string,
  ) {
    super(text['en'] ?? '');
  }
}

/** The command was not written as it must be. */
export function misuse(fr: string, en: string, hint?: LocalText): CliError {
  return new CliError(EXIT.misuse, { fr, en }, hint);
}

/** It was understood, and something is not right. */
export function problem(fr: string, en: string, hint?: LocalText): CliError {
  return new CliError(EXIT.problems, { fr, en }, hint);
}
