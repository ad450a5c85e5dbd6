import type { Definition } from './definition.js';

/** Whether a step of the scenario names a business as usual, which asks for the group `rules`. */
export function hasBusinessAsUsual({ steps }: Pick<Definition, 'steps'>): boolean {
  return Object.values(steps).some(
    (step) => step.type === 'decide' && step.businessAsUsual !== null,
  );
}
