import { afterAll, beforeAll, describe } from 'vitest';
import { chromiumPath } from './browser.js';
import { startHarness, type Harness } from './harness.js';
import { doing } from './suites/doing.js';
import { everyPage } from './suites/every-page.js';
import { looks } from './suites/looks.js';
import { session } from './suites/session.js';

// Without Chromium these are skipped aloud; continuous integration must have one.
const isSkipped = chromiumPath === undefined && process.env['CI'] !== 'true';

describe.skipIf(isSkipped)('console in Chromium', () => {
  let started: Harness | undefined;
  const harness = (): Harness => {
    if (started === undefined) throw new Error('Chromium did not start');
    return started;
  };
  beforeAll(async () => {
    started = await startHarness();
  });
  afterAll(() => started?.close());

  everyPage(harness);
  session(harness);
  doing(harness);
  looks(harness);
});
