import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOut, shapeOf, STEP_WIDTH, stepHeight, type ScenarioGraph } from './graph-layout.js';

const step = (id: number): ScenarioGraph['nodes'][number] => ({
  id: `s${id}`,
  type: 'wait',
  label: `Step ${id}`,
  details: id % 3 === 0 ? ['a detail'] : [],
  waiting: 0,
  passed: 0,
  passedToday: 0,
});

/** Graphs whose edges all lead onwards, as scenarios do. */
const graphs: fc.Arbitrary<ScenarioGraph> = fc
  .integer({ min: 1, max: 14 })
  .chain((count) =>
    fc.record({
      nodes: fc.constant(Array.from({ length: count }, (_, id) => step(id))),
      edges: fc
        .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1), fc.constantFrom('', 'yes')), {
          maxLength: 20,
        })
        .map((pairs) =>
          pairs
            .filter(([from, to]) => from < to)
            .map(([from, to, label]) => ({
              from: `s${from}`,
              to: `s${to}`,
              label,
              kind: 'next' as const,
              passed: null,
            })),
        ),
    }),
  );

test('no step lies on another, and every edge leads down', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { steps, edges } = layOut(graph);
      const places = graph.nodes.map(({ id }) => steps.get(id) ?? { x: 0, y: 0, height: 0 });
      for (const [index, one] of places.entries()) {
        for (const other of places.slice(index + 1)) {
          const isBeside = Math.abs(one.x - other.x) >= STEP_WIDTH;
          const isBelow = one.y + one.height <= other.y || other.y + other.height <= one.y;
          expect(isBeside || isBelow).toBe(true);
        }
      }
      for (const { from, to } of graph.edges) {
        expect(steps.get(from)?.y).toBeLessThan(steps.get(to)?.y ?? 0);
      }
      expect(edges.every(({ points }) => points.length >= 2)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('live counts change neither shape nor heights', () => {
  fc.assert(
    fc.property(graphs, fc.nat(1_000_000), (graph, waiting) => {
      const busy = { ...graph, nodes: graph.nodes.map((one) => ({ ...one, waiting })) };
      expect(shapeOf(busy)).toBe(shapeOf(graph));
      expect(busy.nodes.map(stepHeight)).toEqual(graph.nodes.map(stepHeight));
    }),
  );
});
