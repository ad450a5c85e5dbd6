import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal, TaskConsole } from '#libs/application';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

type Close = Parameters<TaskConsole['close']>;
type Closed = Awaited<ReturnType<TaskConsole['close']>>;

/** Closes a task with its outcome, which scenarios may wait for. */
export class CloseTask extends ConsoleCommand<Closed> {
  constructor(
    by: Principal | null,
    readonly id: string,
    readonly outcome: Close[1],
    readonly at: Close[2],
  ) {
    super(by);
  }
}

@CommandHandler(CloseTask)
export class CloseTaskHandler implements ICommandHandler<CloseTask> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'tasks'>) {}

  async execute({ id, outcome, at }: CloseTask): Promise<Closed> {
    return await this.console.tasks.close(id, outcome, at);
  }
}
