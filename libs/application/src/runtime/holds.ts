/** What operators hold just now: everything, or some scenarios. */
export interface Holds {
  readonly isAll: boolean;
  readonly scenarios: ReadonlySet<string>;
}

/** Nothing is held. */
export const NO_HOLDS: Holds = { isAll: false, scenarios: new Set() };

/** Scope of the hold over everything; no scenario has such an id. */
export const EVERYTHING = '*';

/** Whether nobody moves in this scenario: no entry, no timer, no message. */
export function isHeldBy(holds: Holds, scenario: string): boolean {
  return holds.isAll || holds.scenarios.has(scenario);
}
