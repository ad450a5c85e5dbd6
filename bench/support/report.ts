/** A figure of a benchmark; its unit is in its name (`p99_ms`, `mails_per_s`). */
export type Figures = Readonly<Record<string, number | string | boolean>>;

/**
 * Prints a benchmark's result: a table for people, then, as the last line, one JSON object for
 * programs.
 */
export function report(bench: string, figures: Figures): void {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(width)}  ${value}`);
  }
  console.log(JSON.stringify({ bench, ...figures }));
}

/** The value that the given share (0 to 1) of the values does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
