import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { OperationsConsole, Principal } from '#libs/application';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

type Answer<Method extends 'closeLetters' | 'correctLetter'> = Awaited<
  ReturnType<OperationsConsole[Method]>
>;
type Close = Parameters<OperationsConsole['closeLetters']>;

/** Puts dead letters back into the log as they came, or lets them go. */
export class CloseDeadLetters extends ConsoleCommand<Answer<'closeLetters'>> {
  constructor(
    by: Principal | null,
    readonly how: Close[0],
    readonly which: Close[1],
  ) {
    super(by);
  }
}

@CommandHandler(CloseDeadLetters)
export class CloseDeadLettersHandler implements ICommandHandler<CloseDeadLetters> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'operations'>) {}

  async execute({ how, which }: CloseDeadLetters): Promise<Answer<'closeLetters'>> {
    return await this.console.operations.closeLetters(how, which);
  }
}

/** Puts a corrected message into the log in place of a dead letter. */
export class CorrectDeadLetter extends ConsoleCommand<Answer<'correctLetter'>> {
  constructor(
    by: Principal | null,
    readonly correction: Parameters<OperationsConsole['correctLetter']>[0],
  ) {
    super(by);
  }
}

@CommandHandler(CorrectDeadLetter)
export class CorrectDeadLetterHandler implements ICommandHandler<CorrectDeadLetter> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'operations'>) {}

  async execute({ correction, by }: CorrectDeadLetter): Promise<Answer<'correctLetter'>> {
    return await this.console.operations.correctLetter(correction, by.email);
  }
}
