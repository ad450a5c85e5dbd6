import type { LoggerService } from '@nestjs/common';
import type { JsonLog } from '../engine/json-log.js';

/** Nest's own lines, into the log of the process. */
export class NestLog implements LoggerService {
  constructor(private readonly out: JsonLog) {}

  log(message: unknown): void {
    this.out.debug(String(message));
  }

  // Nest may put a fault's message here, which may quote what a person wrote: only its kind is kept.
  error(message: unknown): void {
    this.out.error('the framework reports an error', {
      fault: message instanceof Error ? message.name : typeof message,
    });
  }

  warn(message: unknown): void {
    this.out.warn(String(message));
  }

  debug(message: unknown): void {
    this.out.debug(String(message));
  }
}
