import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lintWorkspace, readWorkspaceFolder } from '#libs/application';
import { ruleProblem } from '#libs/adapter-calendar';
import { root } from './fixture.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The entries that a guide shows by themselves, each as a scenario of its own. */
function scenariosOf(page: string): readonly (readonly [string, string])[] {
  return [...page.matchAll(/```yaml\n(entry:\n[^`]+)```/g)].map(([, entry = ''], at) => [
    `guide-${at}.yaml`,
    `scenario: guide-${at}\nname: { fr: Guide, en: Guide }\npurpose: marketing\n${entry}steps:\n  - exit: done\n`,
  ]);
}

it.each(['docs/guides/marketer.md', 'docs/guides/marketer.fr.md'])(
  'the entries of %s pass lint within the sample',
  async (page) => {
    const { files } = await readWorkspaceFolder(join(root, 'scenarios'));
    const scenarios = scenariosOf(read(page));
    const { problems, workspace } = lintWorkspace(
      new Map([...files, ...scenarios]),
      [],
      ruleProblem,
    );
    expect(problems.map(({ code, message }) => [code, message['en']])).toEqual([]);
    const kinds = (workspace?.definitions ?? [])
      .filter(({ scenario }) => scenario.startsWith('guide-'))
      .map(({ entry }) =>
        Object.keys(entry).filter((key) => /^(date|schedule|requested)$/.test(key)),
      );
    expect(kinds).toEqual([['date'], ['schedule'], ['requested']]);
  },
);
