import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endingOfChild } from './ended.js';

test('a message to a process that was killed does not hide how it ended', async () => {
  const stdio: ['ignore', 'ignore', 'ignore', 'ipc'] = ['ignore', 'ignore', 'ignore', 'ipc'];
  const child = spawn(process.execPath, ['-e', 'process.on("message", () => {})'], { stdio });
  const ended = endingOfChild(child);
  const failed = once(child, 'error');
  child.kill('SIGKILL');
  child.disconnect();
  child.send('too late');
  await failed;
  expect(await ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
});

test('a process that could not start has ended', async () => {
  const child = spawn('/nowhere/at/all');
  expect(await endingOfChild(child)).toEqual({ exitCode: null, signal: null });
});
