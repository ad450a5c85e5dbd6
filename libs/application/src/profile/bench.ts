import { assert, present } from '#libs/kernel';
import {
  IdentityGraph,
  identityKey,
  type KnownProfile,
  type RefusedId,
  type UsableId,
} from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import type { Incoming } from './incoming.js';
import { StaleReadError, type IdKey, type ProfileStore, type StoredProfile } from './ports.js';
import type { Pseudonyms, ProfileSettings } from './settings.js';

const MOST_ROUNDS = 6;

/** An event with the node that keeps it. */
export interface Placed {
  readonly incoming: Incoming;
  readonly nodeId: string;
  readonly refused: readonly RefusedId[];
}

/** The people of one batch: locked, resolved, and known before and after. */
export class Bench {
  readonly graph: IdentityGraph;
  readonly placed: Placed[] = [];
  /** As locked, by profile id; those made in this batch are not among them. */
  readonly stored = new Map<string, StoredProfile>();
  private readonly redirects = new Map<string, string>();
  private readonly taken = new Set<string>();
  private found: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly store: ProfileStore,
    private readonly pseudonyms: Pseudonyms,
    settings: ProfileSettings,
  ) {
    this.graph = new IdentityGraph(settings.rules);
  }

  /** Finds and locks everybody that the events name. */
  async open(tx: Tx, events: readonly Incoming[]): Promise<void> {
    const ids = new Map<string, IdKey>();
    const engine = new Set<string>();
    for (const { event, ids: usable } of events) {
      for (const { ns, value } of usable) ids.set(identityKey(ns, value), { ns, value });
      if (event.profileId !== undefined) engine.add(event.profileId);
    }
    const keys = [...ids.values()];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      this.found = await this.store.findByIds(tx, keys);
      const redirected = await this.store.redirect(tx, [...engine]);
      for (const [from, to] of redirected) this.redirects.set(from, to);
      const wanted = new Set([...this.found.values(), ...redirected.values()]);
      const missing = [...wanted].filter((profileId) => !this.stored.has(profileId));
      await this.lock(tx, missing);
      // What was read before the lock may have moved since. An id that nobody had then and somebody
      // has now is found out when it is inserted.
      if (this.isStanding(redirected)) return await this.probeNewIds(tx, keys);
    }
    throw new StaleReadError('profiles keep moving');
  }

  private isStanding(redirected: ReadonlyMap<string, string>): boolean {
    for (const [key, profileId] of this.found) {
      if (this.graph.profiles.get(profileId)?.identities.has(key) !== true) return false;
    }
    return [...redirected].every(
      ([nodeId, profileId]) => this.graph.profileOf(nodeId)?.profileId === profileId,
    );
  }

  /** Locks profiles by id; those that are gone are left out. */
  async lock(tx: Tx, profileIds: readonly string[]): Promise<void> {
    if (profileIds.length === 0) return;
    for (const profile of await this.store.lock(tx, [...profileIds].sort())) {
      this.stored.set(profile.profileId, profile);
      this.graph.add(knownOf(profile));
    }
  }

  /** Gives an event its place; undefined where its profile is unknown and must not be made. */
  place(incoming: Incoming): Placed | undefined {
    const { event, ids } = incoming;
    if (event.profileId !== undefined) return this.placeEngine(incoming, event.profileId);
    const { atMs } = event;
    const newProfileId = (id: UsableId) => this.nameFor(id);
    const resolution = this.graph.resolve({ ids, atMs, newProfileId });
    const placed = { incoming, nodeId: resolution.nodeId, refused: resolution.refused };
    this.placed.push(placed);
    return placed;
  }

  /** Where a bot's event lies: with somebody known, or with nobody. */
  nodeOfKnown({ ids }: Incoming): string | null {
    for (const id of ids) {
      const owner = this.graph.ownerOf(id.ns, id.value);
      if (owner !== undefined) return owner.nodeId;
    }
    return null;
  }

  /** The profile that a placed event belongs to once the batch is resolved. */
  profileOf({ nodeId }: Placed): KnownProfile {
    return present(this.graph.profileOf(nodeId), 'profile of a placed event');
  }

  private placeEngine(incoming: Incoming, profileId: string): Placed | undefined {
    const current = this.redirects.get(profileId);
    // Merged within this very batch, it is found under the node that carried it.
    const profile = current === undefined ? undefined : this.graph.profileOf(current);
    if (profile === undefined) return undefined;
    profile.firstSeenMs = Math.min(profile.firstSeenMs, incoming.event.atMs);
    const placed = { incoming, nodeId: profile.profileId, refused: [] };
    this.placed.push(placed);
    return placed;
  }

  private nameFor(id: UsableId): string {
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const profileId = this.pseudonyms.profileId(id.ns, id.value, attempt);
      if (this.taken.has(profileId)) continue;
      this.taken.add(profileId);
      return profileId;
    }
    assert(false, 'a free profile id');
  }

  /** The id of a person erased or taken apart may be taken still: the next attempt is used then. */
  private async probeNewIds(tx: Tx, keys: readonly IdKey[]): Promise<void> {
    const unknown = keys.filter(({ ns, value }) => !this.found.has(identityKey(ns, value)));
    let attempt = 0;
    let open = unknown;
    while (open.length > 0 && attempt < 20) {
      const named = open.map((id) => this.pseudonyms.profileId(id.ns, id.value, attempt));
      const taken = await this.store.takenIds(tx, named);
      for (const profileId of taken) this.taken.add(profileId);
      open = open.filter((_, index) => taken.has(named[index] ?? ''));
      attempt += 1;
    }
  }
}

function knownOf(profile: StoredProfile): KnownProfile {
  const { profileId, firstSeenMs, groupUnit, mergeCount } = profile;
  return {
    profileId,
    firstSeenMs,
    groupUnit,
    mergeCount,
    nodeIds: [...profile.nodeIds],
    identities: new Map(
      profile.identities.map((identity) => [
        identityKey(identity.ns, identity.value),
        { ...identity },
      ]),
    ),
    apartFrom: new Set(profile.apartFrom),
    isNew: false,
  };
}
