import { localised, type LocalText } from '#libs/kernel';
import { ConfigError, loadConfig, loadSecrets, type Config } from '#libs/config';
import { firstAnswer, type StartAnswer } from './answer.js';
import { createLog, type Log } from './log.js';
import type { Programs } from './parts.js';
import { listenForStop, type StopWish } from './stop-signals.js';
import { supervise } from './supervise.js';

const NOT_YET: LocalText = {
  fr: 'KAFKA_BROKERS et TEMPORAL_ADDRESS ne sont pas encore pris en charge : enlevez-les pour les moteurs embarqués.',
  en: 'KAFKA_BROKERS and TEMPORAL_ADDRESS are not supported yet: remove them for the embedded engines.',
};

const STOPPED_BEFORE: LocalText = {
  fr: 'Arrêté avant d’être prêt.',
  en: 'Stopped before it was ready.',
};

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
  const fail = (message: string, code?: string): number => {
    err(`${message}\n`);
    answer({ error: { ...(code === undefined ? {} : { code }), message, exitCode: 1 } });
    return 1;
  };
  try {
    const read = loadConfig();
    // Said rather than ignored: whoever sets an address expects it to be used.
    if (read.kafkaBrokers !== undefined || read.temporal !== undefined) {
      return fail(localised(NOT_YET, read.locale));
    }
    const config = args.includes('--empty') ? { ...read, empty: true } : read;
    return await run({ config, programs: programsOf(config), isJson, answer, stop });
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message, error.problems[0]?.code);
    throw error;
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
  answer({ error: { message: localised(last, locale), exitCode } });
  return exitCode;
}
