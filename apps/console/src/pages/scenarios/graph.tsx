import '@xyflow/react/dist/base.css';
import {
  Controls,
  MarkerType,
  ReactFlow,
  type ReactFlowInstance,
  type EdgeTypes,
  type NodeTypes,
} from '@xyflow/react';
import { useCallback, useMemo, useRef } from 'react';
import { useTexts } from '../../i18n/text.js';
import classes from './graph.module.css';
import { layOut, shapeOf, STEP_WIDTH, type Layout, type ScenarioGraph } from './graph-layout.js';
import { StepEdge, type StepEdgeData } from './step-edge.js';
import { StepNode, type StepNodeData } from './step-node.js';
import { scenarioWords } from './words.js';

const NODE_TYPES: NodeTypes = { step: StepNode };
const EDGE_TYPES: EdgeTypes = { step: StepEdge };
const SMALLEST_ZOOM = 0.55;
const MARGIN = 16;

interface GraphProps {
  readonly name: string;
  readonly graph: ScenarioGraph;
  readonly openStep: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** The layout of a shape; live counts change the graph but not its shape. */
function useLayout(graph: ScenarioGraph): Layout {
  const shape = shapeOf(graph);
  const kept = useRef<{ shape: string; layout: Layout }>(undefined);
  if (kept.current?.shape !== shape) kept.current = { shape, layout: layOut(graph) };
  return kept.current.layout;
}

function nodesOf({ graph, openStep, onOpen }: GraphProps, places: Layout): StepNodeData[] {
  return graph.nodes.map((step) => {
    const place = places.steps.get(step.id) ?? { x: 0, y: 0, height: 0 };
    return {
      id: step.id,
      type: 'step',
      position: { x: place.x, y: place.y },
      width: STEP_WIDTH,
      height: place.height,
      data: { step, isOpen: step.id === openStep, onOpen },
    };
  });
}

function edgesOf(graph: ScenarioGraph, { edges }: Layout): StepEdgeData[] {
  return graph.edges.map((edge, index) => ({
    id: `${index}`,
    type: 'step',
    source: edge.from,
    target: edge.to,
    focusable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    data: { edge, place: edges[index] ?? { points: [], label: { x: 0, y: 0 } } },
  }));
}

/** The steps of a scenario from top to bottom, as wide as there is room for. */
export function Graph(props: GraphProps) {
  const t = useTexts(scenarioWords);
  const { graph, name, openStep, onOpen } = props;
  const frame = useRef<HTMLDivElement>(null);
  const places = useLayout(graph);
  const nodes = useMemo(
    () => nodesOf({ graph, name, openStep, onOpen }, places),
    [graph, name, openStep, onOpen, places],
  );
  const edges = useMemo(() => edgesOf(graph, places), [graph, places]);
  const place = useCallback(
    (flow: ReactFlowInstance<StepNodeData, StepEdgeData>) => {
      const room = frame.current?.clientWidth ?? places.width;
      const zoom = Math.min(1, Math.max(SMALLEST_ZOOM, (room - 2 * MARGIN) / places.width));
      const x = Math.max(MARGIN, (room - places.width * zoom) / 2);
      if (frame.current !== null) {
        frame.current.style.height = `${Math.ceil(places.height * zoom) + 2 * MARGIN}px`;
      }
      void flow.setViewport({ x, y: MARGIN, zoom });
    },
    [places],
  );
  return (
    <div ref={frame} className={classes['canvas']} role="group" aria-label={t.graphOf(name)}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={place}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        minZoom={0.3}
        maxZoom={1.5}
      >
        <Controls showInteractive={false} position="bottom-left" />
      </ReactFlow>
    </div>
  );
}
