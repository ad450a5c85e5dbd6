import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { partOf } from './processor.js';

const run = promisify(execFile);
const EVERY_MS = 1_000;
const BYTES_IN_MB = 1_048_576;

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly rssBytes: number;
  readonly command: string;
}

/** Memory of a part: resident, and with pages that several processes share counted once. */
interface Held {
  readonly rssBytes: number;
  readonly ownBytes: number;
}

/** Largest memory seen, in MB of 1,048,576 bytes. */
export interface PeakMemory {
  /** Sum over processes; what several share, such as Node's own code, counts in each. */
  readonly rssMb: number;
  /** What the processes hold together; 0 where the system does not tell. */
  readonly ownMb: number;
}

async function processes(): Promise<readonly Listed[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,rss=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, rss, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), rssBytes: Number(rss) * 1_024, command }];
  });
}

/** Proportional share of a process in the pages that it maps; 0 where the system does not tell. */
function ownBytesOf(pid: number): number {
  try {
    const told = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(told)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

/** Memory by part of processes and all below them, but for PostgreSQL: Node's and ClickHouse. */
async function heldBelow(pids: ReadonlySet<number>): Promise<Map<string, Held>> {
  const all = await processes();
  const sums = new Map<string, Held>();
  const add = (of: Listed): void => {
    const part = partOf(of.command);
    if (part === 'postgres') return;
    const { rssBytes, ownBytes } = sums.get(part) ?? { rssBytes: 0, ownBytes: 0 };
    sums.set(part, {
      rssBytes: rssBytes + of.rssBytes,
      ownBytes: ownBytes + ownBytesOf(of.pid),
    });
    for (const child of all) if (child.parent === of.pid) add(child);
  };
  for (const each of all) if (pids.has(each.pid)) add(each);
  return sums;
}

const totalOf = (sums: ReadonlyMap<string, Held>, of: keyof Held): number =>
  [...sums.values()].reduce((total, held) => total + held[of], 0);

/** Samples memory once a second until stopped. */
export interface MemoryWatch {
  /** Counts another process, and those below it, from now on. */
  also(pid: number): void;
  /** The moment of the largest sum; its parts are printed. */
  stop(): Promise<PeakMemory>;
}

/** Watches the processes below a pid, that one included. */
export function watchMemory(pid: number): MemoryWatch {
  const pids = new Set([pid]);
  let most: ReadonlyMap<string, Held> = new Map();
  const look = async (): Promise<void> => {
    const sums = await heldBelow(pids).catch(() => new Map<string, Held>());
    if (totalOf(sums, 'rssBytes') > totalOf(most, 'rssBytes')) most = sums;
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  const inMb = (bytes: number): number => Math.round(bytes / BYTES_IN_MB);
  return {
    also: (other) => void pids.add(other),
    stop: async () => {
      clearInterval(timer);
      await look();
      const parts = [...most].map(
        ([part, { rssBytes, ownBytes }]) => `${part} ${inMb(rssBytes)} (${inMb(ownBytes)})`,
      );
      console.log(`Memory in MB at its peak (shared pages counted once): ${parts.join(', ')}`);
      return { rssMb: inMb(totalOf(most, 'rssBytes')), ownMb: inMb(totalOf(most, 'ownBytes')) };
    },
  };
}
