import { localised, type Locale, type Problem } from '#libs/kernel';
import { readConfig, type Config, type Environment } from './config.js';
import { describeVariables, type DescribedVariable } from './describe.js';
import { readLocale } from './locale.js';

function lineOf({ code, message, hint }: Problem, locale: Locale): string {
  const advice = hint === undefined ? '' : `\n  ${localised(hint, locale)}`;
  return `${code} ${localised(message, locale)}${advice}`;
}

/** The environment does not hold a configuration; `problems` says each reason. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly retryable = false;

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((problem) => lineOf(problem, readLocale(process.env))).join('\n'));
  }
}

let loaded: Config | undefined;

/** This process's configuration, read once. Throws `ConfigError`. */
export function loadConfig(): Config {
  if (loaded !== undefined) return loaded;
  const read = readConfig(process.env);
  if (!read.ok) throw new ConfigError(read.error);
  loaded = read.value;
  return loaded;
}

/** Every variable with its value, its origin and its meaning, secrets masked. */
export function describeConfig(): readonly DescribedVariable[] {
  return describeVariables(process.env);
}

/**
 * The environment for a child process: ours, with the given variables set over it; undefined takes
 * one away.
 */
export function childEnvironment(over: Environment): NodeJS.ProcessEnv {
  const merged = { ...process.env, ...over };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}
