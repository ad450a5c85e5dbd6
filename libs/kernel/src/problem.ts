import type { LocalText } from './locale.js';

/** Where in a file: 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A numbered problem a person can act on, in both languages. */
export interface Problem {
  /** `RLN-1203`; one documentation page each. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: LocalText;
  /** What to do about it. */
  readonly hint?: LocalText;
  readonly place?: Place;
}
