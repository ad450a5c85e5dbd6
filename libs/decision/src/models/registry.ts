import type { DecideInput, ModelName } from '../types.js';
import { betaModel } from './betaModel.js';
import { firstListed, thompson, uniform } from './explorers.js';
import type { Explorer, Model } from './model.js';

/** A model's beliefs and the explorer that acts on them. */
export interface Policy {
  readonly model: Model;
  readonly explorer: Explorer;
}

const POLICIES: Readonly<Record<ModelName, Policy>> = {
  betaTS: { model: betaModel, explorer: thompson },
  random: { model: betaModel, explorer: uniform },
  rules: { model: betaModel, explorer: firstListed },
};

/** The beliefs and explorer of a model. */
export function policyOf(name: ModelName): Policy {
  return POLICIES[name];
}

/** Which model decides: the group overrules the author's choice. */
export function effectiveModel(input: Pick<DecideInput, 'group' | 'model'>): ModelName {
  if (input.group === 'random_control') return 'random';
  if (input.group === 'rules') return 'rules';
  return input.model;
}
