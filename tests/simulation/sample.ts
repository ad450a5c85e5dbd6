import { join } from 'node:path';
import { lintWorkspace, readWorkspaceFolder, type LintResult } from '#libs/application';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { normalisePhone } from '#libs/channel-sms';
import { present } from '#libs/kernel';
import { runSuite, type SuiteReport, type TestWorld } from '#libs/runtime-simulated';

/** Files by path laid over the sample workspace: a text, or what replaces a text; null: gone. */
export type Overlay = Readonly<Record<string, string | readonly [string, string] | null>>;

/** The sample workspace, checked, with files laid over it. */
export async function sample(overlay: Overlay = {}): Promise<LintResult> {
  const { files: read } = await readWorkspaceFolder(join(import.meta.dirname, '../../scenarios'));
  const files = new Map(read);
  for (const [path, change] of Object.entries(overlay)) {
    if (change === null) files.delete(path);
    else if (typeof change === 'string') files.set(path, change);
    else {
      const before = present(files.get(path), path);
      if (!before.includes(change[0])) throw new Error(`${path} does not hold ${change[0]}`);
      files.set(path, before.replace(change[0], change[1]));
    }
  }
  return lintWorkspace(files);
}

/** What tests run in. */
export function worldOf({ workspace }: LintResult): TestWorld {
  return {
    workspace: present(workspace, 'a workspace without errors'),
    calendar: new LuxonCalendar(),
    normalisePhone,
  };
}

/** Runs the tests of the sample with files laid over it. */
export async function runSample(overlay: Overlay = {}, only?: string): Promise<SuiteReport> {
  const linted = await sample(overlay);
  return await runSuite(linted.tests ?? [], worldOf(linted), only ?? null);
}

/** Runs one file of tests for the abandoned cart over the sample. */
export async function runCart(source: string, overlay: Overlay = {}): Promise<SuiteReport> {
  const file = 'abandoned-cart.test.yaml';
  return await runSample({ ...overlay, [file]: source }, 'abandoned-cart');
}
