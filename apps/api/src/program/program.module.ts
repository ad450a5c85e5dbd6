import { Module } from '@nestjs/common';
import { DecisionController } from './decision.controller.js';
import { EnrolmentController } from './enrolment.controller.js';
import { ProfileController } from './profile.controller.js';

/** For programs with an API key: decisions, outcomes, enrolments, profiles. */
@Module({ controllers: [DecisionController, EnrolmentController, ProfileController] })
export class ProgramModule {}
