import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CaptureOutcome, ImportConsole, Principal } from '#libs/application';
import type { ApiBody } from '#libs/contracts';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

/** Takes one event in through capture's own door. */
export class SendEvent extends ConsoleCommand<CaptureOutcome> {
  readonly messageId: string;

  constructor(
    by: Principal | null,
    readonly event: ApiBody<'sendEvent'>,
  ) {
    super(by);
    this.messageId = event.messageId ?? randomUUID();
  }
}

@CommandHandler(SendEvent)
export class SendEventHandler implements ICommandHandler<SendEvent> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'options'>) {}

  async execute({ event, messageId }: SendEvent): Promise<CaptureOutcome> {
    const { name, ids, properties, traits, atMs } = event;
    return await this.console.options.takeEvent({
      type: 'track',
      event: name,
      messageId,
      ids,
      properties,
      ...(traits === undefined ? {} : { context: { traits } }),
      ...(atMs === undefined ? {} : { timestamp: new Date(atMs).toISOString() }),
    });
  }
}

type Answer<Method extends 'start' | 'take'> = Awaited<ReturnType<ImportConsole[Method]>>;
type Batch = Parameters<ImportConsole['take']>;

/** Begins an import, or finds where it stands. */
export class StartImport extends ConsoleCommand<Answer<'start'>> {
  constructor(
    by: Principal | null,
    readonly wish: ApiBody<'startImport'>,
  ) {
    super(by);
  }
}

@CommandHandler(StartImport)
export class StartImportHandler implements ICommandHandler<StartImport> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'imports'>) {}

  async execute({ wish }: StartImport): Promise<Answer<'start'>> {
    return await this.console.imports.start(wish);
  }
}

/** Takes a batch of an import's events in. */
export class TakeImportBatch extends ConsoleCommand<Answer<'take'>> {
  constructor(
    by: Principal | null,
    readonly job: Batch[0],
    readonly batch: Batch[1],
    readonly locale: Batch[2],
  ) {
    super(by);
  }
}

@CommandHandler(TakeImportBatch)
export class TakeImportBatchHandler implements ICommandHandler<TakeImportBatch> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'imports'>) {}

  async execute({ job, batch, locale }: TakeImportBatch): Promise<Answer<'take'>> {
    return await this.console.imports.take(job, batch, locale);
  }
}
