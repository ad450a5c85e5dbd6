import type { LocalText } from '#libs/kernel';
import { clockText } from './clock-setting.js';
import { readConfig, type Environment } from './config.js';
import { clockOf } from './sample.js';
import { VARIABLES, type Variable } from './variables.js';

/** A variable as `relance doctor` shows it. */
export interface DescribedVariable {
  readonly name: string;
  /** Secrets masked; empty where it is not set and has no default. */
  readonly value: string;
  readonly origin: 'env' | 'default';
  readonly meaning: LocalText;
}

const MASK = '***';

function maskUrl(value: string): string {
  if (!URL.canParse(value)) return MASK;
  const url = new URL(value);
  if (url.password !== '') url.password = MASK;
  // A password may also be given as a parameter, as drivers allow.
  for (const name of Array.from(url.searchParams.keys())) {
    if (/pass|secret|token|key/i.test(name)) url.searchParams.set(name, MASK);
  }
  return url.href;
}

/** The value as it may be shown. */
export function maskedValue(value: string, secret: Variable['secret']): string {
  if (value === '' || secret === undefined) return value;
  return secret === 'url' ? maskUrl(value) : MASK;
}

/** The clock that nobody chose: the sample's own where its people live. */
function clockFallback(env: Environment): string | undefined {
  const read = readConfig(env);
  return read.ok ? clockText(clockOf(read.value)) : undefined;
}

/** Every variable a person may set, in the order of the documentation. */
export function describeVariables(env: Environment): readonly DescribedVariable[] {
  const fallbacks: Readonly<Record<string, string | undefined>> = {
    RELANCE_CLOCK: clockFallback(env),
  };
  return Object.entries<Variable>(VARIABLES)
    .filter(([, variable]) => variable.internal !== true)
    .map(([name, { fallback, meaning, secret }]) => {
      const given = env[name]?.trim() ?? '';
      return given === ''
        ? { name, value: fallbacks[name] ?? fallback ?? '', origin: 'default', meaning }
        : { name, value: maskedValue(given, secret), origin: 'env', meaning };
    });
}
