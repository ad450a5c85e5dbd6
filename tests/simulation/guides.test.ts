import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runSample } from './sample.js';

/** The blocks of YAML of a guide that tell of its example. */
function exampleOf(guide: string): { readonly scenario: string; readonly tests: string } {
  const page = readFileSync(join(import.meta.dirname, '../../docs/guides', guide), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? '');
  const scenario = blocks.find((block) => block.startsWith('scenario: second-order'));
  const tests = blocks.find((block) => block.startsWith('# second-order.test.yaml'));
  return { scenario: scenario ?? '', tests: tests ?? '' };
}

it.each(['marketer.md', 'marketer.fr.md'])('the tests that %s shows pass', async (guide) => {
  const { scenario, tests } = exampleOf(guide);
  const { reports, coverage } = await runSample(
    { 'second-order.yaml': scenario, 'second-order.test.yaml': tests },
    'second-order',
  );
  expect(reports.map(({ failures }) => failures)).toEqual([[], [], []]);
  expect(coverage.map(({ untaken }) => untaken)).toEqual([[]]);
});
