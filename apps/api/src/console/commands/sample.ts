import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

/** Asks for the sample to be taken away, for good. */
export class RemoveSample extends ConsoleCommand<void> {}

@CommandHandler(RemoveSample)
export class RemoveSampleHandler implements ICommandHandler<RemoveSample> {
  constructor(
    @Inject(CONSOLE) private readonly console: Pick<Console, 'sampleRemoval' | 'ground'>,
  ) {}

  async execute(): Promise<void> {
    await this.console.sampleRemoval.ask(this.console.ground.clock.nowMs());
  }
}
