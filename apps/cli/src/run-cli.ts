import { parseArgs } from 'node:util';
import { localised, type Locale } from '#libs/kernel';
import { CliError, EXIT, misuse, type ExitCode } from './cli-error.js';
import type { Command, OptionSpec, Run } from './command.js';
import { commandHelp, GLOBAL_OPTIONS, mainHelp } from './help.js';
import { COMMANDS } from './registry.js';
import { terminalLocale } from './settings.js';
import { Terminal, type Streams } from './terminal.js';

const LOCALES: readonly string[] = ['fr', 'en'];

/** Runs one command. Answers with the exit code; never throws. */
export async function runCli(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  const asked = localeAsked(argv);
  const locale = asked ?? terminalLocale();
  const isJson = argv.includes('--json');
  const terminal = new Terminal(streams, locale, isJson);
  try {
    return await dispatch(argv, { terminal, locale, isJson });
  } catch (error) {
    return tell(error instanceof CliError ? error : faultOf(error), { terminal, locale, isJson });
  }
}

type Context = Pick<Run, 'terminal' | 'locale' | 'isJson'>;

/** The language asked for on the line, also where the rest of it is wrong. */
function localeAsked(argv: readonly string[]): Locale | undefined {
  const at = argv.findIndex((word) => word === '--locale' || word.startsWith('--locale='));
  const word = argv[at];
  const value = word?.includes('=') === true ? word.split('=')[1] : argv[at + 1];
  return at >= 0 && LOCALES.includes(value ?? '') ? (value as Locale) : undefined;
}

async function dispatch(argv: readonly string[], context: Context): Promise<ExitCode> {
  const { terminal, locale } = context;
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    terminal.streams.out(mainHelp(locale));
    return name === undefined ? EXIT.misuse : EXIT.done;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) throw await unknownCommand(name);
  const command = await entry.load();
  const { values, positionals } = parse(name, command, rest);
  if (values['help'] === true) {
    terminal.streams.out(commandHelp(name, command, locale));
    return EXIT.done;
  }
  const { locale: wished } = values;
  if (typeof wished === 'string' && !LOCALES.includes(wished)) {
    throw misuse(
      `--locale est fr ou en, pas « ${wished} ».`,
      `--locale is fr or en, not "${wished}".`,
    );
  }
  const [least, most] = command.words;
  if (positionals.length < least || positionals.length > most) throw wrongWords(name, command);
  return await command.run({ ...context, args: positionals, options: values });
}

async function unknownCommand(name: string): Promise<CliError> {
  const { nearest } = await import('#libs/contracts');
  const meant = nearest(name, Object.keys(COMMANDS));
  return misuse(
    `La commande « ${name} » n’existe pas.`,
    `There is no command "${name}".`,
    meant === null
      ? { fr: 'Voyez « relance --help ».', en: 'See "relance --help".' }
      : { fr: `Vouliez-vous « relance ${meant} » ?`, en: `Did you mean "relance ${meant}"?` },
  );
}

function seeHelp(name: string): { fr: string; en: string } {
  return { fr: `Voyez « relance ${name} --help ».`, en: `See "relance ${name} --help".` };
}

function wrongWords(name: string, { usage }: Command): CliError {
  const line = `relance ${name} ${usage}`.trimEnd();
  return misuse(`Il faut écrire : ${line}`, `It is written: ${line}`, seeHelp(name));
}

function parse(name: string, command: Command, args: readonly string[]) {
  const options: Record<string, OptionSpec> = { ...command.options, ...GLOBAL_OPTIONS };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw misuse(
        `L’option ${option} n’existe pas ici.`,
        `There is no option ${option} here.`,
        seeHelp(name),
      );
    }
    throw misuse(
      `L’option ${option} n’est pas bien écrite.`,
      `The option ${option} is not well written.`,
      seeHelp(name),
    );
  }
}

/** What nobody foresaw, told without its stack: a person can do nothing with that. */
function faultOf(error: unknown): CliError {
  const message = error instanceof Error ? error.message : String(error);
  return new CliError(
    EXIT.problems,
    { fr: `Une erreur de notre fait : ${message}`, en: `A fault of ours: ${message}` },
    {
      fr: 'Réessayez ; si cela dure, joignez cette ligne à votre signalement.',
      en: 'Try again; if it lasts, add this line to your report.',
    },
  );
}

function tell(error: CliError, { terminal, locale, isJson }: Context): ExitCode {
  const { exitCode, text, hint, code } = error;
  const message = localised(text, locale);
  const advice = hint === undefined ? undefined : localised(hint, locale);
  terminal.say(code === undefined ? message : `${code} ${message}`);
  if (advice !== undefined) terminal.say(`  ${advice}`);
  if (isJson) {
    terminal.json({
      error: {
        ...(code === undefined ? {} : { code }),
        message,
        ...(advice === undefined ? {} : { hint: advice }),
        exitCode,
      },
    });
  }
  return exitCode;
}
