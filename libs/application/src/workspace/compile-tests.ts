import type { Place } from '#libs/kernel';
import type {
  CheckedFile,
  DocumentPath,
  TestConfig,
  TestExpectation,
  TestLine,
  TestProfile,
} from '#libs/contracts';
import type { Definition } from '#libs/scenario';
import type { CompiledWorkspace } from './compiled.js';
import { checkName, suggestionFor, type ProblemList } from './problem-list.js';
import { STANDARD_EVENTS } from './standard-events.js';

/** A case of a file of tests: one person and what happens to them. */
export interface TestCase {
  readonly scenario: string;
  /** Null in a file of a single case without a name. */
  readonly name: string | null;
  readonly place: Place;
  readonly profile: TestProfile;
  readonly group: NonNullable<TestConfig['group']>;
  readonly decisions: NonNullable<TestConfig['decisions']>;
  /** Arms by experiment. */
  readonly experiments: Readonly<Record<string, string>>;
  readonly with: readonly string[];
  readonly lines: readonly PlacedLine[];
}

/** A line of a timeline, and where it stands in the file. */
export interface PlacedLine extends TestLine {
  readonly place: Place;
  readonly expectPlace: Place;
}

type Parts = Omit<CompiledWorkspace, 'hash'>;

interface Checking {
  readonly list: ProblemList;
  readonly file: CheckedFile<'test'>;
  readonly parts: Parts;
  readonly definition: Definition;
}

const NOBODY: TestProfile = { traits: {}, consents: {}, aggregates: {}, segments: [] };

/** Checks the files of tests against their workspace; answers the cases of those that hold. */
export function compileTests(
  list: ProblemList,
  files: readonly CheckedFile<'test'>[],
  parts: Parts,
): readonly TestCase[] {
  return files.flatMap((file) => {
    const { document, value } = file;
    const { definitions } = parts;
    const known = definitions.map(({ scenario }) => scenario);
    for (const [index, name] of value.with.entries()) {
      checkName(list, 'scenario', { name, place: document.placeOf(['with', index]) }, known);
    }
    const about = { name: value.scenario, place: document.placeOf(['scenario']) };
    const isKnown = checkName(list, 'scenario', about, known);
    const definition = definitions.find(({ scenario }) => scenario === value.scenario);
    if (!isKnown || definition === undefined) return [];
    return casesOf({ list, file, parts, definition });
  });
}

/** A single case, or a list of them, each with what the file says for all. */
function casesOf(checking: Checking): readonly TestCase[] {
  const { list, file } = checking;
  const { value, document } = file;
  const { timeline, tests } = value;
  if ((timeline === undefined) === (tests === undefined)) {
    list.add('RLN-1801', document.placeOf([]));
    return [];
  }
  checkSetting(checking, [], value);
  if (timeline !== undefined) {
    return [caseOf(checking, ['timeline'], { name: value.name ?? null, own: value, timeline })];
  }
  return (tests ?? []).map((own, index) => {
    const path = ['tests', index] as const;
    checkSetting(checking, path, own);
    const { name } = own;
    return caseOf(checking, [...path, 'timeline'], { name, own, timeline: own.timeline });
  });
}

type Setting = Pick<TestConfig, 'profile' | 'group' | 'decisions' | 'experiments'>;

function caseOf(
  checking: Checking,
  path: DocumentPath,
  given: {
    readonly name: string | null;
    readonly own: Setting;
    readonly timeline: readonly TestLine[];
  },
): TestCase {
  const { file, definition } = checking;
  const { name, own, timeline } = given;
  const { value, document } = file;
  checkTimes(checking, path, timeline);
  const lines = timeline.map((line, index) => {
    checkLine(checking, [...path, index], line);
    const expectPlace = document.placeOfKey([...path, index, 'expect']);
    return { ...line, place: document.placeOf([...path, index]), expectPlace };
  });
  return {
    scenario: definition.scenario,
    name,
    place: path.length === 1 ? document.placeOf([]) : document.placeOf(path.slice(0, 2)),
    profile: own.profile ?? value.profile ?? NOBODY,
    group: own.group ?? value.group ?? 'policy',
    decisions: own.decisions ?? value.decisions ?? 'live',
    experiments: own.experiments ?? value.experiments ?? {},
    with: value.with,
    lines,
  };
}

/** The person, the decisions and the arms. */
function checkSetting(checking: Checking, path: DocumentPath, setting: Setting): void {
  if (setting.profile !== undefined) {
    checkPerson(checking, [...path, 'profile'], setting.profile);
  }
  const at = (...rest: DocumentPath) => checking.file.document.placeOfKey([...path, ...rest]);
  const { decisions = {}, experiments = {} } = setting;
  for (const [stepId, choice] of Object.entries(typeof decisions === 'string' ? {} : decisions)) {
    checkChoice(checking, { stepId, choice, place: at('decisions', stepId) });
  }
  for (const [stepId, arm] of Object.entries(experiments)) {
    checkArm(checking, { stepId, arm, place: at('experiments', stepId) });
  }
}

