import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  clockText,
  describeConfig,
  readRunFile,
  type Config,
  type DescribedVariable,
} from '#libs/config';
import type { ApiResponse } from '#libs/contracts';
import { localised, type LocalText } from '#libs/kernel';
import { CliError, EXIT, type ExitCode } from '../cli-error.js';
import type { Command, Run } from '../command.js';
import { EngineClient } from '../engine-client.js';
import { settings } from '../settings.js';

interface Check {
  readonly name: LocalText;
  readonly isGood: boolean;
  readonly detail: string;
}

function isWritable(dir: string): boolean {
  // A home that is not there yet is made in the first folder above it that is.
  let place = dir;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function localChecks(config: Config): readonly Check[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return [
    {
      name: { fr: 'Node', en: 'Node' },
      isGood: major > 22 || (major === 22 && minor >= 12),
      detail: process.versions.node,
    },
    {
      name: { fr: 'Dossier de données', en: 'Home' },
      isGood: isWritable(config.homeDir),
      detail: config.homeDir,
    },
    {
      name: { fr: 'Espace de travail', en: 'Workspace' },
      isGood: existsSync(config.workspaceDir),
      detail: config.workspaceDir,
    },
  ];
}

type Status = ApiResponse<'status'>;

async function askEngine(config: Config, run: Run): Promise<Status | CliError> {
  try {
    return await EngineClient.open(config, run.locale).call('status');
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

/** The clock as it runs: whoever started this engine may have left the sample out. */
function clockOf({ clock }: Status): string | undefined {
  if (clock.isResting) return undefined;
  if (clock.speed === 1) return 'wall';
  return clockText({ kind: 'accelerated', startMs: 'now', speed: clock.speed });
}

function asItRuns(
  variables: readonly DescribedVariable[],
  status: Status | CliError,
): readonly DescribedVariable[] {
  const clock = status instanceof CliError ? undefined : clockOf(status);
  if (clock === undefined) return variables;
  return variables.map((one) =>
    one.name === 'RELANCE_CLOCK' && one.origin === 'default' ? { ...one, value: clock } : one,
  );
}

function clockSentence({ nowMs, speed, isResting }: Status['clock']): LocalText {
  const now = new Date(nowMs).toISOString();
  if (isResting) {
    return { fr: `Horloge : ${now}, au repos.`, en: `Clock: ${now}, resting.` };
  }
  if (speed === 1) {
    return { fr: `Horloge : ${now}, en temps réel.`, en: `Clock: ${now}, in real time.` };
  }
  return {
    fr: `Horloge : ${now}, ${speed} fois plus vite que le temps réel.`,
    en: `Clock: ${now}, ${speed} times as fast as real time.`,
  };
}

function printStatus(status: Status, { terminal, locale }: Run): void {
  terminal.table(
    status.engines.map(({ part, name, version, address, isEmbedded, isUp, why }) => [
      isUp ? '✓' : '✗',
      part,
      `${name} ${version}`.trim(),
      isEmbedded ? (locale === 'fr' ? 'embarqué' : 'embedded') : address,
      why ?? '',
    ]),
  );
  terminal.print(localised(clockSentence(status.clock), locale));
  for (const sentence of status.sentences) terminal.print(sentence);
}

function exitOf(checks: readonly Check[], status: Status | CliError): ExitCode {
  if (status instanceof CliError) return EXIT.unreachable;
  if (status.engines.some(({ isUp }) => !isUp)) return EXIT.unreachable;
  return checks.every(({ isGood }) => isGood) && status.isHealthy ? EXIT.done : EXIT.problems;
}

/** What is used, where, which version, and whether it answers. */
export const doctor: Command = {
  usage: '',
  about: {
    fr: 'Dit chaque réglage et son origine, ce qui est utilisé, où, en quelle version, et si cela répond. Les secrets sont masqués.',
    en: 'Says each setting and its origin, what is used, where, which version, and whether it answers. Secrets are masked.',
  },
  example: 'relance doctor --json',
  words: [0, 0],
  async run(run) {
    const { terminal, locale } = run;
    const config = settings();
    const status = await askEngine(config, run);
    const variables = asItRuns(describeConfig(), status);
    const origin = { env: { fr: 'donné', en: 'set' }, default: { fr: 'défaut', en: 'default' } };
    terminal.table(
      variables.map((one) => [
        one.name,
        one.value === '' ? '-' : one.value,
        origin[one.origin][locale],
        localised(one.meaning, locale),
      ]),
    );
    terminal.print('');
    const checks = localChecks(config);
    terminal.table(
      checks.map(({ name, isGood, detail }) => [
        isGood ? '✓' : '✗',
        localised(name, locale),
        detail,
      ]),
    );
    if (status instanceof CliError) {
      terminal.say(status.text);
      if (status.hint !== undefined) terminal.say(`  ${localised(status.hint, locale)}`);
    } else printStatus(status, run);
    const exitCode = exitOf(checks, status);
    terminal.json({
      variables: variables.map(({ meaning, ...one }) => ({
        ...one,
        meaning: localised(meaning, locale),
      })),
      checks: checks.map(({ name, ...one }) => ({ ...one, name: localised(name, locale) })),
      url: readRunFile(config.homeDir)?.url ?? null,
      status: status instanceof CliError ? null : status,
    });
    return exitCode;
  },
};
