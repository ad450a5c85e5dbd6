import { hashUnit } from '#libs/kernel';

/** How a person is treated; a closed list. */
export const GROUPS = ['policy', 'random_control', 'holdout', 'rules'] as const;

/** One of the ways a person is treated. */
export type Group = (typeof GROUPS)[number];

/** Shares in [0, 1] of one unit: the workspace, or a scenario. */
export interface GroupShares {
  readonly salt: string;
  /** `workspace`, or the scenario's id: what the draw is independent by. */
  readonly unit: string;
  readonly holdout: number;
  readonly randomControl: number;
  /** Who gets business as usual. */
  readonly rules: number;
}

/**
 * The group of a profile by a stable hash of salt, unit and the profile's id at first sight. The
 * holdout takes the bottom of the range, so that a larger share keeps whoever was held out. It goes
 * before the others where the shares come to more than one.
 */
export function assignGroup(shares: GroupShares, profileId: string): Group {
  const draw = hashUnit('group', shares.salt, shares.unit, profileId);
  if (draw < shares.holdout) return 'holdout';
  // The others are taken from the top: changing the holdout's share moves nobody out of them.
  const controlStart = 1 - shares.randomControl;
  if (draw >= controlStart) return 'random_control';
  return draw >= controlStart - shares.rules ? 'rules' : 'policy';
}

/** Global group first; whoever it leaves to the policy is drawn by the scenario's own shares. */
export function groupFor(
  global: GroupShares,
  scenario: GroupShares | null,
  profileId: string,
): Group {
  const group = assignGroup(global, profileId);
  return group !== 'policy' || scenario === null ? group : assignGroup(scenario, profileId);
}
