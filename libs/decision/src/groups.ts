import { assert, hashUnit } from '#libs/kernel';
import type { Group } from './types.js';

/** A share of people, 0 to 1, picked by a salted hash. Another salt picks other people. */
export interface Share {
  readonly share: number;
  readonly salt: string;
}

/** The shares that apply to one enrolment. */
export interface GroupRules {
  readonly globalHoldout: Share;
  readonly scenarioHoldout: Share;
  readonly randomControl: Share;
  /** Business as usual, where a scenario asks for it; of those left. */
  readonly rules?: Share;
  /** Who is assigned: the profile id at first sight. */
  readonly unit: string;
}

function isIn(kind: string, { share, salt }: Share, unit: string): boolean {
  assert(share >= 0 && share <= 1, 'a share is between 0 and 1');
  return share > 0 && hashUnit(kind, salt, unit) < share;
}

/**
 * The group of a person: global holdout first, then the scenario's, then random control, then
 * business as usual, else the policy. Sticky: the same rules and unit give the same group, and a
 * larger share keeps those it had. Groups under other salts are independent. A scenario's salt
 * must name the scenario.
 */
export function assignGroup(rules: GroupRules): Group {
  const { unit } = rules;
  if (isIn('global_holdout', rules.globalHoldout, unit)) return 'holdout';
  if (isIn('scenario_holdout', rules.scenarioHoldout, unit)) return 'holdout';
  if (isIn('random_control', rules.randomControl, unit)) return 'random_control';
  if (rules.rules !== undefined && isIn('rules', rules.rules, unit)) return 'rules';
  return 'policy';
}
