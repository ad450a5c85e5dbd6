import type { ParseArgsOptionDescriptor } from 'node:util';
import type { Locale, LocalText } from '#libs/kernel';
import type { ExitCode } from './cli-error.js';
import type { Terminal } from './terminal.js';

/** An option of a command. */
export interface OptionSpec extends ParseArgsOptionDescriptor {
  /** What stands for its value in the help: `FILE`. */
  readonly value?: string;
  readonly meaning: LocalText;
}

/** What a command is run with. */
export interface Run {
  readonly args: readonly string[];
  readonly options: Readonly<
    Record<string, string | boolean | readonly (string | boolean)[] | undefined>
  >;
  readonly terminal: Terminal;
  readonly locale: Locale;
  readonly isJson: boolean;
}

/** A command of the CLI. */
export interface Command {
  /** As typed after `relance NAME`: `orders|profiles FILE --mapping FILE`. */
  readonly usage: string;
  readonly about: LocalText;
  readonly example: string;
  /** Fewest and most words after the name. */
  readonly words: readonly [number, number];
  readonly options?: Readonly<Record<string, OptionSpec>>;
  readonly run: (run: Run) => Promise<ExitCode>;
}

/** A text option; undefined where it is not given. */
export function textOption({ options }: Run, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Values of an option that may be given several times. */
export function listOption({ options }: Run, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
