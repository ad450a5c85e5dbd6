import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { OperateConsole, Principal } from '#libs/application';
import type { ApiBody } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

type Paused = Awaited<ReturnType<OperateConsole['pause']>>;
type Acted = Awaited<ReturnType<OperateConsole['act']>>;

/** Pauses or resumes everything, or a scenario; or says what that would touch. */
export class PauseEngine extends ConsoleCommand<Paused> {
  constructor(
    by: Principal | null,
    readonly body: ApiBody<'pause'>,
    readonly locale: Locale,
  ) {
    super(by);
  }
}

@CommandHandler(PauseEngine)
export class PauseEngineHandler implements ICommandHandler<PauseEngine> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'operate'>) {}

  async execute({ body, locale, by }: PauseEngine): Promise<Paused> {
    return await this.console.operate.pause(body, {
      author: by.email === '' ? by.name : by.email,
      locale,
    });
  }
}

/** Pauses, resumes or stops enrolments; or says how many that would touch. */
export class ActOnEnrolments extends ConsoleCommand<Acted> {
  constructor(
    by: Principal | null,
    readonly body: ApiBody<'actOnEnrolments'>,
    readonly locale: Locale,
  ) {
    super(by);
  }
}

@CommandHandler(ActOnEnrolments)
export class ActOnEnrolmentsHandler implements ICommandHandler<ActOnEnrolments> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'operate'>) {}

  async execute({ body, locale, by }: ActOnEnrolments): Promise<Acted> {
    return await this.console.operate.act(body, {
      author: by.email === '' ? by.name : by.email,
      locale,
    });
  }
}
