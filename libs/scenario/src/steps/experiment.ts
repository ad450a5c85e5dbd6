import { hashUnit, present } from '#libs/kernel';
import type { ExperimentArm, ExperimentStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';

/** The same profile always gets the same arm of the same experiment, whatever the version. */
export function enterExperiment(run: Run, step: ExperimentStep, spot: Spot): Outcome {
  const { profileId } = run.before;
  const arm = drawArm({ scenario: run.definition.scenario, stepId: spot.stepId, profileId }, step);
  run.commands.push({
    type: 'expose',
    commandId: spot.commandId,
    experiment: spot.stepId,
    arm: arm.name,
    share: arm.share,
  });
  return { kind: 'go', next: arm.then, result: 'done', branch: arm.name };
}

/** The arm of an experiment that a profile gets. */
export function drawArm(
  of: { readonly scenario: string; readonly stepId: string; readonly profileId: string },
  { arms }: Pick<ExperimentStep, 'arms'>,
): ExperimentArm {
  return armOf(arms, hashUnit('arm', of.scenario, of.stepId, of.profileId));
}

function armOf(arms: readonly ExperimentArm[], draw: number): ExperimentArm {
  let upTo = 0;
  for (const arm of arms) {
    upTo += arm.share;
    if (draw < upTo) return arm;
  }
  return present(arms.at(-1), 'an experiment has arms');
}
