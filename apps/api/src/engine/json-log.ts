import type { LogLevel } from '#libs/config';

type Level = Exclude<LogLevel, 'silent'>;
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

const RANKS = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

/** This process's log: JSON lines, which the supervisor makes readable where a person reads. */
export interface JsonLog {
  debug(msg: string, fields?: Fields): void;
  info(msg: string, fields?: Fields): void;
  warn(msg: string, fields?: Fields): void;
  error(msg: string, fields?: Fields): void;
}

/** Writes JSON lines of at least this level. */
export function createJsonLog(
  level: LogLevel,
  write: (line: string) => void,
  wallMs: () => number = Date.now,
): JsonLog {
  const at =
    (own: Level) =>
    (msg: string, fields: Fields = {}): void => {
      if (RANKS[own] < RANKS[level]) return;
      write(`${JSON.stringify({ level: own, time: wallMs(), msg, ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/**
 * What may be said of a fault: its class, its code and where it came from. Never its message: that
 * of a database or a parser may quote what a person wrote.
 */
export function faultFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { fault: typeof error };
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    fault: error.name,
    code: typeof code === 'string' ? code : undefined,
    at: frames
      .slice(0, 4)
      .map((line) => line.trim())
      .join(' | '),
  };
}