function checkPerson(
  { list, file, parts }: Checking,
  path: DocumentPath,
  person: TestProfile,
): void {
  const { traits, aggregates } = parts.profile;
  const purposes = parts.policies.purposes.map(({ id }) => id);
  const segments = parts.segments.map(({ id }) => id);
  const at = (...rest: DocumentPath) => file.document.placeOfKey([...path, ...rest]);
  for (const name of Object.keys(person.traits)) {
    checkName(list, 'trait', { name, place: at('traits', name) }, Object.keys(traits));
  }
  for (const name of Object.keys(person.aggregates)) {
    const place = at('aggregates', name);
    checkName(list, 'aggregate', { name, place }, Object.keys(aggregates));
  }
  for (const [index, name] of person.segments.entries()) {
    const place = file.document.placeOf([...path, 'segments', index]);
    checkName(list, 'segment', { name, place }, segments);
  }
  for (const key of Object.keys(person.consents)) {
    const name = key.slice(key.indexOf('.') + 1);
    checkName(list, 'purpose', { name, place: at('consents', key) }, purposes);
  }
}

function checkArm(
  { list, definition }: Checking,
  at: { readonly stepId: string; readonly arm: string; readonly place: Place },
): void {
  const { stepId, arm: name, place } = at;
  const step = definition.steps[stepId];
  if (step?.type !== 'experiment') {
    return void checkName(list, 'step', { name: stepId, place }, stepsOf(definition, 'experiment'));
  }
  const arms = step.arms.map((arm) => arm.name);
  checkName(list, 'arm', { name, place }, arms);
}

const stepsOf = ({ steps }: Definition, type: string): readonly string[] =>
  Object.keys(steps).filter((id) => steps[id]?.type === type);

function checkChoice(
  { list, definition, parts }: Checking,
  at: { readonly stepId: string; readonly choice: string; readonly place: Place },
): void {
  const { stepId, choice, place } = at;
  const step = definition.steps[stepId];
  if (step?.type !== 'decide') {
    const known = stepsOf(definition, 'decide').join(', ') || '—';
    return list.add('RLN-1303', place, { decision: stepId, known });
  }
  const [action = '', treatment] = choice.split('/');
  const known = [...new Set([...step.actions, step.fallback, 'nothing'])];
  if (!known.includes(action)) {
    const params = { field: `decisions.${stepId}`, action, known: known.join(', ') };
    return list.add('RLN-1207', place, params);
  }
  if (treatment === undefined) return;
  const treatments = parts.actions.find(({ id }) => id === action)?.treatments ?? [];
  checkName(
    list,
    'treatment',
    { name: treatment, place },
    treatments.map(({ id }) => id),
  );
}

/** Every line has its time, none lies before the one above it. */
function checkTimes(
  { list, file }: Checking,
  path: DocumentPath,
  timeline: readonly TestLine[],
): void {
  const { document } = file;
  let last: string | undefined;
  for (const [index, { at, after }] of timeline.entries()) {
    const here = [...path, index];
    if (at !== undefined && after !== undefined) {
      list.add('RLN-1803', document.placeOfKey([...here, 'after']));
    }
    if (index === 0 && at === undefined) list.add('RLN-1802', document.placeOf(here));
    if (at === undefined) continue;
    const place = document.placeOf([...here, 'at']);
    if (!isDate(at)) list.add('RLN-1806', place, { date: at.slice(0, 10) });
    else if (last !== undefined && isBefore(at, last)) list.add('RLN-1805', place);
    last = at;
  }
}

function isDate(instant: string): boolean {
  const [year = 0, month = 0, day = 0] = instant.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const OFFSET = /(Z|[+-]\d\d:\d\d)$/;

/** Where one has an offset and the other has none, only who knows the zone can tell. */
function isBefore(instant: string, other: string): boolean {
  if (OFFSET.test(instant) !== OFFSET.test(other)) return false;
  return Date.parse(instant.replace(' ', 'T')) < Date.parse(other.replace(' ', 'T'));
}

function checkLine(checking: Checking, path: DocumentPath, line: TestLine): void {
  const { list, file, parts } = checking;
  const { document } = file;
  const { event, traits = {}, expect } = line;
  if (event === undefined && line.traits === undefined && expect === undefined) {
    list.add('RLN-1804', document.placeOf(path));
  }
  for (const name of Object.keys(traits)) {
    const place = document.placeOfKey([...path, 'traits', name]);
    checkName(list, 'trait', { name, place }, Object.keys(parts.profile.traits));
  }
  const events = [...parts.events.map((one) => one.event), ...Object.keys(STANDARD_EVENTS)];
  if (event !== undefined && !events.includes(event)) {
    const params = { name: event, suggestion: suggestionFor(event, events) };
    list.add('RLN-1302', document.placeOf([...path, 'event']), params);
  }
  if (expect !== undefined) checkExpectation(checking, [...path, 'expect'], expect);
}

/** Steps and actions that an expectation names. */
function checkExpectation(
  { list, file, parts, definition }: Checking,
  path: DocumentPath,
  expect: TestExpectation,
): void {
  const place = file.document.placeOf(path);
  const actions = [...parts.actions.map(({ id }) => id), 'nothing'];
  const steps = Object.keys(definition.steps);
  for (const key of ['delivered', 'withheld', 'put_off', 'decided'] as const) {
    for (const one of [expect[key] ?? []].flat()) {
      const { step, action } = typeof one === 'string' ? { action: one.split('/')[0] } : one;
      const at = file.document.placeOf([...path, key]);
      if (step !== undefined) checkName(list, 'step', { name: step, place: at }, steps);
      if (action === undefined) continue;
      // What a task step withholds is the task itself.
      checkName(list, 'action', { name: action, place: at }, [...actions, 'task']);
    }
  }
  const { waiting } = expect;
  const step = typeof waiting === 'string' ? waiting : waiting?.step;
  if (step !== undefined) checkName(list, 'step', { name: step, place }, steps);
}
