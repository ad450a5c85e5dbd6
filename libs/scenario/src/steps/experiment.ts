import { hashUnit, present } from '#libs/kernel';
import type { ExperimentArm, ExperimentStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';

/** The same profile always gets the same arm of the same experiment, whatever the version. */
export function enterExperiment(run: Run, step: ExperimentStep, spot: Spot): Outcome {
  const draw = hashUnit('arm', run.definition.scenario, spot.stepId, run.before.profileId);
  const arm = armOf(step.arms, draw);
  run.commands.push({
    type: 'expose',
    commandId: spot.commandId,
    experiment: spot.stepId,
    arm: arm.name,
    share: arm.share,
  });
  return { kind: 'go', next: arm.then, result: 'done', branch: arm.name };
}

function armOf(arms: readonly ExperimentArm[], draw: number): ExperimentArm {
  let upTo = 0;
  for (const arm of arms) {
    upTo += arm.share;
    if (draw < upTo) return arm;
  }
  return present(arms.at(-1), 'an experiment has arms');
}
