import type { Catalogue, Group } from '#libs/application';
import { groupFor, type GroupShares } from '#libs/policy';
import { hasBusinessAsUsual, type Definition } from '#libs/scenario';

/** What groups are drawn by. */
export type GroupRules = Pick<
  Catalogue,
  'holdout' | 'purposes' | 'randomControlShare' | 'businessAsUsualShare'
>;

/**
 * The group of somebody who enters: global groups first, then the scenario's own holdout and, where
 * a step names one, its business as usual; sticky by a hash of the person at first sight. A purpose
 * that ignores the holdout treats everybody.
 */
export function drawGroup(
  rules: GroupRules,
  definition: Pick<Definition, 'scenario' | 'purpose' | 'holdoutShare' | 'steps'>,
  unit: string,
): Group {
  const { holdout, purposes, randomControlShare, businessAsUsualShare } = rules;
  if (purposes.get(definition.purpose)?.ignores?.includes('holdout') === true) return 'policy';
  const { salt } = holdout;
  const global: GroupShares = {
    salt,
    unit: 'workspace',
    holdout: holdout.share,
    randomControl: randomControlShare,
    rules: 0,
  };
  const own: GroupShares = {
    salt,
    unit: definition.scenario,
    holdout: definition.holdoutShare,
    randomControl: 0,
    rules: hasBusinessAsUsual(definition) ? businessAsUsualShare : 0,
  };
  return groupFor(global, own, unit);
}
