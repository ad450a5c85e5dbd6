import { Module, type DynamicModule } from '@nestjs/common';
import { ConsoleModule } from './console/console.module.js';
import { ENGINE } from './engine/token.js';
import type { Engine } from './engine/engine.js';
import { OperatorModule } from './operator/operator.module.js';
import { ProgramModule } from './program/program.module.js';

/**
 * The root module. Everything public is registered on Fastify directly (see `server.ts`): its cost a
 * request matters. What is added here has Nest's pipeline, and gets the engine by the token `ENGINE`.
 */
@Module({})
export class AppModule {
  static with(engine: Engine, options: { readonly hasConsole: boolean }): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [OperatorModule, ProgramModule, ...(options.hasConsole ? [ConsoleModule] : [])],
      providers: [{ provide: ENGINE, useValue: engine }],
      exports: [ENGINE],
    };
  }
}
