import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** For operators: alive, ready, and figures. */
@Module({ controllers: [HealthController] })
export class OperatorModule {}
