import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of processor by part of the product, user and system together. */
export type ProcessorSeconds = Readonly<Record<string, number>>;

interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly part: string;
  readonly seconds: number;
}

// Linux counts in ticks of a hundredth, whatever the kernel's own.
const TICKS_A_SECOND = 100;

/** Which part of the product a command line runs. */
export function partOf(command: string): string {
  if (/(^|\/)postgres(:|\s|$)/.test(command)) return 'postgres';
  return (
    /apps\/(\w+)\//.exec(command)?.[1] ?? (/clickhouse/.test(command) ? 'clickhouse' : 'bench')
  );
}

function read(pid: number): Seen | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name (field 2) is in parentheses and may hold spaces, so fields count from the last ')'.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // With what its ended children took: a connection's process may be gone at the second look.
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
    return { pid, parent: fields[1] ?? 0, part: partOf(command), seconds: ticks / TICKS_A_SECOND };
  } catch {
    return null;
  }
}

/**
 * What the processes below a pid, that one included, have taken since they started. Empty where the
 * system does not tell as Linux does.
 */
export function processorSeconds(pid: number): ProcessorSeconds {
  let pids: readonly number[];
  try {
    pids = readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  } catch {
    return {};
  }
  const seen = pids.map(read).filter((each) => each !== null);
  const sums: Record<string, number> = {};
  const add = (of: Seen): void => {
    sums[of.part] = (sums[of.part] ?? 0) + of.seconds;
    for (const child of seen) if (child.parent === of.pid) add(child);
  };
  const root = seen.find((each) => each.pid === pid);
  if (root !== undefined) add(root);
  return sums;
}

/** What was taken between two looks, rounded to hundredths. */
export function processorBetween(
  before: ProcessorSeconds,
  after: ProcessorSeconds,
): ProcessorSeconds {
  return Object.fromEntries(
    Object.entries(after).map(([part, seconds]) => [
      part,
      Math.round((seconds - (before[part] ?? 0)) * 100) / 100,
    ]),
  );
}
