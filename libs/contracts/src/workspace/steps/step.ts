import { z } from 'zod';
import { decideSource, type DecideSource } from './decide.js';
import { deliverSource, type DeliverSource } from './deliver.js';
import { emitSource, type EmitSource } from './emit.js';
import { exitSource, type ExitSource } from './exit.js';
import { experimentSource, type ExperimentSource } from './experiment.js';
import { splitSource, type SplitSource } from './split.js';
import { taskSource, type TaskSource } from './task.js';
import { updateSource, type UpdateSource } from './update.js';
import { waitForSource, type WaitForSource } from './wait-for.js';
import { waitUntilSource, type WaitUntilSource } from './wait-until.js';
import { waitSource, type WaitSource } from './wait.js';

/** A step as written: an object whose one key is the step's type. */
export type StepSource =
  | WaitSource
  | WaitUntilSource
  | WaitForSource<StepList>
  | SplitSource<StepList>
  | ExperimentSource<StepList>
  | DecideSource
  | DeliverSource
  | TaskSource
  | UpdateSource
  | EmitSource
  | ExitSource;

/** Steps of one block, in order. */
export interface StepList extends ReadonlyArray<StepSource> {}

/** Types of step the language names and this version does not have. */
export const LATER_STEPS = ['webhook', 'points', 'enrol', 'parallel', 'repeat'] as const;

/** Steps of one block; nests. */
export const stepListSchema: z.ZodType<StepList> = z.lazy(() => z.array(stepSchema).max(100));

/** One step. */
export const stepSchema: z.ZodType<StepSource> = z.union([
  waitSource,
  waitUntilSource,
  waitForSource(stepListSchema),
  splitSource(stepListSchema),
  experimentSource(stepListSchema),
  decideSource,
  deliverSource,
  taskSource,
  updateSource,
  emitSource,
  exitSource,
]);

/** The keys a step may have. */
export const STEP_KEYS = [
  'wait',
  'wait_until',
  'wait_for',
  'split',
  'experiment',
  'decide',
  'deliver',
  'task',
  'update',
  'emit',
  'exit',
] as const;
