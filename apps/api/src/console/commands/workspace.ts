import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal, WorkspaceConsole, WorkspaceContent } from '#libs/application';
import type { Locale } from '#libs/kernel';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

type Applied = Awaited<ReturnType<WorkspaceConsole['apply']>>;

/** Publishes a workspace whole, or refuses it with its problems. */
export class PublishWorkspace extends ConsoleCommand<Applied> {
  constructor(
    by: Principal | null,
    readonly content: WorkspaceContent,
    readonly locale: Locale,
  ) {
    super(by);
  }
}

@CommandHandler(PublishWorkspace)
export class PublishWorkspaceHandler implements ICommandHandler<PublishWorkspace> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'workspace'>) {}

  async execute({ content, locale, by }: PublishWorkspace): Promise<Applied> {
    return await this.console.workspace.apply(content, { author: by.email, locale });
  }
}
