import type { ScenarioGraph, StepOf } from '../scenarios/graph-layout.js';
import { blockLabel, stepDetails, stepLabel, triggerText, type LabelWords } from './labels.js';
import { textOf, type Outline, type OutlineBlock, type OutlineStep } from './model.js';

/** Ids of what is no step. */
export const ENTRY = 'entry';
const END = 'end';

type Edge = ScenarioGraph['edges'][number];

/** Key of a step on the canvas: its place, which no other step has. */
export const keyOf = ({ path }: Pick<OutlineStep, 'path'>): string => path.join('.');

interface Words {
  readonly labels: LabelWords;
  readonly entry: (what: string) => string;
  readonly end: string;
}

const NO_COUNTS = { waiting: 0, passed: null, passedToday: null };

/** The graph of an outline, as the page of a published scenario draws its own. */
export function graphOfOutline(
  outline: Outline,
  words: Words,
  live: ReadonlyMap<string, StepOf>,
): ScenarioGraph {
  const { labels } = words;
  const edges: Edge[] = [];
  const when = textOf(outline.entry['when']);
  const entry: StepOf = {
    ...NO_COUNTS,
    id: ENTRY,
    type: 'entry',
    label: words.entry(triggerText(outline.entry, labels)),
    details: when === '' ? [] : [when],
  };
  const first = connect(outline.main, END, { edges, labels });
  edges.unshift({ from: ENTRY, to: first, label: '', kind: 'next', passed: null });
  const nodes = [entry, ...outline.steps.map((step) => nodeOf(step, labels, live))];
  if (edges.some(({ to }) => to === END)) {
    nodes.push({ ...NO_COUNTS, id: END, type: 'end', label: words.end, details: [] });
  }
  return { nodes, edges };
}

function nodeOf(step: OutlineStep, labels: LabelWords, live: ReadonlyMap<string, StepOf>): StepOf {
  const { waiting, passed, passedToday } = live.get(step.id) ?? NO_COUNTS;
  return {
    id: keyOf(step),
    // Kinds of step that came later are drawn all the same.
    type: step.type as StepOf['type'],
    label: stepLabel(step, labels),
    details: [...stepDetails(step, labels)],
    waiting,
    passed,
    passedToday,
  };
}

/** Draws a block that leads to `next`; answers where it begins. */
function connect(
  { steps }: OutlineBlock,
  next: string,
  on: { readonly edges: Edge[]; readonly labels: LabelWords },
): string {
  const { edges, labels } = on;
  for (const [index, step] of steps.entries()) {
    const from = keyOf(step);
    const after = steps[index + 1];
    const to = after === undefined ? next : keyOf(after);
    if (step.type === 'exit') continue;
    if (step.blocks.length === 0) {
      edges.push({ from, to, label: '', kind: 'next', passed: null });
    }
    for (const block of step.blocks) {
      const label = blockLabel(block, labels);
      const kind = block.kind === 'else' ? 'timeout' : 'branch';
      edges.push({ from, to: connect(block, to, on), label, kind, passed: null });
    }
  }
  const [first] = steps;
  return first === undefined ? next : keyOf(first);
}
