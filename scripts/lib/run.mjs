import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { whenNpmIsGone } from './orphan.mjs';
import { root } from './places.mjs';

/** The way a child ended as an exit code, signals as a shell counts them. */
const codeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

/** Runs a program without showing it; `{ code, output }` with stdout and stderr together. */
export function runQuietly(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let output = '';
    const collect = (chunk) => (output += chunk);
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) => resolve({ code: codeOf(code, signal), output }));
  });
}

/**
 * Runs a program on our terminal and answers with its exit code. A signal for us is passed on and
 * waited out, so that whoever stops us does not leave it behind.
 */
export function runShown(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const stopLooking = whenNpmIsGone(() => child.kill('SIGTERM'));
    const finish = (code) => {
      stopLooking();
      for (const signal of signals) process.removeListener(signal, passOn);
      resolve(code);
    };
    child.once('error', () => finish(127));
    child.once('exit', (code, signal) => finish(codeOf(code, signal)));
  });
}

/** Runs npm itself, the one that started us where there is one. */
export function runNpm(args, options = {}) {
  const own = process.env.npm_execpath;
  const usable = own !== undefined && /npm-cli\.c?js$/.test(own) && existsSync(own);
  if (usable) return runQuietly(process.execPath, [own, ...args], options);
  const windows = process.platform === 'win32';
  return runQuietly(windows ? 'npm.cmd' : 'npm', args, { shell: windows, ...options });
}
