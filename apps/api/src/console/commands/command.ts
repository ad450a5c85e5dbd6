import { Command, type CommandBus } from '@nestjs/cqrs';
import type { Principal } from '#libs/application';

/** Nest's name for the console's use cases: `@Inject(CONSOLE) console: Console`. */
export const CONSOLE = Symbol('console');

/** Who asks where nobody has to say so. */
export const NOBODY: Principal = { kind: 'program', id: '', email: '', name: '', roles: [] };

/**
 * A change that somebody asks for through the console's API; `Result` is what its handler answers.
 * Commands are told in the log by name and id of who asks: nothing else of them may be personal there.
 */
export abstract class ConsoleCommand<Result> extends Command<Result> {
  readonly by: Principal;

  constructor(by: Principal | null) {
    super();
    this.by = by ?? NOBODY;
  }
}

/** Tells of every command before it is carried out; ends with the bus. */
export function tellCommands(
  bus: CommandBus,
  tell: (fields: { readonly command: string; readonly by: string }) => void,
): void {
  bus.subscribe((command) => {
    if (command instanceof ConsoleCommand) {
      tell({ command: command.constructor.name, by: command.by.id });
    }
  });
}
