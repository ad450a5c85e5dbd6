import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { enrolBody, enrolParams, type EnrolAnswerView } from '#libs/contracts';
import type { EnrolAnswer } from '#libs/application';
import type { Engine } from '../engine/engine.js';
import { ENGINE } from '../engine/token.js';
import { HttpRefusal, type HttpProblemCode } from '../http/problems.js';
import { enter, wrongMember } from './entry.js';

const REFUSALS: Readonly<
  Record<Exclude<EnrolAnswer['kind'], 'requested' | 'repeated'>, HttpProblemCode>
> = {
  unknown_scenario: 'RLN-1225',
  not_on_request: 'RLN-1226',
  paused: 'RLN-1227',
  unknown_profile: 'RLN-2014',
  key_taken: 'RLN-1228',
};

/** `/v1/scenarios/:id/enrolments`: a program asks for a person to be taken in. */
@Controller('v1/scenarios')
export class EnrolmentController {
  constructor(@Inject(ENGINE) private readonly engine: Engine) {}

  @Post(':id/enrolments')
  @HttpCode(200)
  async request(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<EnrolAnswerView> {
    await enter(request, this.engine);
    const read = enrolBody.safeParse(body);
    if (!read.success) {
      throw new HttpRefusal(
        'RLN-2013',
        wrongMember(String(read.error.issues[0]?.path[0] ?? 'body')),
      );
    }
    if (!enrolParams.safeParse({ id }).success) throw new HttpRefusal('RLN-1225');
    const answer = await this.engine.programs.enrolments.ask({ scenario: id, ...read.data });
    if (answer.kind !== 'requested' && answer.kind !== 'repeated') {
      throw new HttpRefusal(REFUSALS[answer.kind]);
    }
    const { kind: status, requestId, profileId } = answer;
    return { status, requestId, scenario: id, profileId };
  }
}
