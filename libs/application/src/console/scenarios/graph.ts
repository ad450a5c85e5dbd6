import type { ApiResponse } from '#libs/contracts';
import type { Definition, Step } from '#libs/scenario';
import { conditionOrMention } from '../words/conditions.js';
import { entryText } from '../words/entries.js';
import { branchLabel, joinText, stepDetails, stepLabel } from '../words/steps.js';
import { say } from '../words/text.js';
import { stepNamesOf, type WorkspaceWords } from '../words/workspace-words.js';

/** The graph as the API gives it. */
export type Graph = ApiResponse<'scenario'>['graph'];

/** How often a step was left, by which branch. */
export interface StepPassing {
  readonly stepId: string;
  /** Empty where the step has none. */
  readonly branch: string;
  readonly result: string;
  readonly passed: number;
  readonly passedToday: number;
}

/** Live numbers of a scenario; passings are null where the analytics store does not answer. */
export interface GraphCounts {
  readonly waiting: ReadonlyMap<string, number>;
  readonly entered: number;
  readonly passings: readonly StepPassing[] | null;
}

const ENTRY = 'entry';
const END = 'end';

interface Way {
  readonly to: string;
  readonly label: string;
  readonly kind: Graph['edges'][number]['kind'];
  /** Which passings took it. */
  readonly took: (passing: StepPassing) => boolean;
}

const any = (): boolean => true;

function waysOf(step: Step, words: WorkspaceWords): readonly Way[] {
  const { locale } = words;
  const to = (target: string | null): string => target ?? END;
  switch (step.type) {
    case 'wait_for':
      return [
        {
          to: to(step.then),
          label: say(locale, 'c’est arrivé', 'it happened'),
          kind: 'branch',
          took: ({ result }) => result === 'matched',
        },
        {
          to: to(step.else),
          label: say(locale, 'rien à temps', 'nothing in time'),
          kind: 'timeout',
          took: ({ result }) => result !== 'matched',
        },
      ];
    case 'split':
      return step.branches.map(({ name, when, then }): Way => ({
        to: to(then),
        label: branchLabel({ name, when }, locale, stepNamesOf(words)),
        kind: 'branch',
        took: ({ branch }) => branch === name,
      }));
    case 'experiment':
      return step.arms.map(({ name, then }): Way => ({
        to: to(then),
        label: name,
        kind: 'branch',
        took: ({ branch }) => branch === name,
      }));
    case 'parallel':
    case 'repeat':
      return blockWays(step, locale);
    case 'exit':
      return [];
    default:
      return [{ to: to(step.next), label: '', kind: 'next', took: any }];
  }
}

/** Ways into a block, and the one out of it: what is inside leads back to the step itself. */
function blockWays(
  step: Extract<Step, { type: 'parallel' | 'repeat' }>,
  locale: WorkspaceWords['locale'],
): readonly Way[] {
  const inside = (to: string, label: string): Way => ({ to, label, kind: 'branch', took: any });
  const out = (label: string): Way => ({ to: step.next ?? END, label, kind: 'next', took: any });
  if (step.type === 'repeat') {
    return [inside(step.then, say(locale, 'encore', 'again')), out(say(locale, 'ensuite', 'then'))];
  }
  const branches = step.branches.map(({ name, then }) =>
    inside(then, name.replaceAll(/[-_]/g, ' ')),
  );
  return [...branches, out(joinText(step.join, locale))];
}

/** Nodes and edges of a definition with its live numbers, the way in first. */
export function graphOf(
  definition: Definition,
  counts: GraphCounts,
  words: WorkspaceWords,
): Graph {
  const { locale } = words;
  const names = stepNamesOf(words);
  const { passings, waiting } = counts;
  const passedBy = (stepId: string, took: (passing: StepPassing) => boolean): number | null =>
    passings === null
      ? null
      : passings
          .filter((passing) => passing.stepId === stepId && took(passing))
          .reduce((sum, { passed }) => sum + passed, 0);
  const todayOf = (stepId: string): number | null =>
    passings === null
      ? null
      : passings
          .filter((passing) => passing.stepId === stepId)
          .reduce((sum, { passedToday }) => sum + passedToday, 0);
  const nodes: Graph['nodes'] = [
    {
      id: ENTRY,
      type: 'entry',
      label: entryText(definition.entry, locale, names),
      details: definition.entry.when === undefined
          ? []
          : [conditionOrMention(definition.entry.when, locale, names)],
      waiting: 0,
      passed: counts.entered,
      passedToday: null,
    },
  ];
  const edges: Graph['edges'] = [
    { from: ENTRY, to: definition.start ?? END, label: '', kind: 'next', passed: counts.entered },
  ];
  for (const [stepId, step] of Object.entries(definition.steps)) {
    nodes.push({
      id: stepId,
      type: step.type,
      label: stepLabel(definition, stepId, locale, names),
      details: [...stepDetails(step, locale, names)],
      waiting: waiting.get(stepId) ?? 0,
      passed: passedBy(stepId, any),
      passedToday: todayOf(stepId),
    });
    for (const { to, label, kind, took } of waysOf(step, words)) {
      edges.push({ from: stepId, to, label, kind, passed: passedBy(stepId, took) });
    }
  }
  if (edges.some(({ to }) => to === END)) nodes.push(endNode(locale));
  return { nodes, edges };
}

function endNode(locale: WorkspaceWords['locale']): Graph['nodes'][number] {
  return {
    id: END,
    type: 'end',
    label: say(locale, 'Fin du scénario', 'End of the scenario'),
    details: [],
    waiting: 0,
    passed: null,
    passedToday: null,
  };
}
