import { present } from '#libs/kernel';
import type { IdRefusal, UsableId } from './normalise.js';
import { CAPS, type IdentityRule, type ProfileRules } from './rules.js';

/** An id as known. */
export interface KnownIdentity {
  readonly ns: string;
  readonly value: string;
  /** The node it came with; it stays there whatever merges. */
  readonly nodeId: string;
  firstSeenMs: number;
  lastSeenMs: number;
  isVerified: boolean;
}

/** A profile as far as identity goes; changed in place while a batch is resolved. */
export interface KnownProfile {
  readonly profileId: string;
  /** Time of its earliest event. */
  firstSeenMs: number;
  /** Unit of groups: the id of the earliest seen of all that were merged into it. */
  groupUnit: string;
  /** Where its nodes come from: ids of profiles at first sight; its own among them. */
  readonly nodeIds: string[];
  readonly identities: Map<string, KnownIdentity>;
  mergeCount: number;
  /** Nodes that must never again be in one profile with this one: of a merge undone. */
  readonly apartFrom: Set<string>;
  readonly isNew: boolean;
}

/** One profile became a part of another. */
export interface Merge {
  readonly into: string;
  readonly from: string;
  /** Namespace of the id that joined them. */
  readonly by: string;
  /** Nodes that came along. */
  readonly nodeIds: readonly string[];
}

/** An id that was not used, with the reason; for a refused merge, the profiles that stayed apart. */
export interface RefusedId {
  readonly ns: string;
  readonly reason: IdRefusal;
  readonly profileId?: string;
  readonly otherId?: string;
}

/** Where an event belongs. */
export interface Resolution {
  readonly profileId: string;
  /** The node that the event's own data are kept under. */
  readonly nodeId: string;
  readonly merges: readonly Merge[];
  readonly refused: readonly RefusedId[];
}

/** A message's ids, and how to name a profile nobody knows yet. */
export interface Sighting {
  /** Strongest first; at least one. */
  readonly ids: readonly UsableId[];
  readonly atMs: number;
  /** Id of a new profile for its strongest id; the same for the same id. */
  readonly newProfileId: (id: UsableId) => string;
}

/** Key of an id in maps. */
export function identityKey(ns: string, value: string): string {
  return `${ns}\u0000${value}`;
}

/**
 * Who is who, as known to one batch: loaded, then changed event by event, then written back. Every
 * rule of identity is here; nothing here reads or writes a store. Deterministic.
 */
export class IdentityGraph {
  /** Profiles in the batch, tombstones not among them. */
  readonly profiles = new Map<string, KnownProfile>();
  /** Ids given to a profile in this batch. */
  readonly attached: KnownIdentity[] = [];
  /** In order. */
  readonly merges: Merge[] = [];
  private readonly owners = new Map<string, KnownIdentity>();
  private readonly nodeProfile = new Map<string, string>();
  private readonly ruleOf = new Map<string, IdentityRule>();
  private readonly rankOf = new Map<string, number>();

  constructor(rules: ProfileRules) {
    rules.identities.forEach((rule, rank) => {
      this.ruleOf.set(rule.ns, rule);
      this.rankOf.set(rule.ns, rank);
    });
  }

  /** Adds a profile as loaded. */
  add(profile: KnownProfile): void {
    this.profiles.set(profile.profileId, profile);
    for (const nodeId of profile.nodeIds) this.nodeProfile.set(nodeId, profile.profileId);
    for (const [key, identity] of profile.identities) this.owners.set(key, identity);
  }

  /** The profile that a node belongs to now; undefined where it was not loaded. */
  profileOf(nodeId: string): KnownProfile | undefined {
    const profileId = this.nodeProfile.get(nodeId);
    return profileId === undefined ? undefined : this.profiles.get(profileId);
  }

  /** The owner of an id, or undefined. */
  ownerOf(ns: string, value: string): KnownIdentity | undefined {
    return this.owners.get(identityKey(ns, value));
  }

  /**
   * Finds, makes or joins profiles for one message. Ids are tried from the strongest; one that would
   * break a rule is left out, so the weakest gives way.
   */
  resolve(sighting: Sighting): Resolution {
    const attempt = new Attempt(sighting.atMs);
    const strong = sighting.ids.filter((id) => this.joins(id));
    for (const id of strong) this.take(id, attempt);
    for (const id of sighting.ids) if (!this.joins(id)) this.takeWeak(id, attempt);
    const profile = attempt.profile ?? this.create(sighting, attempt);
    return this.settle(profile, sighting, attempt);
  }

  private joins(id: UsableId): boolean {
    const mergeable = this.ruleOf.get(id.ns)?.mergeable;
    return mergeable === 'always' || (mergeable === 'verified' && id.isVouched);
  }

