// The real supervisor with stand-ins for api and worker.
import { join } from 'node:path';
import { loadConfig, loadSecrets } from '../../../dist/libs/config/src/index.js';
import { createLog } from '../../../dist/apps/standalone/src/log.js';
import { listenForStop } from '../../../dist/apps/standalone/src/stop-signals.js';
import { supervise } from '../../../dist/apps/standalone/src/supervise.js';

const stop = listenForStop();
const config = loadConfig();
const log = createLog({
  locale: config.locale,
  level: config.logLevel,
  readable: false,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  nowMs: Date.now,
});
const program = (role) => join(import.meta.dirname, `${role}.mjs`);
const programs = { api: program('api'), worker: program('worker') };
process.exit(await supervise({ config, loadSecrets, programs, log, stop }));
