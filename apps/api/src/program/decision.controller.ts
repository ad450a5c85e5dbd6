import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readDecisionRequest, readOutcomeRequest } from '#libs/application';
import type { DecisionRecord } from '#libs/decision';
import type { Engine } from '../engine/engine.js';
import { ENGINE } from '../engine/token.js';
import { HttpRefusal } from '../http/problems.js';
import { enter, wrongMember } from './entry.js';

/** `/v1/decide` and `/v1/outcomes`. */
@Controller('v1')
export class DecisionController {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @Post('decide')
  @HttpCode(200)
  async decide(@Req() request: FastifyRequest, @Body() body: unknown): Promise<object> {
    const startMs = performance.now();
    const key = await enter(request, this.engine);
    const read = readDecisionRequest(body);
    if (!read.ok) throw new HttpRefusal('RLN-2013', wrongMember(read.error));
    const record = await this.engine.programs.decisions.ask(read.value, key.id);
    if (record === null) throw new HttpRefusal('RLN-2014');
    return answerOf(record, Math.round((performance.now() - startMs) * 1_000));
  }

  @Post('outcomes')
  @HttpCode(200)
  async tell(@Req() request: FastifyRequest, @Body() body: unknown): Promise<object> {
    await enter(request, this.engine);
    const read = readOutcomeRequest(body);
    if (!read.ok) throw new HttpRefusal('RLN-2013', wrongMember(read.error));
    const answer = await this.engine.programs.outcomes.tell(read.value);
    if (answer.kind === 'unknown') throw new HttpRefusal('RLN-2015');
    return { outcomeId: answer.outcomeId, recorded: answer.kind === 'recorded' };
  }
}

function answerOf(record: DecisionRecord, latencyUs: number): object {
  return {
    decisionId: record.decisionId,
    action: record.chosenAction ?? 'nothing',
    treatment: record.chosenTreatment,
    channel: record.chosenChannel,
    propensity: record.chosenPropensity,
    group: record.group,
    fallbackReason: record.fallbackReason,
    candidates: record.candidates.map((one) => ({
      action: one.action,
      treatment: one.treatment,
      passed: one.passed,
      stage: one.stage,
      reason: one.reason,
      score: one.score,
      propensity: one.propensity,
    })),
    latencyUs,
  };
}
