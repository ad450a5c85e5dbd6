import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A small tree like ours, with our own configuration of the tools, to plant violations in. */
export interface Fixture {
  readonly dir: string;
  remove(): void;
}

const CONFIGURATION = ['.oxlintrc.json', '.dependency-cruiser.cjs', 'tsconfig.base.json'];

/** Writes the tree into a temporary folder with our packages in reach. */
export function plant(files: Readonly<Record<string, string>>): Fixture {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'relance-architecture-'));
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'), 'junction');
  for (const name of CONFIGURATION) copyFileSync(join(root, name), join(dir, name));
  const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  // Without the built twins: sources are what is looked at.
  const imports = { '#libs/*': './libs/*/src/index.ts' };
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ ...ours, imports }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), content);
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function run(cwd: string, tool: string, args: readonly string[]): string {
  const program = join(root, 'node_modules', ...tool.split('/'));
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === '') throw new Error(`${tool}: ${stderr}`);
  return stdout;
}

/** A rule that a file breaks. */
export interface Violation {
  readonly rule: string;
  readonly file: string;
}

const inOrder = (violations: readonly Violation[]): readonly string[] =>
  [...new Set(violations.map(({ file, rule }) => `${file}: ${rule}`))].sort();

/** What dependency-cruiser finds, as sorted `file: rule`. */
export function cruise(dir: string, folders: readonly string[]): readonly string[] {
  const args = [...folders, '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const output = run(dir, 'dependency-cruiser/bin/dependency-cruiser.mjs', args);
  const { summary } = JSON.parse(output) as {
    summary: { violations: { from: string; rule: { name: string } }[] };
  };
  return inOrder(summary.violations.map(({ from, rule }) => ({ file: from, rule: rule.name })));
}

/** What oxlint finds, as sorted `file: rule`; rules as `plugin(rule)`. */
export function lint(dir: string, args: readonly string[]): readonly string[] {
  const output = run(dir, 'oxlint/bin/oxlint', ['--format=json', '--no-ignore', ...args]);
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { filename: string; code: string }[];
  };
  return inOrder(diagnostics.map(({ code, filename }) => ({ file: filename, rule: code })));
}
