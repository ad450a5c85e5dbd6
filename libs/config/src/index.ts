export { checkoutDir } from './checkout.js';
export { clockText, parseClock, type ClockSetting } from './clock-setting.js';
export {
  baseUrl,
  readConfig,
  type Config,
  type EngineAddress,
  type Environment,
  type LogLevel,
  type PortSetting,
  type TwilioSetting,
} from './config.js';
export { describeVariables, type DescribedVariable } from './describe.js';
export { childEnvironment, ConfigError, describeConfig, loadConfig } from './load.js';
export { readLocale } from './locale.js';
export { readRunFile, removeRunFile, writeRunFile, type RunFile } from './run-file.js';
export { loadSecrets, type Secrets } from './secrets.js';
export { SETTING_PROBLEMS, settingLine, settingProblem } from './setting-problems.js';
export { clockOf, hasSample, unsafeClock } from './sample.js';
