import { groupFor, type Group, type GroupShares } from '#libs/policy';
import { hasBusinessAsUsual, type Definition } from '#libs/scenario';
import type { CompiledWorkspace } from '../workspace/compiled.js';
import type { Catalogue } from './catalogue.js';

/** What groups are drawn by. */
export type GroupRules = Pick<
  Catalogue,
  'holdout' | 'purposes' | 'randomControlShare' | 'businessAsUsualShare'
>;

/** The rules by which a workspace draws groups. */
export function groupRulesOf({
  relance,
  policies,
}: Pick<CompiledWorkspace, 'relance' | 'policies'>): GroupRules {
  return {
    purposes: new Map(policies.purposes.map((purpose) => [purpose.id, purpose])),
    holdout: relance.holdout,
    randomControlShare: relance.random_control.share,
    businessAsUsualShare: relance.business_as_usual?.share ?? 0,
  };
}

/** What somebody would be treated by. */
export interface Treating {
  readonly purpose: string;
  /** Null for a question of a program's own: the global groups alone. */
  readonly definition: Pick<Definition, 'scenario' | 'holdoutShare' | 'steps'> | null;
}

/** Whether a purpose treats everybody: its scenarios have no groups. */
export const ignoresHoldout = (purposes: GroupRules['purposes'], purpose: string): boolean =>
  purposes.get(purpose)?.ignores?.includes('holdout') === true;

/**
 * The group of somebody: global groups first, then the scenario's own holdout and, where a step
 * names one, its business as usual; sticky by a hash of the person at first sight. A purpose that
 * ignores the holdout treats everybody.
 */
export function drawGroup(
  rules: GroupRules,
  { purpose, definition }: Treating,
  unit: string,
): Group {
  const { holdout, purposes, randomControlShare, businessAsUsualShare } = rules;
  if (ignoresHoldout(purposes, purpose)) return 'policy';
  const { salt } = holdout;
  const global: GroupShares = {
    salt,
    unit: 'workspace',
    holdout: holdout.share,
    randomControl: randomControlShare,
    rules: 0,
  };
  if (definition === null) return groupFor(global, null, unit);
  const own: GroupShares = {
    salt,
    unit: definition.scenario,
    holdout: definition.holdoutShare,
    randomControl: 0,
    rules: hasBusinessAsUsual(definition) ? businessAsUsualShare : 0,
  };
  return groupFor(global, own, unit);
}
