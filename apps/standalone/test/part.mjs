// A stand-in for api and worker: does what a part does towards its supervisor, and nothing else.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { exitWithParent, reportReady } from '../../../dist/libs/embedded/src/index.js';

/** Runs as the part whose name its own script has. */
export function runPart(script) {
  const role = basename(script, '.mjs');
  const trace = (what) =>
    appendFileSync(process.env.TEST_TRACE, `${role} ${what} ${process.pid}\n`);
  const stop = async () => trace('stopped');
  exitWithParent(stop);
  const hangs = process.env.TEST_HANGS?.includes(role) === true;
  process.on('SIGTERM', () => !hangs && stop().then(() => process.exit(0)));
  process.on('SIGINT', () => trace('interrupted'));
  trace('started');
  process.stderr.write(`${JSON.stringify({ level: 'info', msg: `${role} is up` })}\n`);
  if (process.env.TEST_FAILS === role) process.exit(3);
  const logins = [{ email: 'a@example.test', password: 'p', role: 'analyst', link: 'http://x/l' }];
  const server = createServer((request, response) => {
    response.end(JSON.stringify({ role, database: process.env.RELANCE_EMBEDDED_DATABASE_URL }));
  });
  const port = role === 'api' ? Number(process.env.PORT) : 0;
  server.listen(port, '127.0.0.1', () => reportReady(role === 'api' ? { logins } : {}));
}
