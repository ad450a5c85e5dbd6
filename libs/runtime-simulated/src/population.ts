import {
  AccountKeeper,
  countryOf,
  heldProfile,
  keyedPseudonyms,
  ledgerKey,
  personContext,
  type ContactAddress,
  type ContactReservation,
  type ContactState,
  type EnrolmentRow,
  type EventHistory,
  type HeldProfile,
  type LedgerRow,
  type PersonContext,
  type ProfileSettings,
  type StoredAccount,
  type StoredProfile,
  type WatchRow,
} from '#libs/application';
import type { EnrolmentId, ProfileId } from '#libs/kernel';
import { contactPointsOf } from '#libs/profile';
import type { InputEvent } from '#libs/scenario';

/** A person held in memory, with all that a store would keep of them. */
export interface SimulatedPerson {
  readonly id: ProfileId;
  readonly held: HeldProfile;
  /** Null once the profile changed, until somebody looks. */
  context: PersonContext | null;
  /** The account as the context has it. */
  accountSeen: StoredAccount | null;
  readonly running: Map<EnrolmentId, EnrolmentRow>;
  readonly ledger: Map<string, LedgerRow>;
  watches: readonly WatchRow[];
  /** Live events that a scenario may look back for, oldest first. */
  readonly events: InputEvent[];
  readonly reservations: Map<string, ContactReservation>;
  /** When time alone may change the profile next, as it stands in the agenda. */
  lookAtMs: number | null;
}

/** Everybody of a simulation, and the accounts they belong to. */
export class Population {
  readonly accounts: AccountKeeper;
  private readonly people = new Map<string, SimulatedPerson>();

  constructor(private readonly settings: ProfileSettings) {
    // Ids of accounts mean nothing outside the simulation: any key will do.
    this.accounts = new AccountKeeper(settings, keyedPseudonyms('simulation'));
  }

  get size(): number {
    return this.people.size;
  }

  /** Somebody; made where nobody has the id. */
  of(id: string): SimulatedPerson {
    const known = this.people.get(id);
    if (known !== undefined) return known;
    const person: SimulatedPerson = {
      id: id as ProfileId,
      held: heldProfile(id),
      context: null,
      accountSeen: null,
      running: new Map(),
      ledger: new Map(),
      watches: [],
      events: [],
      reservations: new Map(),
      lookAtMs: null,
    };
    this.people.set(id, person);
    return person;
  }

  find(id: string): SimulatedPerson | undefined {
    return this.people.get(id);
  }

  /** Somebody as scenarios see them now; undefined of whom nothing is known. */
  contextOf(person: SimulatedPerson): PersonContext | undefined {
    const { stored } = person.held;
    if (stored === undefined) return undefined;
    const account = this.accounts.get(stored.accountId ?? '') ?? null;
    if (person.context === null || person.accountSeen !== account) {
      const read = { ...stored, askedId: stored.profileId, account };
      person.context = personContext(read, this.settings);
      person.accountSeen = account;
    }
    return person.context;
  }

  /** Those of them of whom anything is known, as scenarios see them now. */
  contextsOf(ids: readonly ProfileId[]): ReadonlyMap<ProfileId, PersonContext> {
    return new Map(
      ids.flatMap((id) => {
        const person = this.people.get(id);
        const context = person && this.contextOf(person);
        return context === undefined ? [] : [[id, context] as const];
      }),
    );
  }

  /** What the gate reads of somebody. */
  contactState(person: SimulatedPerson, sinceDay: number): ContactState | undefined {
    const { stored, leftSegmentsAtMs } = person.held;
    if (stored === undefined) return undefined;
    return {
      profileId: person.id,
      addresses: this.addressesOf(stored),
      consents: stored.document.statements,
      suppressions: [],
      hasPurchased: stored.hasPurchased,
      isProfessional: stored.accountId !== null,
      country: countryOf(stored.document),
      reservations: [...person.reservations.values()].filter(
        ({ day, state }) => day >= sinceDay && state !== 'released',
      ),
      leftSegmentsAtMs: { ...leftSegmentsAtMs },
    };
  }

  private addressesOf({ document }: StoredProfile): Readonly<Record<string, ContactAddress>> {
    const points = contactPointsOf(document.traits, this.settings.rules);
    return Object.fromEntries(
      points.map(({ channel, address }) => [channel, { value: address, isValid: true }]),
    );
  }
}

/** Key of a person's line in the entry ledger. */
export const keyOfLedger = (row: LedgerRow): string =>
  ledgerKey(row.scenario, row.profileId, row.entryKey);

/** Events of the people, for waits that look back. */
export function historyOf(population: Population): EventHistory {
  return {
    since: (_tx, requests) =>
      Promise.resolve(
        requests.map(({ profileId, names, mark }) =>
          population
            .of(profileId)
            .events.filter(({ name, atMs }) => atMs >= mark.atMs && names.includes(name)),
        ),
      ),
  };
}
