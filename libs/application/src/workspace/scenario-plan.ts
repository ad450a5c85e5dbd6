import type { Problem } from '#libs/kernel';
import { problemOf } from '#libs/contracts';
import { stepAfter, type Definition, type StepId } from '#libs/scenario';
import type { NotMoved } from '../runtime/migration-jobs.js';
import { differencesOf, movedIds, type Difference } from './scenario-diff.js';

/** How many stand on a step of a version; an empty step: the held-out, who stand on none. */
export interface PeopleOnStep {
  readonly definition: string;
  readonly stepId: StepId;
  readonly people: number;
}

/** The same with every step they stand on at once, where branches run side by side. */
export interface PeopleInPlaces extends PeopleOnStep {
  readonly stepIds?: readonly StepId[];
}

/** What publishing does to the people on a step of an older version. */
export interface Fate extends PeopleOnStep {
  /** `kept`: they finish under their version; `refused`: so too, though the scenario migrates. */
  readonly fate: 'kept' | 'moved' | 'refused';
  /** Where they go on, when moved; empty for the held-out. */
  readonly to: StepId | null;
  /** Why they stay, when they do. */
  readonly reason: NotMoved | null;
}

/** What publishing changes in one scenario, and for whom. */
export interface ScenarioPlan {
  readonly differences: readonly Difference[];
  /** By version, in the order in which `versions` was given, then by step. */
  readonly inFlight: readonly Fate[];
  /** Errors keep it from being published. */
  readonly problems: readonly Problem[];
}

/** A scenario as it is and as it would be, with everybody who is in it. */
export interface ScenarioToPlan {
  readonly scenario: string;
  /** The version in force; null for a new scenario. */
  readonly from: Definition | null;
  /** Null for one that is taken out. */
  readonly to: Definition | null;
  /** Every version that is known. */
  readonly versions: readonly Definition[];
  readonly standing: readonly PeopleInPlaces[];
}

/** Plans one scenario. Pure; the same test of a step moves people when it is published. */
export function planScenario(given: ScenarioToPlan): ScenarioPlan {
  const { from, to } = given;
  const inFlight = fatesOf(given);
  const isMoving = to?.onChange.kind === 'migrate';
  return {
    differences: from === null || to === null ? [] : differencesOf(from, to),
    inFlight,
    problems: [
      ...(isMoving ? refusalProblems(given, inFlight) : goneProblems(given, inFlight)),
      ...movedProblems(given, inFlight),
      ...redirectProblems(given),
    ],
  };
}

function fatesOf({ to, versions, standing }: ScenarioToPlan): readonly Fate[] {
  const place = new Map(
    versions.map(({ hash, steps }, index) => [
      hash as string,
      { index, steps: Object.keys(steps) },
    ]),
  );
  // By version, then in the order of its file; the held-out, who stand on no step, first.
  const order = (left: PeopleOnStep, right: PeopleOnStep): number => {
    const [one, other] = [place.get(left.definition), place.get(right.definition)];
    const steps = one?.steps ?? [];
    return (
      (one?.index ?? -1) - (other?.index ?? -1) ||
      steps.indexOf(left.stepId) - steps.indexOf(right.stepId)
    );
  };
  const older = standing.filter(({ definition }) => definition !== to?.hash);
  return summed(older.map((on) => deciding(on, to, versions)))
    .sort(order)
    .map((on) => ({ ...on, ...fateOf(on, to, versions) }));
}

function fateOf(
  { definition, stepId }: PeopleOnStep,
  to: Definition | null,
  versions: readonly Definition[],
): Pick<Fate, 'fate' | 'to' | 'reason'> {
  if (to === null || to.onChange.kind === 'pin')
    return { fate: 'kept', to: null, reason: 'pinned' };
  const from = versions.find(({ hash }) => hash === definition);
  if (from === undefined) return { fate: 'refused', to: null, reason: 'unknown_version' };
  if (stepId === '') return { fate: 'moved', to: '', reason: null };
  const after = stepAfter({ from, to }, stepId);
  return after.ok
    ? { fate: 'moved', to: after.value, reason: null }
    : { fate: 'refused', to: null, reason: after.error };
}

