import type { Catalogue, Group } from '#libs/application';
import { groupFor } from '#libs/policy';
import type { Definition } from '#libs/scenario';

/**
 * The group of somebody who enters: global groups first, then the scenario's own holdout; sticky by
 * a hash of the person at first sight. A purpose that ignores the holdout treats everybody.
 */
export function drawGroup(
  catalogue: Catalogue,
  definition: Pick<Definition, 'scenario' | 'purpose' | 'holdoutShare'>,
  unit: string,
): Group {
  const { holdout, purposes, randomControlShare } = catalogue;
  if (purposes.get(definition.purpose)?.ignores?.includes('holdout') === true) return 'policy';
  const { salt } = holdout;
  return groupFor(
    { salt, unit: 'workspace', holdout: holdout.share, randomControl: randomControlShare },
    { salt, unit: definition.scenario, holdout: definition.holdoutShare, randomControl: 0 },
    unit,
  );
}
