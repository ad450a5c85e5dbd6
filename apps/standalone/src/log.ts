import { localised, type Locale, type LocalText } from '#libs/kernel';
import type { LogLevel } from '#libs/config';

/** Where the supervisor and its parts write what they do. */
export interface Log {
  /** For people, on stdout: addresses and what to do. */
  say(text: LocalText): void;
  info(role: string, text: LocalText): void;
  error(role: string, text: LocalText): void;
  /** A line that a part wrote: JSON, or whatever a library wrote. */
  line(role: string, line: string): void;
}

/** What the log needs of the process. */
export interface LogOutput {
  readonly locale: Locale;
  readonly level: LogLevel;
  /** True: someone reads a terminal, so lines are made readable; else they are JSON. */
  readonly readable: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly nowMs: () => number;
}

const RANKS = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;
const HIDDEN = new Set(['level', 'time', 'msg', 'message', 'role', 'pid', 'hostname']);

interface Entry {
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly [field: string]: unknown;
}

const timeOfDay = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 8);
const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function readableLine(role: string, entry: Entry, atMs: number): string {
  const message = shown(entry['msg'] ?? entry['message'] ?? '');
  const fields = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => ` ${name}=${shown(value)}`)
    .join('');
  const level = entry.level === 'info' ? '' : `${entry.level.toUpperCase()} `;
  return `${timeOfDay(atMs)} ${role.padEnd(10)} ${level}${message}${fields}`;
}

// Numbers are what pino-like loggers write.
function levelOf(level: unknown): Entry['level'] {
  if (typeof level === 'number') {
    if (level >= 50) return 'error';
    if (level >= 40) return 'warn';
    return level >= 30 ? 'info' : 'debug';
  }
  return level === 'debug' || level === 'warn' || level === 'error' ? level : 'info';
}

function parse(line: string): Entry {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ...value, level: levelOf('level' in value ? value.level : undefined) };
    }
  } catch {
    // Not ours: a library wrote plain text.
  }
  return { level: 'info', msg: line };
}

/** The supervisor's log: one line an entry, on stderr, JSON or readable. */
export function createLog(output: LogOutput): Log {
  const { locale, level, readable, out, err, nowMs } = output;
  const write = (role: string, entry: Entry): void => {
    if (RANKS[entry.level] < RANKS[level]) return;
    const time = typeof entry['time'] === 'number' ? entry['time'] : nowMs();
    if (readable) err(`${readableLine(role, entry, time)}\n`);
    else err(`${JSON.stringify({ ...entry, time, role })}\n`);
  };
  return {
    say: (text) => out(`${localised(text, locale)}\n`),
    info: (role, text) => write(role, { level: 'info', msg: localised(text, locale) }),
    error: (role, text) => write(role, { level: 'error', msg: localised(text, locale) }),
    line: (role, line) => {
      if (line.trim() !== '') write(role, parse(line));
    },
  };
}
