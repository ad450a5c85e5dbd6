import '@xyflow/react/dist/base.css';
import { UnstyledButton } from '@mantine/core';
import {
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type EdgeTypes,
  type Node,
  type NodeProps,
  type NodeTypes,
  type ReactFlowInstance,
} from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import {
  layOut,
  SHOWN_DETAILS,
  STEP_WIDTH,
  type Layout,
  type ScenarioGraph,
  type StepOf,
} from '../scenarios/graph-layout.js';
import { StepEdge, type StepEdgeData } from '../scenarios/step-edge.js';
import { STEP_ICONS } from '../scenarios/step-node.js';
import { scenarioWords } from '../scenarios/words.js';
import classes from './editor.module.css';
import type { OutlineStep } from './model.js';
import { StepTools, type StepActions } from './step-tools.js';
import { editorWords } from './words.js';

type EditorNode = Node<{
  readonly node: StepOf;
  /** None of the way in and the end. */
  readonly step: OutlineStep | undefined;
  readonly isChosen: boolean;
  readonly isTroubled: boolean;
  readonly actions: StepActions;
  readonly onEntry: () => void;
}>;

const MARGIN = 12;
const SMALLEST_ZOOM = 0.6;
/** Room that a step needs to be seen. */
const SEEN_PX = 110;

function StepCard({ data }: NodeProps<EditorNode>) {
  const { node, step, isChosen, isTroubled, actions, onEntry } = data;
  const t = useTexts(editorWords);
  const counts = useTexts(scenarioWords);
  const { number } = useFormat();
  return (
    <>
      <Handle type="target" position={Position.Top} className={classes['handle'] ?? ''} />
      <div className={classes['step']} data-type={node.type} data-chosen={isChosen}>
        <UnstyledButton
          className={`nopan ${classes['choose'] ?? ''}`}
          aria-current={isChosen}
          title={node.details.join('\n')}
          onClick={() => (step === undefined ? onEntry() : actions.choose(step))}
        >
          <span className={classes['icon']}>
            <Icon name={STEP_ICONS[node.type] ?? 'edit'} size={16} />
          </span>
          <span className={classes['words']}>
            <span className={classes['label']}>{node.label}</span>
            {node.details.slice(0, SHOWN_DETAILS).map((detail) => (
              <span key={detail} className={classes['detail']}>
                {detail}
              </span>
            ))}
            <span className={classes['detail']}>
              {isTroubled && <span className={classes['problem']}>{t.problemHere} </span>}
              {node.waiting > 0 && counts.waitingHere(node.waiting, number(node.waiting))}
            </span>
          </span>
        </UnstyledButton>
        {step !== undefined && (
          <span className={classes['tools']}>
            <StepTools step={step} label={node.label} actions={actions} />
          </span>
        )}
      </div>
      <Handle type="source" position={Position.Bottom} className={classes['handle'] ?? ''} />
    </>
  );
}

const NODE_TYPES: NodeTypes = { step: StepCard };
const EDGE_TYPES: EdgeTypes = { step: StepEdge };

interface PathProps {
  readonly graph: ScenarioGraph;
  readonly steps: ReadonlyMap<string, OutlineStep>;
  readonly chosen: string | null;
  readonly troubled: ReadonlySet<string>;
  readonly actions: StepActions;
  readonly onEntry: () => void;
}

interface EditorGraphProps extends PathProps {
  readonly label: string;
}

type Flow = ReactFlowInstance<EditorNode, StepEdgeData>;

function nodesOf(props: PathProps, places: Layout): EditorNode[] {
  const { graph, steps, chosen, troubled, actions, onEntry } = props;
  return graph.nodes.map((node) => {
    const { x, y, height } = places.steps.get(node.id) ?? { x: 0, y: 0, height: 0 };
    const isChosen = node.id === chosen;
    const isTroubled = troubled.has(node.id);
    const data = { node, step: steps.get(node.id), isChosen, isTroubled, actions, onEntry };
    return { id: node.id, type: 'step', position: { x, y }, width: STEP_WIDTH, height, data };
  });
}

function edgesOf({ edges }: ScenarioGraph, places: Layout): StepEdgeData[] {
  return edges.map((edge, index) => ({
    id: `${index}`,
    type: 'step',
    source: edge.from,
    target: edge.to,
    focusable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    data: { edge, place: places.edges[index] ?? { points: [], label: { x: 0, y: 0 } } },
  }));
}

/** Makes the frame as high as the path, and the path as wide as there is room for. */
function useFitting(flow: Flow | undefined, places: Layout, chosen: string | null) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = frame.current;
    if (flow === undefined || box === null) return;
    const room = box.clientWidth;
    const zoom = Math.min(1, Math.max(SMALLEST_ZOOM, (room - 2 * MARGIN) / places.width));
    const x = Math.max(MARGIN, (room - places.width * zoom) / 2);
    box.style.height = `${Math.ceil(places.height * zoom) + 2 * MARGIN}px`;
    void flow.setViewport({ x, y: MARGIN, zoom });
  }, [flow, places]);
  const top = chosen === null ? undefined : places.steps.get(chosen)?.y;
  useEffect(() => {
    const pane = frame.current?.parentElement;
    if (flow === undefined || top === undefined || !pane) return;
    // The pane alone moves, and only where the chosen step lies outside of it.
    const at = top * flow.getZoom();
    const isSeen = at >= pane.scrollTop && at <= pane.scrollTop + pane.clientHeight - SEEN_PX;
    if (!isSeen) pane.scrollTop = at - SEEN_PX;
  }, [flow, top]);
  return frame;
}

/** The path as it is written at this moment; each step carries what can be done with it. */
export function EditorGraph({ label, ...rest }: EditorGraphProps) {
  const { graph, steps, chosen, troubled, actions, onEntry } = rest;
  const [flow, setFlow] = useState<Flow>();
  const places = useMemo(() => layOut(graph), [graph]);
  const nodes = useMemo(
    () => nodesOf({ graph, steps, chosen, troubled, actions, onEntry }, places),
    [graph, places, steps, chosen, troubled, actions, onEntry],
  );
  const edges = useMemo(() => edgesOf(graph, places), [graph, places]);
  const frame = useFitting(flow, places, chosen);
  return (
    <div ref={frame} className={classes['canvas']} role="group" aria-label={label}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onInit={setFlow}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        minZoom={0.3}
        maxZoom={1.5}
      />
    </div>
  );
}
