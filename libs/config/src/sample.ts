import type { ClockSetting } from './clock-setting.js';
import type { Config } from './config.js';
import { settingProblem } from './setting-problems.js';

/** One day of the sample in a minute of the wall. */
const SAMPLE_CLOCK: ClockSetting = { kind: 'accelerated', startMs: 'now', speed: 1_440 };

type Given = Pick<Config, 'empty' | 'smtpUrl' | 'twilio' | 'clock' | 'clockIsSet'>;

/**
 * Whether this home lives with the sample workspace's people. Never where a real route for messages
 * is set: what is invented must not reach anybody.
 */
export function hasSample(config: Given): boolean {
  return !config.empty && config.smtpUrl === undefined && config.twilio === undefined;
}

/** The clock of this home: the one that was asked for, else the sample's own pace, else the wall. */
export function clockOf(config: Given): ClockSetting {
  return config.clockIsSet || !hasSample(config) ? config.clock : SAMPLE_CLOCK;
}

/** The problem where messages would really leave while time runs faster than on the wall. */
export function unsafeClock(config: Given): ReturnType<typeof settingProblem> | undefined {
  const clock = clockOf(config);
  const isFast = clock.kind === 'accelerated' && clock.speed > 1;
  if (!isFast) return undefined;
  if (config.smtpUrl !== undefined) return settingProblem('RLN-0104', { name: 'SMTP_URL' });
  return config.twilio === undefined
    ? undefined
    : settingProblem('RLN-0104', { name: 'TWILIO_ACCOUNT_SID' });
}
