import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { main, say, SetUpError } from './lib/say.mjs';

// Where the browser tests look for it: tests/browser/browser.ts.
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const isThere = () => [process.env.CHROMIUM ?? '', ...PLACES].some((path) => existsSync(path));

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  return status === 0;
}

/** The browser that the console's tests drive; Debian's own package, where there is none yet. */
await main(() => {
  if (isThere()) return;
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (canInstall) {
    say({ fr: 'Installation de Chromium…', en: 'Installing Chromium…' });
    aptGet('update', '-qq');
    if (aptGet('install', '-qq', '-y', '--no-install-recommends', 'chromium') && isThere()) return;
  }
  throw new SetUpError({
    fr: 'Chromium manque : « sudo apt-get install chromium », ou CHROMIUM=/chemin/vers/lui.',
    en: 'Chromium is missing: “sudo apt-get install chromium”, or CHROMIUM=/path/to/it.',
  });
});
