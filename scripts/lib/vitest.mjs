import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './places.mjs';
import { runShown } from './run.mjs';
import { say } from './say.mjs';

const SHOWN_SKIPS = 60;

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skippedNames: [] };
  }
}

function sayTally({ passed, failed, skipped, skippedNames }) {
  if (skipped > 0) {
    say({ fr: `Omis (${skipped}) :`, en: `Skipped (${skipped}):` });
    for (const name of skippedNames.slice(0, SHOWN_SKIPS)) process.stderr.write(`  ${name}\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
}

/**
 * Runs vitest on our terminal with the given arguments, then prints `N passed, N failed, N skipped`
 * alone on the last line. Answers with the exit code: 0 only where nothing failed, what failed before
 * the tests included.
 */
export async function runTests(args, failedBefore = 0) {
  const dir = mkdtempSync(join(tmpdir(), 'relance-tests-'));
  const file = join(dir, 'tally.json');
  try {
    const reporters = [
      '--reporter=default',
      `--reporter=${inRoot('scripts/lib/tally-reporter.mjs')}`,
    ];
    const code = await runShown(
      process.execPath,
      [inRoot('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...args],
      { env: { ...process.env, RELANCE_TALLY: file } },
    );
    const tally = readTally(file);
    tally.failed += failedBefore;
    sayTally(tally);
    return code === 0 && tally.failed === 0 ? 0 : code || 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
