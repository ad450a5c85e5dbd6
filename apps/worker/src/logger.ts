import type { LogLevel } from '#libs/config';
import type { LoggerService } from '@nestjs/common';

const RANKS = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

/** One JSON line an entry on stderr: the supervisor makes it readable where somebody reads. */
export function jsonLogger(level: LogLevel): LoggerService {
  const write = (at: Exclude<LogLevel, 'silent'>, message: unknown, context?: unknown): void => {
    if (RANKS[at] < RANKS[level]) return;
    const where = typeof context === 'string' ? { context } : {};
    const entry = { level: at, time: Date.now(), msg: String(message), ...where };
    process.stderr.write(`${JSON.stringify(entry)}\n`);
  };
  return {
    // The framework's own start-up talk is of use to developers only.
    log: (message: unknown, context?: unknown) =>
      write(context === 'relance' ? 'info' : 'debug', message, context),
    error: (message: unknown, context?: unknown) => write('error', message, context),
    warn: (message: unknown, context?: unknown) => write('warn', message, context),
    debug: (message: unknown, context?: unknown) => write('debug', message, context),
  };
}
