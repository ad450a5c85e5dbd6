import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Locale } from '#libs/kernel';
import type { JsonLog } from '../engine/json-log.js';
import { errorHandler } from './reply.js';

/** Answers errors of Nest's routes, and of addresses where there is no route, as problems. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly answer: ReturnType<typeof errorHandler>;

  constructor(log: JsonLog, fallback: Locale) {
    this.answer = errorHandler(log, fallback);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const isOurs = error instanceof HttpException;
    const given = isOurs ? Object.assign(error, { statusCode: error.getStatus() }) : error;
    this.answer(given, http.getRequest<FastifyRequest>(), reply);
  }
}
