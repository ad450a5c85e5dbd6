import { join } from 'node:path';
import { localised, type LocalText } from '#libs/kernel';
import { ConfigError, loadConfig, loadSecrets, type Config } from '#libs/config';
import { createLog } from './log.js';
import { listenForStop } from './stop-signals.js';
import { supervise } from './supervise.js';

const NOT_YET: LocalText = {
  fr: 'KAFKA_BROKERS et TEMPORAL_ADDRESS ne sont pas encore pris en charge : enlevez-les pour les moteurs embarqués.',
  en: 'KAFKA_BROKERS and TEMPORAL_ADDRESS are not supported yet: remove them for the embedded engines.',
};

function readConfiguration(): Config | undefined {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const stop = listenForStop();
  const read = readConfiguration();
  if (read === undefined) return 1;
  if (read.kafkaBrokers !== undefined || read.temporal !== undefined) {
    // Said rather than ignored: whoever sets an address expects it to be used.
    process.stderr.write(`${localised(NOT_YET, read.locale)}\n`);
    return 1;
  }
  const config = process.argv.includes('--empty') ? { ...read, empty: true } : read;
  const program = (app: string): string =>
    join(config.checkoutDir, 'dist', 'apps', app, 'src', 'main.js');
  // A terminal that is closed takes its pipes with it; the stop that follows must not fail on that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const log = createLog({
    locale: config.locale,
    level: config.logLevel,
    readable: process.stderr.isTTY,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    nowMs: Date.now,
  });
  const programs = { api: program('api'), worker: program('worker') };
  return supervise({ config, loadSecrets, programs, log, stop });
}

process.exit(await main());
