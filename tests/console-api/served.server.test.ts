import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startHarness } from '../capture/harness.js';

it('the api serves the console, and its log tells each change by name alone', async () => {
  const consoleDir = mkdtempSync(join(tmpdir(), 'relance-served-'));
  writeFileSync(join(consoleDir, 'index.html'), '<title>Relance</title>');
  const harness = await startHarness({}, { consoleDir });
  try {
    const authorization = `Bearer ${harness.secrets.apiKey}`;
    const ask = (path: string, body?: unknown) =>
      fetch(`${harness.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const user = { email: 'canary@console.test', role: 'analyst' };
    expect((await ask('/api/users', user)).status).toBe(200);
    expect((await (await ask('/api/users')).text()).includes(user.email)).toBe(true);
    const told = harness.lines.filter((line) => line.includes('a command of the console'));
    expect(told.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'info', command: 'AddUser', by: expect.any(String) },
    ]);
    expect(harness.lines.join('\n')).not.toContain('canary');
    expect(await (await fetch(`${harness.url}/today`)).text()).toContain('<title>Relance');
    for (const path of ['/v1/track', '/v1/nothing', '/api/nothing', '/c/', '/webhooks/x']) {
      const refused = await fetch(`${harness.url}${path}`);
      expect([path, refused.status]).toEqual([path, 404]);
      expect(await refused.json()).toMatchObject({
        type: expect.stringContaining('urn:relance:problem:'),
        status: 404,
      });
      expect((await fetch(`${harness.url}${path}`, { method: 'HEAD' })).status).toBe(404);
    }
  } finally {
    await harness.close();
    rmSync(consoleDir, { recursive: true, force: true });
  }
});
