import {
  engineEvent,
  type CompiledWorkspace,
  type PlacedLine,
  type TestCase,
} from '#libs/application';
import { present, type EpochMs, type ProfileId } from '#libs/kernel';
import type { DecisionWay, StatedDecision } from '../effects.js';
import type { Happening } from '../happening.js';
import type { SimulationOptions } from '../options.js';
import { Simulator } from '../simulator.js';
import { branchesTaken } from './branches.js';
import { Examiner, type Failure, type Standing } from './expectations.js';
import { instantOf, lengthOf } from './instants.js';
import { introduce, profileIdFor, traitEvents, withSegments } from './person.js';

/** What running tests needs of the outside. */
export type TestWorld = Pick<
  SimulationOptions,
  'workspace' | 'calendar' | 'normalisePhone' | 'renderText'
>;

/** What one case came to. */
export interface TestReport {
  readonly test: TestCase;
  readonly failures: readonly Failure[];
  /** Everything the scenario did, in order. */
  readonly trace: readonly Happening[];
  /** Ways of the scenario that were taken. */
  readonly taken: ReadonlySet<string>;
}

/** Runs a case on the simulator: the same case gives the same report, whenever and wherever. */
export async function runCase(test: TestCase, world: TestWorld): Promise<TestReport> {
  const { calendar } = world;
  const workspace = withSegments(world.workspace, test.profile.segments);
  const { timezone } = workspace.relance;
  const at = (text: string): EpochMs => instantOf(text, calendar, timezone);
  const definitions = workspace.definitions.filter(
    ({ scenario }) => scenario === test.scenario || test.with.includes(scenario),
  );
  const definition = present(
    definitions.find(({ scenario }) => scenario === test.scenario),
    'lint knows the scenario of a test',
  );
  const trace: Happening[] = [];
  const simulator = new Simulator({
    ...world,
    workspace,
    definitions,
    startMs: at(test.lines[0]?.at ?? ''),
    decisions: wayOf(test),
    groups: () => ({ groupOf: () => test.group }),
    onHappening: (one) => {
      if (one.scenario === test.scenario) trace.push(one);
    },
  });
  const profileId = profileIdFor(definition, test.experiments);
  introduce(simulator, { profileId, profile: test.profile, workspace, instantOf: at });
  const examiner = new Examiner(trace, at);
  const failures: Failure[] = [];
  for (const [index, line] of test.lines.entries()) {
    await follow(simulator, { line, index, profileId, workspace, at });
    const standing = standingOf(simulator, profileId, test.scenario);
    const failure = examiner.examine(line, { atMs: simulator.clock.nowMs(), standing });
    if (failure !== null) failures.push(failure);
  }
  return { test, failures, trace, taken: branchesTaken(definition, trace) };
}

/** Lets time pass up to a line, then has happen what it says. */
async function follow(
  simulator: Simulator,
  given: {
    readonly line: PlacedLine;
    readonly index: number;
    readonly profileId: string;
    readonly workspace: CompiledWorkspace;
    readonly at: (text: string) => EpochMs;
  },
): Promise<void> {
  const { line, index, profileId, workspace, at } = given;
  const nowMs = simulator.clock.nowMs();
  const toMs = line.at === undefined ? nowMs + lengthOf(line.after ?? '0s') : at(line.at);
  await simulator.runTo(Math.max(toMs, nowMs));
  const atMs = simulator.clock.nowMs();
  if (line.traits !== undefined) {
    const said = traitEvents({ profileId, traits: line.traits, atMs }, workspace);
    for (const event of said) await simulator.hear(event);
  }
  if (line.event === undefined) return;
  const raw = engineEvent({
    messageId: `${profileId}/${index}`,
    name: line.event,
    about: { profileId: profileId as ProfileId },
    atMs,
    properties: line.properties ?? {},
    source: 'test',
    isSample: false,
  });
  await simulator.hear({ ...raw, type: 'track' });
}

function wayOf({ decisions }: TestCase): DecisionWay {
  if (typeof decisions === 'string') return { mode: decisions, stated: () => null };
  return {
    mode: 'live',
    stated: ({ command }) => {
      const choice = decisions[command.stepId];
      return choice === undefined ? null : statedOf(choice);
    },
  };
}

function statedOf(choice: string): StatedDecision {
  const [action = '', treatment = null] = choice.split('/');
  return { action, treatment };
}

function standingOf(
  { population }: Simulator,
  profileId: string,
  scenario: string,
): readonly Standing[] {
  const rows = [...population.of(profileId).running.values()];
  return rows
    .filter((row) => row.scenario === scenario)
    .flatMap(({ state }) =>
      state.cursors.map(({ stepId, wait }) => ({
        stepId,
        untilMs: wait.kind === 'timer' || wait.kind === 'event' ? wait.dueMs : null,
      })),
    );
}
