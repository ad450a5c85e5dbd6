import type { FactKind, FactOf } from '#libs/contracts';
import {
  eventRows,
  profileRows,
  accountRows,
  consentRows,
  suppressionRows,
  scoreRows,
} from './rows/people.js';
import { enrolmentRows, stepRows, taskRows, scenarioRows, actionRows } from './rows/journey.js';
import {
  decisionRows,
  outcomeRows,
  rewardRows,
  deliveryRows,
  deliveryEventRows,
  withheldRows,
} from './rows/results.js';
import type { TableRow } from './rows/shared.js';

type Shapes = { [Kind in FactKind]: (fact: FactOf<Kind>) => readonly TableRow[] };

const SHAPES: Shapes = {
  event: eventRows,
  profile: profileRows,
  account: accountRows,
  enrolment: enrolmentRows,
  step: stepRows,
  decision: decisionRows,
  delivery: deliveryRows,
  delivery_event: deliveryEventRows,
  withheld: withheldRows,
  task: taskRows,
  consent: consentRows,
  suppression: suppressionRows,
  score: scoreRows,
  outcome: outcomeRows,
  reward: rewardRows,
  scenario: scenarioRows,
  action: actionRows,
};

/** The private rows of a fact: one, or a decision and its candidates, a profile and its changes. */
export function rowsOf<Kind extends FactKind>(fact: FactOf<Kind>): readonly TableRow[] {
  return SHAPES[fact.kind](fact);
}
