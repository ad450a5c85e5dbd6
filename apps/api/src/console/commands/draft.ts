import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DraftConsole, Principal } from '#libs/application';
import type { ApiBody } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

type Answer<Method extends 'save' | 'start' | 'discard' | 'publish'> = Awaited<
  ReturnType<DraftConsole[Method]>
>;

/** Saves a file of the draft. */
export class SaveDraft extends ConsoleCommand<Answer<'save'>> {
  constructor(
    by: Principal | null,
    readonly file: ApiBody<'saveDraft'>,
  ) {
    super(by);
  }
}

@CommandHandler(SaveDraft)
export class SaveDraftHandler implements ICommandHandler<SaveDraft> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'drafts'>) {}

  async execute({ file, by }: SaveDraft): Promise<Answer<'save'>> {
    return await this.console.drafts.save(file, by.email);
  }
}

/** Starts a scenario from a template, as a draft. */
export class StartDraft extends ConsoleCommand<Answer<'start'>> {
  constructor(
    by: Principal | null,
    readonly wish: ApiBody<'startDraft'>,
    readonly locale: Locale,
  ) {
    super(by);
  }
}

@CommandHandler(StartDraft)
export class StartDraftHandler implements ICommandHandler<StartDraft> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'drafts'>) {}

  async execute({ wish, locale, by }: StartDraft): Promise<Answer<'start'>> {
    return await this.console.drafts.start(wish, { author: by.email, locale });
  }
}

/** Takes files out of the draft. */
export class DiscardDraft extends ConsoleCommand<Answer<'discard'>> {
  constructor(
    by: Principal | null,
    readonly files: ApiBody<'discardDraft'>['files'],
  ) {
    super(by);
  }
}

@CommandHandler(DiscardDraft)
export class DiscardDraftHandler implements ICommandHandler<DiscardDraft> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'drafts'>) {}

  async execute({ files }: DiscardDraft): Promise<Answer<'discard'>> {
    return await this.console.drafts.discard(files);
  }
}

/** Publishes files of the draft over what is in force. */
export class PublishDraft extends ConsoleCommand<Answer<'publish'>> {
  constructor(
    by: Principal | null,
    readonly files: ApiBody<'publishDraft'>['files'],
    readonly locale: Locale,
  ) {
    super(by);
  }
}

@CommandHandler(PublishDraft)
export class PublishDraftHandler implements ICommandHandler<PublishDraft> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'drafts'>) {}

  async execute({ files, locale, by }: PublishDraft): Promise<Answer<'publish'>> {
    return await this.console.drafts.publish(files, { author: by.email, locale });
  }
}
