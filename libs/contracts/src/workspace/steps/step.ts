import { z } from 'zod';
import { decideSource, type DecideSource } from './decide.js';
import { deliverSource, type DeliverSource } from './deliver.js';
import { emitSource, type EmitSource } from './emit.js';
import { enrolSource, type EnrolSource } from './enrol.js';
import { exitSource, type ExitSource } from './exit.js';
import { experimentSource, type ExperimentSource } from './experiment.js';
import { parallelSource, type ParallelSource } from './parallel.js';
import { pointsSource, type PointsSource } from './points.js';
import { repeatSource, type RepeatSource } from './repeat.js';
import { splitSource, type SplitSource } from './split.js';
import { taskSource, type TaskSource } from './task.js';
import { updateSource, type UpdateSource } from './update.js';
import { waitForSource, type WaitForSource } from './wait-for.js';
import { waitUntilSource, type WaitUntilSource } from './wait-until.js';
import { waitSource, type WaitSource } from './wait.js';
import { webhookSource, type WebhookSource } from './webhook.js';

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
  | WebhookSource
  | PointsSource
  | EnrolSource
  | ParallelSource<StepList>
  | RepeatSource<StepList>
  | ExitSource;

/** Steps of one block, in order. */
export interface StepList extends ReadonlyArray<StepSource> {}

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
  webhookSource,
  pointsSource,
  enrolSource,
  parallelSource(stepListSchema),
  repeatSource(stepListSchema),
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
  'webhook',
  'points',
  'enrol',
  'parallel',
  'repeat',
  'exit',
] as const;
