import { Inject, Injectable, Logger, Module } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { LoopEvents } from '#libs/application';
import { EngineProcess } from './process.js';

/** Runs the engine's loops for as long as the process lives. */
@Injectable()
export class EngineService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('relance');

  constructor(@Inject(EngineProcess) private readonly engine: EngineProcess) {}

  async onApplicationBootstrap(): Promise<void> {
    const failed: LoopEvents['failed'] = (name, error, attempt) => {
      const message = error instanceof Error ? error.message : String(error);
      // The first failure and every tenth: an engine that is away must not fill the disk.
      if (attempt === 1 || attempt % 10 === 0) this.log.warn(`${name}: ${message} (${attempt})`);
    };
    await this.engine.start(failed, (message) => this.log.log(message));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.engine.stop();
  }
}

/** The worker: consumers, runtime host, deliveries, learning and the analytics sink. */
@Module({
  providers: [
    { provide: EngineProcess, useFactory: () => EngineProcess.fromConfig() },
    EngineService,
  ],
})
export class WorkerModule {}
