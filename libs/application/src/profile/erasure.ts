import type { Clock } from '#libs/kernel';
import type { UnitOfWork } from '../ports/transaction.js';
import type { ErasureReport, ErasureStore, IdKey } from './ports.js';
import type { Pseudonyms } from './settings.js';

/** What is kept of an id whose person was erased. */
export function erasedHash(pseudonyms: Pseudonyms, { ns, value }: IdKey): string {
  return pseudonyms.hash(`erased:${ns}`, value);
}

/** What erasing needs. */
export interface ErasurePorts {
  readonly store: ErasureStore;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/**
 * Erases people from the profile store. Enrolments, deliveries and analytics have stores of their
 * own: erase the profile ids of the report there as well.
 */
export class ProfileErasure {
  constructor(private readonly ports: ErasurePorts) {}

  /** Null where there is no such profile; a second time finds none. */
  async erase(profileId: string): Promise<ErasureReport | null> {
    const { store, unitOfWork, clock } = this.ports;
    return await unitOfWork.transaction((tx) => store.erase(tx, profileId, clock.nowMs()));
  }
}
