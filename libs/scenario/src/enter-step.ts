import type { Step, StepType } from './definition.js';
import type { Outcome, Run, Spot } from './run.js';
import { enterDecide } from './steps/decide.js';
import { enterDeliver } from './steps/deliver.js';
import { enterEmit } from './steps/emit.js';
import { enterEnrol } from './steps/enrol.js';
import { enterExit } from './steps/exit.js';
import { enterExperiment } from './steps/experiment.js';
import { enterParallel } from './steps/parallel.js';
import { enterPoints } from './steps/points.js';
import { enterRepeat } from './steps/repeat.js';
import { enterSplit } from './steps/split.js';
import { enterTask } from './steps/task.js';
import { enterUpdate } from './steps/update.js';
import { enterWaitFor } from './steps/wait-for.js';
import { enterWaitUntil } from './steps/wait-until.js';
import { enterWait } from './steps/wait.js';
import { enterWebhook } from './steps/webhook.js';

type Entering = {
  readonly [Type in StepType]: (
    run: Run,
    step: Extract<Step, { readonly type: Type }>,
    spot: Spot,
  ) => Outcome;
};

/** What each type of step does when it is entered; one line a type, one file each. */
const ENTERING: Entering = {
  wait: enterWait,
  wait_until: enterWaitUntil,
  wait_for: enterWaitFor,
  split: enterSplit,
  experiment: enterExperiment,
  decide: enterDecide,
  deliver: enterDeliver,
  task: enterTask,
  update: enterUpdate,
  emit: enterEmit,
  webhook: enterWebhook,
  points: enterPoints,
  enrol: enterEnrol,
  parallel: enterParallel,
  repeat: enterRepeat,
  exit: enterExit,
};

/** Runs a step as far as it goes without an answer from outside. */
export function enterStep(run: Run, step: Step, spot: Spot): Outcome {
  const enter = ENTERING[step.type] as (run: Run, step: Step, spot: Spot) => Outcome;
  return enter(run, step, spot);
}
