import { Graph, layout } from '@dagrejs/dagre';
import type { ApiResponse } from '#libs/contracts';

/** The graph of a scenario as the API tells it. */
export type ScenarioGraph = ApiResponse<'scenario'>['graph'];
/** A step of it. */
export type StepOf = ScenarioGraph['nodes'][number];

/** Every step is as wide, so that columns line up. */
export const STEP_WIDTH = 250;
const CHARACTERS_A_LINE = 31;
/** Lines of details shown on a step; the rest is told where it is opened. */
export const SHOWN_DETAILS = 2;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything goes: corners of steps, bends of edges and the middle of their labels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly steps: ReadonlyMap<string, Point & { readonly height: number }>;
  readonly edges: readonly { readonly points: readonly Point[]; readonly label: Point }[];
}

/** Height of a step, from what is written on it. */
export function stepHeight({ label, details }: StepOf): number {
  const lines = Math.min(2, Math.ceil(label.length / CHARACTERS_A_LINE));
  return 20 + lines * 20 + Math.min(SHOWN_DETAILS, details.length) * 18 + 22;
}

interface LabelledEdge {
  readonly points?: readonly Point[];
  readonly x?: number;
  readonly y?: number;
}

/** Lays a graph out, top to bottom. Counts play no part, so a live count moves nothing. */
export function layOut({ nodes, edges }: ScenarioGraph): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 34, edgesep: 16, marginx: 8, marginy: 8 });
  for (const node of nodes) {
    graph.setNode(node.id, { width: STEP_WIDTH, height: stepHeight(node) });
  }
  edges.forEach(({ from, to, label }, index) => {
    const width = label === '' ? 30 : Math.min(190, label.length * 6.4 + 40);
    graph.setEdge(from, to, { width, height: 20, labelpos: 'c' }, String(index));
  });
  layout(graph);
  const steps = nodes.map((node) => {
    const { x, y, height } = graph.node(node.id) as Point & { height: number };
    return [node.id, { x: x - STEP_WIDTH / 2, y: y - height / 2, height }] as const;
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    steps: new Map(steps),
    edges: edges.map(({ from, to }, index) => {
      const laid = graph.edge(from, to, String(index)) as LabelledEdge;
      return { points: laid.points ?? [], label: { x: laid.x ?? 0, y: laid.y ?? 0 } };
    }),
  };
}

/** What a layout depends on: the same key, the same places. */
export const shapeOf = ({ nodes, edges }: ScenarioGraph): string =>
  JSON.stringify([
    nodes.map(({ id, label, details }) => [id, label, details.length]),
    edges.map(({ from, to, label }) => [from, to, label]),
  ]);
