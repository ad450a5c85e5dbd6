import { EVERYTHING, type Holds, type Tx } from '#libs/application';
import { inside } from '../base/database.js';

const LOCK_KEY = 7_214_531;

/** Of a delivery or a call `d`: everything is held, its scenario is, or its own enrolment is paused. */
export const EFFECT_HELD = `(
  EXISTS (SELECT 1 FROM engine_hold WHERE scope = '${EVERYTHING}')
  OR coalesce(d.scenario, '') = ANY(ARRAY(SELECT scope FROM engine_hold))
  OR EXISTS (SELECT 1 FROM enrolment e WHERE e.id = d.enrolment_id AND e.status = 'paused'))`;

/** The same the other way round, in a form that stops at once where everything is held. */
export const EFFECT_FREE = `NOT EXISTS (SELECT 1 FROM engine_hold WHERE scope = '${EVERYTHING}')
  AND coalesce(d.scenario, '') <> ALL(ARRAY(SELECT scope FROM engine_hold))
  AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.id = d.enrolment_id AND e.status = 'paused')`;

/**
 * Keeps the holds as they are until the transaction ends. Whoever sets one waits for those that
 * began without it: once a hold is answered, nothing that overlooked it can commit.
 */
export async function keepHolds(tx: Tx): Promise<void> {
  await inside(tx).query('SELECT pg_advisory_xact_lock_shared($1)', [LOCK_KEY]);
}

/** Waits for every transaction under way that has read the holds. */
export async function changeHolds(tx: Tx): Promise<void> {
  await inside(tx).query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
}

/** The holds, kept as they are until the transaction ends. */
export async function readHolds(tx: Tx): Promise<Holds> {
  const [, found] = await Promise.all([
    keepHolds(tx),
    inside(tx).query<{ scope: string }>('SELECT scope FROM engine_hold'),
  ]);
  const scopes = found.rows.map(({ scope }) => scope);
  return {
    isAll: scopes.includes(EVERYTHING),
    scenarios: new Set(scopes.filter((scope) => scope !== EVERYTHING)),
  };
}