  private take(id: UsableId, attempt: Attempt): void {
    const owner = this.ownerProfile(id);
    if (owner === undefined) {
      const reason = this.whyNotAdd(attempt.profile, [...attempt.fresh, id], attempt.atMs);
      if (reason === undefined) attempt.fresh.push(id);
      else attempt.refuse(id, reason);
      return;
    }
    if (attempt.profile === undefined) {
      const reason = this.whyNotAdd(owner, attempt.fresh, attempt.atMs);
      if (reason === undefined) attempt.adopt(owner);
      else attempt.refuse(id, reason);
      return;
    }
    if (attempt.profile === owner) return;
    const reason = this.whyNotMerge(attempt.profile, owner, attempt);
    if (reason === undefined) attempt.adopt(this.merge(attempt.profile, owner, { id, attempt }));
    else attempt.refuse(id, reason, owner);
  }

  /** A weak id finds a profile where no stronger one did, and never joins two. */
  private takeWeak(id: UsableId, attempt: Attempt): void {
    const owner = this.ownerProfile(id);
    if (owner === undefined) {
      const reason = this.whyNotAdd(attempt.profile, [...attempt.fresh, id], attempt.atMs);
      if (reason === undefined) attempt.fresh.push(id);
      else attempt.refuse(id, reason);
      return;
    }
    if (attempt.profile === owner) return;
    if (attempt.profile === undefined && this.mayFind(id, owner, attempt)) attempt.adopt(owner);
    else attempt.refuse(id, 'not_mergeable', owner);
  }

  private mayFind(id: UsableId, owner: KnownProfile, attempt: Attempt): boolean {
    if (attempt.fresh.length === 0) return true;
    // New ids go to whom the weak id names only if that does not tie two identified people together.
    const isNever = this.ruleOf.get(id.ns)?.mergeable === 'never';
    const bringsUnique = attempt.fresh.some((one) => this.ruleOf.get(one.ns)?.unique === true);
    if (isNever || (bringsUnique && this.isIdentified(owner))) return false;
    return this.whyNotAdd(owner, attempt.fresh, attempt.atMs) === undefined;
  }

  private isIdentified(profile: KnownProfile): boolean {
    for (const identity of profile.identities.values()) {
      if (this.ruleOf.get(identity.ns)?.unique === true) return true;
    }
    return false;
  }

  private ownerProfile(id: UsableId): KnownProfile | undefined {
    const owner = this.owners.get(identityKey(id.ns, id.value));
    if (owner === undefined) return undefined;
    return present(this.profileOf(owner.nodeId), 'profile of a loaded identity');
  }

