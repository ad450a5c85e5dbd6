import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { API_REFUSALS, CATALOGUE } from '#libs/contracts';
import { lintWorkspace, readWorkspaceFolder } from '#libs/application';
import { describeConfig, SETTING_PROBLEMS } from '#libs/config';
import { COMMANDS } from '../../apps/cli/src/registry.js';
import { HTTP_PROBLEMS } from '../../apps/api/src/http/problems.js';

interface ProblemDocs {
  readonly problemPages: (catalogues: object) => ReadonlyMap<string, string>;
  readonly codesWithoutChapter: (codes: readonly string[]) => readonly string[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const script = new URL('../../scripts/lib/problem-docs.mjs', import.meta.url).href;
const { codesWithoutChapter, problemPages } = (await import(script)) as ProblemDocs;
const catalogues = {
  settings: SETTING_PROBLEMS,
  workspace: CATALOGUE,
  http: HTTP_PROBLEMS,
  api: API_REFUSALS,
};

// After a change of a catalogue: npm run build && node scripts/problem-docs.mjs
it('the problem pages are what the catalogues say, one for each code', async () => {
  const pages = problemPages(catalogues);
  expect(readdirSync(join(root, 'docs/problems')).sort()).toEqual([...pages.keys()].sort());
  for (const [name, page] of pages) {
    expect(page).toBe(read(`docs/problems/${name}`));
    // The examples are YAML as people write it, in lines as long as they like.
    const options = { parser: 'markdown', embeddedLanguageFormatting: 'off' } as const;
    expect(await format(page, options)).toBe(page);
  }
});

it('every code stands in a chapter', () => {
  const codes = [
    ...Object.keys(SETTING_PROBLEMS),
    ...Object.keys(CATALOGUE),
    ...Object.keys(HTTP_PROBLEMS),
    ...Object.values(API_REFUSALS).map(({ code }) => code),
  ];
  expect(codesWithoutChapter(codes)).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});

it.each(['docs/guides/operator.md', 'docs/guides/operator.fr.md'])(
  '%s names every variable and its default',
  (path) => {
    const page = read(path);
    for (const { name } of describeConfig()) expect(page).toContain(`| \`${name}\``);
  },
);

const PAGES = [
  'README.md',
  'README.fr.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: root }),
];

/** A scenario of the guide, with the examples of its table of steps put before its own. */
function guideScenario(page: string): string {
  const [, scenario = ''] = /```yaml\n(scenario: [^`]+)```/.exec(page) ?? [];
  const [before = ''] = page.split('### Conditions');
  const rows = before.split('\n').filter((line) => /^\| `(?!decide|exit)[a-z_]+` +\|/.test(line));
  const examples = rows.flatMap((row) =>
    [...(row.split('|')[2] ?? '').matchAll(/`([a-z_]+: [^`]+)`/g)].map(([, text = '']) =>
      text.replaceAll('[...]', '[]').replace('when: ...', 'when: profile.country == "FR"'),
    ),
  );
  expect(examples.length).toBeGreaterThanOrEqual(8);
  // The scenario itself holds the delivery of a decision; before that there is none to deliver.
  const steps = examples.filter((one) => !one.startsWith('deliver: { decision'));
  return scenario.replace('steps:\n', `steps:\n${steps.map((one) => `  - ${one}\n`).join('')}`);
}

/** What the guide's example enters people into. */
const AFTER_SALES = `scenario: after-sales
name: { fr: Suivi, en: After sales }
purpose: marketing
entry: { api: true, reentry: always }
steps: [ { exit: done } ]
`;

it.each(['docs/guides/marketer.md', 'docs/guides/marketer.fr.md'])(
  'the scenario and the steps of %s pass lint within the sample',
  async (page) => {
    const { files } = await readWorkspaceFolder(join(root, 'scenarios'));
    const text = guideScenario(read(page));
    const [, endpoints = ''] = /```yaml\n(webhooks:[^`]+)```/.exec(read(page)) ?? [];
    expect(endpoints).not.toBe('');
    const settings = `${files.get('relance.yaml') ?? ''}${endpoints}`;
    const { problems } = lintWorkspace(
      new Map([
        ...files,
        ['relance.yaml', settings],
        ['after-sales.yaml', AFTER_SALES],
        ['second-order.yaml', text],
      ]),
    );
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, place, message }) => [code, place, message['en']])).toEqual([]);
  },
);

it.each(PAGES)('commands that %s offers exist', (page) => {
  const offered = [...read(page).matchAll(/(?:`|^)(?:npx )?relance ([a-z][a-z-]*)/gm)];
  const names = offered.map(([, name]) => name ?? '');
  expect(names.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
});

// Pictures come from the running console, on their own time.
const isOurs = (target: string): boolean =>
  !/^(?:[a-z]+:|#)/.test(target) && !target.endsWith('.png');

it.each(PAGES)('links of %s lead somewhere', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  const broken = targets
    .filter(isOurs)
    .map((target) => target.replace(/#.*$/, ''))
    .filter((target) => !existsSync(join(root, dirname(page), decodeURI(target))));
  expect(broken).toEqual([]);
});

it('the table of folders names each app and lib once, and none that is empty or gone', () => {
  const rows = read('docs/ARCHITECTURE.md')
    .split('\n')
    .filter((line) => /^\| `(?:apps|libs)\//.test(line));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, folder]) => folder ?? ''),
  );
  const there = globSync('{apps,libs}/*/', { cwd: root }).map((path) => path.replace(/\/$/, ''));
  expect(named.sort()).toEqual(there.sort());
  const empty = globSync('libs/*/src/index.ts', { cwd: root }).filter((path) =>
    /^\s*(?:export \{\};)?\s*$/.test(read(path)),
  );
  expect(empty).toEqual([]);
});
