// Messages a second from a template to an SMTP server, against bare nodemailer with the same bytes.
// The measured program lies with the channel; this one names it and prints its table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkoutDir } from '#libs/config';
import { measure } from './harness/measure.js';
import type { Figures } from './support/report.js';

await measure('email', async (after) => {
  const program = join(checkoutDir(), 'libs', 'channel-email', 'bench', 'throughput.mjs');
  const child = spawn(process.execPath, [program, ...process.argv.slice(2)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => child.kill());
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the program of the channel ended with ${code}: ${output}`);
  const { bench: _name, ...figures } = JSON.parse(
    output.trim().split('\n').at(-1) ?? '{}',
  ) as Figures & { bench: string };
  return figures;
});
