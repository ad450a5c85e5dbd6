import { localised, type Locale, type LocalText } from '#libs/kernel';

/** Where a command writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Somebody reads stderr on a terminal. */
  readonly isTerminal: boolean;
  /** Monotonic. */
  readonly elapsedMs: () => number;
}

/**
 * What a command says. With `--json` stdout holds one document and nothing else; what is meant for
 * people then goes to stderr.
 */
export class Terminal {
  constructor(
    readonly streams: Streams,
    private readonly locale: Locale,
    private readonly isJson: boolean,
  ) {}

  /** A line of the answer. */
  print(line: string): void {
    if (!this.isJson) this.streams.out(`${line}\n`);
  }

  /** A line about the work, for people. */
  say(text: LocalText | string): void {
    const line = typeof text === 'string' ? text : localised(text, this.locale);
    this.streams.err(`${line}\n`);
  }

  /** The answer for programs; called once a run. */
  json(document: unknown): void {
    if (this.isJson) this.streams.out(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** Columns padded to their widest cell, at most 60 characters each. */
  table(rows: readonly (readonly string[])[]): void {
    const widths: number[] = [];
    const cut = rows.map((row) =>
      row.map((cell) => (cell.length > 60 ? `${cell.slice(0, 59)}…` : cell)),
    );
    for (const row of cut) {
      row.forEach((cell, index) => {
        widths[index] = Math.max(widths[index] ?? 0, cell.length);
      });
    }
    for (const row of cut) {
      this.print(
        row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    }
  }
}