/** Whoever stands in several places moves as a whole: counted on the first that keeps them. */
function deciding(
  { definition, stepId, stepIds = [stepId], people }: PeopleInPlaces,
  to: Definition | null,
  versions: readonly Definition[],
): PeopleOnStep {
  const refused = stepIds.find(
    (each) => fateOf({ definition, stepId: each, people }, to, versions).fate === 'refused',
  );
  return { definition, stepId: refused ?? stepId, people };
}

/** One row a version and step, whatever the people's status. */
function summed(standing: readonly PeopleOnStep[]): PeopleOnStep[] {
  const rows = new Map<string, PeopleOnStep>();
  for (const { definition, stepId, people } of standing) {
    const key = `${definition} ${stepId}`;
    const before = rows.get(key)?.people ?? 0;
    rows.set(key, { definition, stepId, people: before + people });
  }
  return [...rows.values()];
}

const place = (scenario: string) => ({ file: `${scenario}.yaml`, line: 1, column: 1 });

/** Nobody is left behind without a word: a step with people on it that leads nowhere is refused. */
function refusalProblems(
  { scenario, versions, to }: ScenarioToPlan,
  inFlight: readonly Fate[],
): readonly Problem[] {
  return byStep(inFlight.filter(({ fate }) => fate === 'refused')).map(({ step, people, rows }) => {
    const isUnfit = rows.some(({ reason }) => reason === 'unfit_step');
    const from = versions.find(({ hash }) => hash === rows[0]?.definition);
    const likely = from === undefined || to === null ? undefined : movedIds(from, to).get(step);
    const target = likely ?? { fr: 'NOUVELLE_ÉTAPE', en: 'NEW_STEP' };
    const code = isUnfit ? 'RLN-1231' : 'RLN-1230';
    return problemOf(code, place(scenario), { step, scenario, people, target });
  });
}

/** A step that is gone under `pin`, while people stand on it: they finish where they are. */
function goneProblems(
  { scenario, from, to }: ScenarioToPlan,
  inFlight: readonly Fate[],
): readonly Problem[] {
  if (from === null || to === null) return [];
  const moved = movedIds(from, to);
  const gone = inFlight.filter(
    ({ definition, stepId }) =>
      definition === from.hash &&
      stepId !== '' &&
      !moved.has(stepId) &&
      !Object.hasOwn(to.steps, stepId),
  );
  return byStep(gone).map(({ step, people }) =>
    problemOf('RLN-1213', place(scenario), { step, scenario, people }),
  );
}

/** The edit gave another id to an unnamed step on which people stand. */
function movedProblems(
  { scenario, from, to }: ScenarioToPlan,
  inFlight: readonly Fate[],
): readonly Problem[] {
  if (from === null || to === null) return [];
  const redirects = to.onChange.kind === 'migrate' ? to.onChange.redirects : {};
  return [...movedIds(from, to)].flatMap(([step, target]) => {
    if (Object.hasOwn(redirects, step)) return [];
    const on = inFlight.filter(
      ({ definition, stepId }) => definition === from.hash && stepId === step,
    );
    const people = on.reduce((total, row) => total + row.people, 0);
    if (people === 0) return [];
    return [problemOf('RLN-1232', place(scenario), { step, target, scenario, people })];
  });
}

/** Most likely a slip of the pen: no version ever had the step. */
function redirectProblems({ scenario, to, versions }: ScenarioToPlan): readonly Problem[] {
  if (to?.onChange.kind !== 'migrate') return [];
  const older = versions.filter(({ hash }) => hash !== to.hash);
  return Object.keys(to.onChange.redirects)
    .filter((step) => !older.some(({ steps }) => Object.hasOwn(steps, step)))
    .map((step) => problemOf('RLN-1233', place(scenario), { step, scenario }));
}

function byStep(
  fates: readonly Fate[],
): readonly { readonly step: StepId; readonly people: number; readonly rows: readonly Fate[] }[] {
  const steps = [...new Set(fates.map(({ stepId }) => stepId))];
  return steps.map((step) => {
    const rows = fates.filter(({ stepId }) => stepId === step);
    return { step, rows, people: rows.reduce((total, { people }) => total + people, 0) };
  });
}
