import { unreachable } from '#libs/kernel';
import type { Step } from './definition.js';
import type { Outcome, Run, Spot } from './run.js';
import { enterDecide } from './steps/decide.js';
import { enterDeliver } from './steps/deliver.js';
import { enterEmit } from './steps/emit.js';
import { enterExit } from './steps/exit.js';
import { enterExperiment } from './steps/experiment.js';
import { enterSplit } from './steps/split.js';
import { enterTask } from './steps/task.js';
import { enterUpdate } from './steps/update.js';
import { enterWaitFor } from './steps/wait-for.js';
import { enterWaitUntil } from './steps/wait-until.js';
import { enterWait } from './steps/wait.js';

/** Runs a step as far as it goes without an answer from outside. */
export function enterStep(run: Run, step: Step, spot: Spot): Outcome {
  switch (step.type) {
    case 'wait':
      return enterWait(run, step, spot);
    case 'wait_until':
      return enterWaitUntil(run, step, spot);
    case 'wait_for':
      return enterWaitFor(run, step, spot);
    case 'split':
      return enterSplit(run, step);
    case 'experiment':
      return enterExperiment(run, step, spot);
    case 'decide':
      return enterDecide(run, step, spot);
    case 'deliver':
      return enterDeliver(run, step, spot);
    case 'task':
      return enterTask(run, step, spot);
    case 'update':
      return enterUpdate(run, step, spot);
    case 'emit':
      return enterEmit(run, step, spot);
    case 'exit':
      return enterExit(step);
    default:
      return unreachable(step);
  }
}
