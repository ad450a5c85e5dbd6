import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

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

/** Memory of a process and all below it, but for PostgreSQL: the Node processes and ClickHouse. */
async function rssBelow(pid: number): Promise<number> {
  const all = await processes();
  const isPostgres = ({ command }: Listed): boolean => /(^|\/)postgres(:|\s|$)/.test(command);
  const sum = (of: number): number =>
    all
      .filter((each) => each.parent === of && !isPostgres(each))
      .reduce((total, each) => total + each.rssBytes + sum(each.pid), 0);
  return sum(pid) + (all.find((each) => each.pid === pid)?.rssBytes ?? 0);
}

/** Samples memory once a second until stopped. */
export interface MemoryWatch {
  /** Largest sum seen, in MB of 1,048,576 bytes. */
  stop(): Promise<number>;
}

/** Watches the processes below a pid, that one included. */
export function watchMemory(pid: number): MemoryWatch {
  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, await rssBelow(pid).catch(() => 0));
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return Math.round(most / BYTES_IN_MB);
    },
  };
}
