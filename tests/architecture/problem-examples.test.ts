import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lintWhole, readWorkspaceFolder } from '#libs/application';
import { emailTemplateProblems } from '#libs/channel-email';
import { root } from './fixture.js';

interface Example {
  readonly file: string;
  readonly wrong: string;
  readonly right: string;
}

// The script is no TypeScript: its shape is told here.
const script: string = join(root, 'scripts/lib/problem-examples.mjs');
const { EXAMPLES } = (await import(script)) as { EXAMPLES: Readonly<Record<string, Example>> };
const { files } = await readWorkspaceFolder(join(root, 'scenarios'));

async function told(example: Example, text: string): Promise<readonly (readonly unknown[])[]> {
  const changed = new Map(files).set(example.file, text);
  const { problems } = await lintWhole(changed, emailTemplateProblems);
  return problems.map(({ code, severity }) => [code, severity]);
}

it.each(Object.entries(EXAMPLES))(
  'the example of %s has it, and does not when put right',
  async (code, example) => {
    const wrong = await told(example, example.wrong);
    expect(wrong.map(([one]) => one)).toContain(code);
    const right = await told(example, example.right);
    expect(right.map(([one]) => one)).not.toContain(code);
    expect(right.filter(([, severity]) => severity === 'error')).toEqual([]);
  },
);
