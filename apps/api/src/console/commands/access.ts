import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Access, Principal } from '#libs/application';
import type { Console } from '../create-console.js';
import { CONSOLE, ConsoleCommand } from './command.js';

type Answer<Method extends 'addUser' | 'addKey' | 'revokeKey'> = Awaited<
  ReturnType<Access[Method]>
>;

/** Lets somebody in by a password and a one-time link. */
export class AddUser extends ConsoleCommand<Answer<'addUser'>> {
  constructor(
    by: Principal | null,
    readonly user: Parameters<Access['addUser']>[0],
  ) {
    super(by);
  }
}

@CommandHandler(AddUser)
export class AddUserHandler implements ICommandHandler<AddUser> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'access'>) {}

  async execute({ user }: AddUser): Promise<Answer<'addUser'>> {
    return await this.console.access.addUser(user);
  }
}

/** Lets a program in by a key. */
export class AddKey extends ConsoleCommand<Answer<'addKey'>> {
  constructor(
    by: Principal | null,
    readonly name: string,
  ) {
    super(by);
  }
}

@CommandHandler(AddKey)
export class AddKeyHandler implements ICommandHandler<AddKey> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'access'>) {}

  async execute({ name, by }: AddKey): Promise<Answer<'addKey'>> {
    return await this.console.access.addKey(name, by);
  }
}

/** Shuts a program out. */
export class RevokeKey extends ConsoleCommand<Answer<'revokeKey'>> {
  constructor(
    by: Principal | null,
    readonly id: string,
  ) {
    super(by);
  }
}

@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey> {
  constructor(@Inject(CONSOLE) private readonly console: Pick<Console, 'access'>) {}

  async execute({ id }: RevokeKey): Promise<Answer<'revokeKey'>> {
    return await this.console.access.revokeKey(id);
  }
}
