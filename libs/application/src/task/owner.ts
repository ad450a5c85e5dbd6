import type { TaskTarget } from '#libs/scenario';
import type { PersonContext } from '../runtime/ports.js';

/** Who gets a task: the queue, the account's owner, else the stated queue; null where nobody does. */
export function ownerFor(target: TaskTarget, person: PersonContext): string | null {
  if (target.kind === 'queue') return target.queue;
  const owner = person.account?.['owner'];
  if (typeof owner === 'string' && owner !== '') return owner.toLowerCase();
  return target.else;
}
