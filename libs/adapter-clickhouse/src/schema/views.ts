import { campaignLift, campaignResults, type ViewSettings } from './campaign-views.js';
import { accountResults, decisionFunnel, deliverability, freshness } from './other-views.js';
import type { ViewSpec } from './spec.js';

/** Every view for people, in the order of the documentation. */
export function viewsFor(settings: ViewSettings): readonly ViewSpec[] {
  return [
    campaignResults(settings),
    campaignLift(settings),
    accountResults(),
    decisionFunnel(settings),
    deliverability(settings),
    freshness(),
  ];
}
