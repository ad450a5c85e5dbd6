import type { ClockSetting } from './clock-setting.js';
import type { Config } from './config.js';

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

/** Whether messages would really leave while time runs faster than on the wall. */
export function isUnsafeClock(config: Given): boolean {
  const clock = clockOf(config);
  const hasRealRoute = config.smtpUrl !== undefined || config.twilio !== undefined;
  return hasRealRoute && clock.kind === 'accelerated' && clock.speed > 1;
}