  private whyNotAdd(
    profile: KnownProfile | undefined,
    fresh: readonly UsableId[],
    atMs: number,
  ): IdRefusal | undefined {
    if ((profile?.identities.size ?? 0) + fresh.length > CAPS.identitiesPerProfile) {
      return 'identity_cap';
    }
    for (const id of fresh) {
      const reason = this.whyTooMany(id.ns, [profile], { fresh, atMs });
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  private whyNotMerge(
    left: KnownProfile,
    right: KnownProfile,
    attempt: Attempt,
  ): IdRefusal | undefined {
    if (right.nodeIds.some((nodeId) => left.apartFrom.has(nodeId))) return 'cannot_link';
    if (left.mergeCount + right.mergeCount >= CAPS.mergesPerProfile) return 'merge_cap';
    if (left.nodeIds.length + right.nodeIds.length > CAPS.nodesPerProfile) return 'merge_cap';
    const size = left.identities.size + right.identities.size + attempt.fresh.length;
    if (size > CAPS.identitiesPerProfile) return 'identity_cap';
    const { fresh, atMs } = attempt;
    for (const ns of this.ruleOf.keys()) {
      const reason = this.whyTooMany(ns, [left, right], { fresh, atMs });
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  private whyTooMany(
    ns: string,
    profiles: readonly (KnownProfile | undefined)[],
    { fresh, atMs }: { readonly fresh: readonly UsableId[]; readonly atMs: number },
  ): IdRefusal | undefined {
    const rule = this.ruleOf.get(ns);
    if (rule === undefined) return undefined;
    const most = rule.unique ? 1 : rule.limit;
    if (most === undefined) return undefined;
    const sinceMs = rule.windowMs === undefined ? -Infinity : atMs - rule.windowMs;
    let count = fresh.filter((id) => id.ns === ns).length;
    for (const profile of profiles) {
      if (profile === undefined) continue;
      for (const identity of profile.identities.values()) {
        if (identity.ns === ns && identity.lastSeenMs > sinceMs) count += 1;
      }
    }
    if (count <= most) return undefined;
    return rule.unique ? 'unique_violated' : 'limit_reached';
  }

  private create(sighting: Sighting, attempt: Attempt): KnownProfile {
    const first = present(attempt.fresh[0], 'an id for a new profile');
    const profileId = sighting.newProfileId(first);
    const profile: KnownProfile = {
      profileId,
      firstSeenMs: sighting.atMs,
      groupUnit: profileId,
      nodeIds: [profileId],
      identities: new Map(),
      mergeCount: 0,
      apartFrom: new Set(),
      isNew: true,
    };
    this.add(profile);
    return profile;
  }

  /** The survivor has the strongest unique id, else was seen first; ties by id. */
  private merge(
    left: KnownProfile,
    right: KnownProfile,
    { id, attempt }: { readonly id: UsableId; readonly attempt: Attempt },
  ): KnownProfile {
    const order =
      this.strength(left) - this.strength(right) ||
      left.firstSeenMs - right.firstSeenMs ||
      (left.profileId < right.profileId ? -1 : 1);
    const [into, from] = order <= 0 ? [left, right] : [right, left];
    const merge: Merge = {
      into: into.profileId,
      from: from.profileId,
      by: id.ns,
      nodeIds: [...from.nodeIds],
    };
    const isOlder =
      from.firstSeenMs < into.firstSeenMs ||
      (from.firstSeenMs === into.firstSeenMs && from.groupUnit < into.groupUnit);
    if (isOlder) into.groupUnit = from.groupUnit;
    into.firstSeenMs = Math.min(into.firstSeenMs, from.firstSeenMs);
    into.mergeCount += from.mergeCount + 1;
    for (const nodeId of from.nodeIds) {
      into.nodeIds.push(nodeId);
      this.nodeProfile.set(nodeId, into.profileId);
    }
    for (const [key, identity] of from.identities) into.identities.set(key, identity);
    for (const nodeId of from.apartFrom) into.apartFrom.add(nodeId);
    this.profiles.delete(from.profileId);
    this.merges.push(merge);
    attempt.merges.push(merge);
    return into;
  }

  /** Rank of the strongest unique id; beyond all ranks without one. */
  private strength(profile: KnownProfile): number {
    let best = Number.MAX_SAFE_INTEGER;
    for (const identity of profile.identities.values()) {
      if (this.ruleOf.get(identity.ns)?.unique !== true) continue;
      best = Math.min(best, this.rankOf.get(identity.ns) ?? best);
    }
    return best;
  }

  private settle(profile: KnownProfile, sighting: Sighting, attempt: Attempt): Resolution {
    const { atMs } = sighting;
    const nodeId = this.nodeFor(profile, sighting, attempt);
    for (const id of attempt.fresh) {
      const identity: KnownIdentity = {
        ns: id.ns,
        value: id.value,
        nodeId,
        firstSeenMs: atMs,
        lastSeenMs: atMs,
        isVerified: id.isVouched,
      };
      const key = identityKey(id.ns, id.value);
      profile.identities.set(key, identity);
      this.owners.set(key, identity);
      this.attached.push(identity);
    }
    for (const id of sighting.ids) {
      const identity = profile.identities.get(identityKey(id.ns, id.value));
      if (identity === undefined) continue;
      identity.firstSeenMs = Math.min(identity.firstSeenMs, atMs);
      identity.lastSeenMs = Math.max(identity.lastSeenMs, atMs);
      identity.isVerified ||= id.isVouched;
    }
    profile.firstSeenMs = Math.min(profile.firstSeenMs, atMs);
    return {
      profileId: profile.profileId,
      nodeId,
      merges: attempt.merges,
      refused: attempt.refused,
    };
  }

  /** An event's data lie with its strongest known id, so that undoing a merge takes them along. */
  private nodeFor(profile: KnownProfile, sighting: Sighting, attempt: Attempt): string {
    for (const id of sighting.ids) {
      if (attempt.fresh.includes(id)) continue;
      const identity = profile.identities.get(identityKey(id.ns, id.value));
      if (identity !== undefined) return identity.nodeId;
    }
    return profile.profileId;
  }
}

class Attempt {
  profile: KnownProfile | undefined;
  readonly fresh: UsableId[] = [];
  readonly merges: Merge[] = [];
  readonly refused: RefusedId[] = [];

  constructor(readonly atMs: number) {}

  adopt(profile: KnownProfile): void {
    this.profile = profile;
  }

  refuse(id: UsableId, reason: IdRefusal, other?: KnownProfile): void {
    const profileId = this.profile?.profileId;
    this.refused.push({
      ns: id.ns,
      reason,
      ...(profileId === undefined ? {} : { profileId }),
      ...(other === undefined ? {} : { otherId: other.profileId }),
    });
  }
}
