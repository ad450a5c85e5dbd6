import { DECISION_TABLES } from './decision-tables.js';
import { DELIVERY_TABLES } from './delivery-tables.js';
import { JOURNEY_TABLES } from './journey-tables.js';
import { PEOPLE_TABLES } from './people-tables.js';
import type { TableSpec } from './spec.js';

/** Every public table, in the order of the documentation. */
export const TABLES: readonly TableSpec[] = [
  ...PEOPLE_TABLES,
  ...JOURNEY_TABLES,
  ...DECISION_TABLES,
  ...DELIVERY_TABLES,
];
