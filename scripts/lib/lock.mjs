import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './say.mjs';

const LONGEST_MS = 20 * 60_000;

function isHeld(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (Date.now() - statSync(file).mtimeMs > LONGEST_MS) return false;
    // Just made and not yet filled in: its maker lives.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function clearStale(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside); // Only one of several waiters succeeds.
    rmSync(aside, { force: true });
  } catch {
    // Another one cleared it.
  }
}

/** Does the work while no other process does it; a lock whose holder is gone does not count. */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  let waits = false;
  while (!take(file)) {
    if (!isHeld(file)) clearStale(file);
    else if (!waits) {
      waits = true;
      say({
        fr: '· Une autre préparation est en cours ; attente…',
        en: '· Another set-up is under way; waiting…',
      });
    }
    await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
