import { availableParallelism, loadavg } from 'node:os';
import { report, type Figures } from '../support/report.js';

/** Registers what is undone at the end, last first, whatever happened. */
export type After = (undo: () => unknown) => void;

/** Share of the processors that others may take before a figure is called an indication. */
const BUSY_SHARE = 0.25;

/**
 * Runs a benchmark: notes how busy the machine is before, undoes everything after (also on Ctrl-C),
 * and prints the figures, as a table and as one line of JSON.
 */
export async function measure(
  bench: string,
  work: (after: After) => Promise<Figures>,
): Promise<void> {
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  const processors = availableParallelism();
  const undos: (() => unknown)[] = [];
  const undoAll = async (): Promise<void> => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo();
  };
  const stop = (): void => {
    void undoAll().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  let figures: Figures;
  try {
    figures = await work((undo) => undos.push(undo));
  } finally {
    await undoAll();
  }
  const isBusy = loadBefore > processors * BUSY_SHARE;
  if (isBusy) {
    console.log(
      `The machine was busy before: load ${loadBefore} on ${processors} processors. ` +
        'These figures are an indication, not a measurement.',
    );
  }
  report(bench, { ...figures, load_before: loadBefore, processors, busy_before: isBusy });
}

/** Rounds to so many decimals. */
export function rounded(value: number, decimals = 0): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** A number of the command line; `fallback` where it was not given. Refuses what is none. */
export function countOf(text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`not a count: ${text}`);
  return value;
}
