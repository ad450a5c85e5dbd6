import { execFile } from 'node:child_process';
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

async function processes(): Promise<readonly Listed[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,rss=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, rss, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), rssBytes: Number(rss) * 1_024, command }];
  });
}

/** Memory by part of processes and all below them, but for PostgreSQL: Node's and ClickHouse. */
async function rssBelow(pids: ReadonlySet<number>): Promise<Map<string, number>> {
  const all = await processes();
  const sums = new Map<string, number>();
  const add = (of: Listed): void => {
    const part = partOf(of.command);
    if (part === 'postgres') return;
    sums.set(part, (sums.get(part) ?? 0) + of.rssBytes);
    for (const child of all) if (child.parent === of.pid) add(child);
  };
  for (const each of all) if (pids.has(each.pid)) add(each);
  return sums;
}

const totalOf = (sums: ReadonlyMap<string, number>): number =>
  [...sums.values()].reduce((total, bytes) => total + bytes, 0);

/** Samples memory once a second until stopped. */
export interface MemoryWatch {
  /** Counts another process, and those below it, from now on. */
  also(pid: number): void;
  /** Largest sum seen, in MB of 1,048,576 bytes; its parts are printed. */
  stop(): Promise<number>;
}

/** Watches the processes below a pid, that one included. */
export function watchMemory(pid: number): MemoryWatch {
  const pids = new Set([pid]);
  let most: ReadonlyMap<string, number> = new Map();
  const look = async (): Promise<void> => {
    const sums = await rssBelow(pids).catch(() => new Map<string, number>());
    if (totalOf(sums) > totalOf(most)) most = sums;
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  const inMb = (bytes: number): number => Math.round(bytes / BYTES_IN_MB);
  return {
    also: (other) => void pids.add(other),
    stop: async () => {
      clearInterval(timer);
      await look();
      const parts = [...most].map(([part, bytes]) => `${part} ${inMb(bytes)}`);
      console.log(`Memory in MB at its peak: ${parts.join(', ')}`);
      return inMb(totalOf(most));
    },
  };
}
