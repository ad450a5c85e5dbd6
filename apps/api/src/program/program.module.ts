import { Module } from '@nestjs/common';
import { DecisionController } from './decision.controller.js';
import { ProfileController } from './profile.controller.js';

/** For programs with an API key: decisions, outcomes, profiles. */
@Module({ controllers: [DecisionController, ProfileController] })
export class ProgramModule {}
