import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../cli-error.js';
import type { Command } from '../command.js';
import { settings } from '../settings.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Starts the supervisor and stands in for it: its signals, its output, its exit code. */
export const up: Command = {
  usage: '[--empty]',
  about: {
    fr: 'Démarre Relance et ses moteurs. Ctrl-C arrête tout.',
    en: 'Starts Relance and its engines. Ctrl-C stops everything.',
  },
  example: 'relance up --empty',
  words: [0, 0],
  options: {
    empty: { type: 'boolean', meaning: { fr: 'sans l’exemple', en: 'without the sample' } },
  },
  async run({ options, isJson }) {
    const program = join(settings().checkoutDir, 'dist', 'apps', 'standalone', 'src', 'main.js');
    const args = [program];
    if (options['empty'] === true) args.push('--empty');
    // The document is the supervisor's to write: it knows when it is ready, and this one only waits.
    if (isJson) args.push('--json');
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, passOn);
    return await new Promise<ExitCode>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        for (const one of SIGNALS) process.removeListener(one, passOn);
        // As a shell counts: a program ended by a signal answers 128 and its number.
        const ended = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
        resolve(ended as ExitCode);
      });
    });
  },
};
