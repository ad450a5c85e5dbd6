import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Engine } from '../engine/engine.js';
import { ENGINE } from '../engine/token.js';
import { metricsText } from './metrics.js';
import { readiness } from './readiness.js';

/** `/healthz`, `/readyz` and `/metrics`. */
@Controller()
export class HealthController {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  /** Alive: this process answers. */
  @Get('healthz')
  @Header('cache-control', 'no-store')
  alive(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Ready or degraded: 200, events are taken; else 503. Each part's state either way. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const state = await readiness(this.engine);
    await reply
      .code(state.status === 'not_ready' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(state);
  }

  /** Figures in Prometheus' text format. */
  @Get('metrics')
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    const text = await metricsText(this.engine);
    await reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(text);
  }
}
