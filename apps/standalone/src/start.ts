import { localised, type LocalText, type Problem } from '#libs/kernel';
import {
  ConfigError,
  loadConfig,
  loadSecrets,
  settingProblem,
  unsafeClock,
  type Config,
} from '#libs/config';
import { firstAnswer, type StartAnswer, type StartFailure } from './answer.js';
import { createLog, type Log } from './log.js';
import type { Programs } from './parts.js';
import { listenForStop, type StopWish } from './stop-signals.js';
import { supervise } from './supervise.js';

const STOPPED_BEFORE: LocalText = {
  fr: 'Arrêté avant d’être prêt.',
  en: 'Stopped before it was ready.',
};

/** What no part could start with, told once rather than by a part that is started again and again. */
function problemsOf(config: Config): readonly Problem[] {
  const { kafkaBrokers, temporal } = config;
  const unsafe = unsafeClock(config);
  // Said rather than ignored: whoever sets an address expects it to be used.
  const unsupported = [
    ...(kafkaBrokers === undefined ? [] : ['KAFKA_BROKERS']),
    ...(temporal === undefined ? [] : ['TEMPORAL_ADDRESS']),
  ].map((name) => settingProblem('RLN-0103', { name }));
  return unsafe === undefined ? unsupported : [...unsupported, unsafe];
}

/** What is told to people begins with its code where it has one; programs read them apart. */
function failureOf(text: string, exitCode: number): StartFailure {
  const [, code, message = text] = /^(RLN-\d{4}) (.*)$/s.exec(text) ?? [];
  return { ...(code === undefined ? {} : { code }), message, exitCode };
}

/** What a start is given. */
export interface Start {
  /** Words of the command line: `--empty`, `--json`. */
  readonly args: readonly string[];
  readonly programsOf: (config: Config) => Programs;
}

const out = (text: string): void => void process.stdout.write(text);
const err = (text: string): void => void process.stderr.write(text);

/**
 * Starts the product, and stays until it is stopped; answers with the exit code. With `--json` stdout
 * holds one document, that it runs and where or why it does not, and all else goes to stderr.
 */
export async function start({ args, programsOf }: Start): Promise<number> {
  const stop = listenForStop();
  // A terminal that is closed takes its pipes with it; the stop that follows must not fail on that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const isJson = args.includes('--json');
  const answer = firstAnswer(isJson ? out : () => undefined);
  try {
    const read = loadConfig();
    const problems = problemsOf(read);
    if (problems.length > 0) throw new ConfigError(problems);
    const config = args.includes('--empty') ? { ...read, empty: true } : read;
    return await run({ config, programs: programsOf(config), isJson, answer, stop });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    err(`${error.message}\n`);
    answer({ error: failureOf(error.message, 1) });
    return 1;
  }
}

interface Running {
  readonly config: Config;
  readonly programs: Programs;
  readonly isJson: boolean;
  readonly answer: (answer: StartAnswer) => void;
  readonly stop: StopWish;
}

async function run({ config, programs, isJson, answer, stop }: Running): Promise<number> {
  const { locale } = config;
  const told = createLog({
    locale,
    level: config.logLevel,
    readable: process.stderr.isTTY,
    out: isJson ? err : out,
    err,
    nowMs: Date.now,
  });
  let last: LocalText = STOPPED_BEFORE;
  const log: Log = {
    ...told,
    error(role, text) {
      last = text;
      told.error(role, text);
    },
  };
  const exitCode = await supervise({ config, loadSecrets, programs, log, stop, answer });
  // Given only where none was before: it never became ready.
  answer({ error: failureOf(localised(last, locale), exitCode) });
  return exitCode;
}
