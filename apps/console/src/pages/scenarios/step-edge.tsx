import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from '@xyflow/react';
import { useFormat } from '../../format/format.js';
import classes from './graph.module.css';
import type { Layout, ScenarioGraph } from './graph-layout.js';

type EdgeOf = ScenarioGraph['edges'][number];

/** An edge on the canvas. */
export type StepEdgeData = Edge<{ edge: EdgeOf; place: Layout['edges'][number] }>;

const RADIUS = 12;

/** A line through the points, its corners rounded. */
function pathThrough(points: Layout['edges'][number]['points']): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.pop();
  const bends = rest.map((point, index) => {
    const next = rest[index + 1] ?? last ?? point;
    const span = Math.hypot(next.x - point.x, next.y - point.y) || 1;
    const reach = Math.min(RADIUS, span / 2) / span;
    const out = {
      x: point.x + (next.x - point.x) * reach,
      y: point.y + (next.y - point.y) * reach,
    };
    return `S${point.x},${point.y} ${out.x},${out.y}`;
  });
  const end = last === undefined ? '' : `L${last.x},${last.y}`;
  return `M${first.x},${first.y} ${bends.join(' ')} ${end}`;
}

/** The way from a step to another: the branch's name and how many took it. */
export function StepEdge({ id, data, markerEnd }: EdgeProps<StepEdgeData>) {
  const { number } = useFormat();
  if (data === undefined) return null;
  const { edge, place } = data;
  const count = edge.passed === null || edge.passed === 0 ? '' : number(edge.passed);
  const words = [edge.label, count].filter((part) => part !== '').join(' · ');
  return (
    <>
      <BaseEdge
        id={id}
        path={pathThrough(place.points)}
        className={classes[edge.kind] ?? ''}
        {...(markerEnd === undefined ? {} : { markerEnd })}
      />
      {words !== '' && (
        <EdgeLabelRenderer>
          <div
            className={classes['edgeLabel']}
            style={{ translate: `calc(${place.label.x}px - 50%) calc(${place.label.y}px - 50%)` }}
            title={words}
          >
            {words}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
