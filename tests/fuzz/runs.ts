import { expect } from 'vitest';
import { LuxonCalendar } from '#libs/adapter-calendar';
import {
  buildCatalogue,
  lintWhole,
  lintWorkspace,
  type CompiledWorkspace,
} from '#libs/application';
import { emailTemplateProblems } from '#libs/channel-email';
import type { Problem } from '#libs/kernel';
import { capWindows, quietHoursQuestion, type Channel } from '#libs/policy';
import { initialState, transition, type Definition, type Input, type State } from '#libs/scenario';
import { prepareWorkspace } from '../../apps/worker/src/prepared.js';
import {
  diceOf,
  generatedEnrolling,
  generatedInput,
  type Dice,
} from '../../libs/scenario/src/testing/index.js';
import type { Files } from './mutations.js';

const calendar = new LuxonCalendar();
const START_MS = 1_767_225_600_000;
/** Processor time that lint of one workspace may take, in ms. */
const LINT_MS = 1_000;

/** Lints as `relance lint` does; it never throws, is quick, and says things properly. */
export async function linted(files: Files): Promise<CompiledWorkspace | undefined> {
  const before = process.cpuUsage();
  const pure = lintWorkspace(files);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(LINT_MS);
  checkTold(files, pure.problems);
  const { workspace, problems } = await lintWhole(files, emailTemplateProblems);
  checkTold(files, problems);
  // What is wrong with a test keeps the test from running, not the workspace from being published.
  const hasErrors = problems.some(
    ({ severity, place }) => severity === 'error' && place?.file.includes('.test.') !== true,
  );
  expect(workspace === undefined).toBe(hasErrors || pure.workspace === undefined);
  return workspace;
}

/** Each problem has its code, both languages, and a place that its file has. */
function checkTold(files: Files, problems: readonly Problem[]): void {
  for (const { code, message, hint, place } of problems) {
    expect(code).toMatch(/^RLN-\d{4}$/);
    for (const locale of ['fr', 'en']) {
      const text = `${message[locale]} ${hint?.[locale] ?? ''}`;
      expect(text).not.toMatch(/\bundefined\b|\[object|\bNaN\b/);
      expect(message[locale]?.length).toBeGreaterThan(3);
    }
    const text = files.get(place?.file ?? '');
    if (text === undefined) continue;
    const lines = text.split(/\r\n|\r|\n/);
    expect(place?.line).toBeGreaterThanOrEqual(1);
    expect(place?.line).toBeLessThanOrEqual(Math.max(1, lines.length));
    expect(place?.column).toBeGreaterThanOrEqual(1);
    expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 1) - 1]?.length ?? 0) + 2);
  }
}

/** What lint accepted, the engine takes: nothing is dropped, refused or thrown. */
export async function runsAll(workspace: CompiledWorkspace, seed: string): Promise<void> {
  await prepares(workspace);
  checkPolicies(workspace);
  for (const definition of workspace.definitions) {
    const dice = diceOf(seed, definition.scenario);
    let state = initialState(definition, generatedEnrolling(dice));
    for (let count = 0; count < 30; count += 1) {
      const input = nextInput(dice, definition, state);
      state = transition(definition, state, input).state;
    }
    expect(state.lastAtMs).toBeGreaterThanOrEqual(0);
  }
}

/** A generated input; a decision that is waited for is mostly answered by one of its actions. */
function nextInput(dice: Dice, definition: Definition, state: State): Input {
  const input = generatedInput(dice, definition, state);
  const [cursor] = state.cursors;
  const step = definition.steps[cursor?.stepId ?? ''];
  if (cursor === undefined || step?.type !== 'decide' || dice.chance(0.1)) return input;
  const { atMs, context } = input;
  const action = dice.pick(step.actions);
  const result = { kind: 'decided', decisionId: 'd1', action, treatment: 'email' } as const;
  return { type: 'result', atMs, context, commandId: cursor.wait.commandId, result };
}

async function prepares(compiled: CompiledWorkspace): Promise<void> {
  const prepared = await prepareWorkspace({ compiled }, calendar);
  expect(prepared.emailTemplates.size).toBe(compiled.templates.length);
  const sms = compiled.actions.flatMap(({ treatments }) =>
    treatments.filter(({ channel }) => channel === 'sms'),
  );
  expect(prepared.smsTemplates.size).toBe(sms.length);
  const { timezone } = compiled.relance;
  expect(calendar.isZone(timezone)).toBe(true);
  const dateStartMs = (date: string): number => {
    const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
    return calendar.dayStartMs(day, timezone);
  };
  const catalogue = buildCatalogue(compiled, { publishedAtMs: START_MS, dateStartMs });
  for (const { valid } of catalogue.actions.values()) {
    for (const ms of [valid.fromMs, valid.untilMs]) {
      expect(ms === null || Number.isFinite(ms)).toBe(true);
    }
  }
}

function checkPolicies({ relance, policies }: CompiledWorkspace): void {
  for (const channel of ['email', 'sms', 'call', 'task'] as Channel[]) {
    for (const { id } of policies.purposes) {
      expect(capWindows(policies.caps, channel, id).ok).toBe(true);
    }
    const place = {
      channel,
      profileZone: null,
      workspaceZone: relance.timezone,
      // Lint refuses what is no country; which ones have known holidays is the calendar's to say.
      profileCountry: 'FR',
      workspaceCountry: relance.country,
    };
    const question = quietHoursQuestion(policies.quiet_hours, place, calendar);
    expect('kind' in question ? question.kind : 'asked').not.toBe('unknown');
  }
}
