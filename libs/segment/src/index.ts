export { compileSegment, compileSegments, SEGMENT_SCOPE } from './compile.js';
export { evaluateSegments, explainSegment, segmentChanges } from './evaluate.js';
export { nextChangeMs } from './next-change.js';
export type {
  CompiledSegment,
  SegmentDefinition,
  SegmentProblem,
  SegmentProblemCode,
} from './types.js';
