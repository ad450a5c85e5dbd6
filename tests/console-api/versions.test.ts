import { join } from 'node:path';
import { expect, it } from 'vitest';
import { API, type ApiOperation, type ApiResponse } from '#libs/contracts';
import { readWorkspaceFolder } from '#libs/application';
import { openTestStore } from '#libs/testkit';
import type { z } from 'zod';
import { publishFolder } from '../../apps/worker/src/publish-folder.js';
import { consoleWorld, HOME_KEY, type Ask } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const WORKSPACE = 'tests/workspaces/pipeline';

it('every version gives back its YAML, that of the first start too', async () => {
  const store = await openTestStore();
  const database = await store.fresh();
  const folder = join(import.meta.dirname, '../..', WORKSPACE);
  const failed: string[] = [];
  await publishFolder(database, {
    folder,
    nowMs: START_MS,
    locale: 'en',
    isSample: false,
    failed: (problem) => failed.push(problem),
  });
  expect(failed).toEqual([]);
  const world = await consoleWorld(database, { workspace: WORKSPACE, startMs: START_MS });
  async function call<Operation extends ApiOperation>(
    operation: Operation,
    path: string,
    ask: Ask = {},
  ): Promise<ApiResponse<Operation>> {
    const { json } = await world.ask(path, { key: HOME_KEY, ...ask });
    return (API[operation].response as z.ZodType).parse(json) as ApiResponse<Operation>;
  }
  try {
    const files = Object.fromEntries((await readWorkspaceFolder(folder)).files);
    const text = files['hello.yaml'] ?? '';
    const first = await call('scenario', '/api/scenarios/hello');
    expect([first.versions.length, first.versions[0]?.author]).toEqual([1, 'relance']);
    const changed = text.replace('priority: 50', 'priority: 51');
    expect(changed).not.toBe(text);
    const body = { files: { ...files, 'hello.yaml': changed } };
    await call('applyWorkspace', '/api/workspace/apply', { method: 'POST', body });
    const detail = () => call('scenario', '/api/scenarios/hello');
    await expect.poll(async () => (await detail()).definition).not.toBe(first.definition);
    const { definition, versions } = await detail();
    expect(versions.map((one) => one.definition).sort()).toEqual(
      [definition, first.definition].sort(),
    );
    const source = (of: string) =>
      call('scenarioSource', `/api/scenarios/hello/source?definition=${of}`);
    expect((await source(definition)).text).toBe(changed);
    expect((await source(first.definition)).text).toBe(text);
  } finally {
    await world.close();
    await store.close();
  }
});
