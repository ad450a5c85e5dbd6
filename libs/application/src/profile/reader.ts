import type { ConsentStatement } from '#libs/policy';
import { ownMember, type Json } from '#libs/kernel';
import { winnerOf, type Claim, type Provenance } from '#libs/profile';
import type { PersonContext } from '../runtime/ports.js';
import { personContext } from './people.js';
import type { IdKey } from './ports.js';
import type {
  ProfileListQuery,
  ProfileReadStore,
  ReadEvent,
  ReadIdentity,
  ReadMerge,
  ReadProfile,
  TimelineQuery,
} from './read-ports.js';
import type { ProfileSettingsSource } from './settings.js';

/** A profile with the context that scenarios see. */
export interface ProfileView {
  readonly read: ReadProfile;
  readonly context: PersonContext;
}

/** A trait, its value, why it holds, and what the other sources say. */
export interface ExplainedTrait {
  readonly trait: string;
  readonly value: Json;
  readonly provenance: Provenance;
  readonly claims: readonly Claim[];
}

/** A profile laid open: where everything about it comes from. */
export interface ExplainedProfile extends ProfileView {
  readonly identities: readonly ReadIdentity[];
  readonly traits: readonly ExplainedTrait[];
  readonly consents: readonly (ConsentStatement & { readonly eventKey: string })[];
  readonly merges: readonly ReadMerge[];
}

/** Reads profiles for people and programs. */
export class ProfileReader {
  constructor(
    private readonly store: ProfileReadStore,
    private readonly settings: ProfileSettingsSource,
  ) {}

  /** Follows merges; null where there is no such profile. */
  async byId(profileId: string): Promise<ProfileView | null> {
    const [read] = await this.store.load(null, [profileId]);
    if (read === undefined) return null;
    return { read, context: personContext(read, this.settings.current()) };
  }

  /** By the first of the ids that somebody has; normalised as given. */
  async byIdentity(ids: readonly IdKey[]): Promise<ProfileView | null> {
    const found = await this.store.byIds(ids);
    const profileId = found.find((one) => one !== null);
    return profileId === undefined || profileId === null ? null : await this.byId(profileId);
  }

  async list(query: ProfileListQuery): Promise<readonly ProfileView[]> {
    const settings = this.settings.current();
    const found = await this.store.list(query);
    return found.map((read) => ({ read, context: personContext(read, settings) }));
  }

  async timeline(query: TimelineQuery): Promise<readonly ReadEvent[]> {
    return await this.store.timeline(query);
  }

  /** Everything known of a profile and why; null where there is no such profile. */
  async explain(profileId: string): Promise<ExplainedProfile | null> {
    const view = await this.byId(profileId);
    if (view === null) return null;
    const id = view.read.profileId;
    const [identities, claims, consents, merges] = await Promise.all([
      this.store.identities(id),
      this.store.claims(id),
      this.store.consents(id),
      this.store.merges(id),
    ]);
    return { ...view, identities, consents, merges, traits: this.explainTraits(view, claims) };
  }

  private explainTraits({ read }: ProfileView, claims: readonly Claim[]): ExplainedTrait[] {
    const { rules } = this.settings.current();
    return Object.entries(read.document.traits).map(([trait, value]) => {
      const own = claims.filter((claim) => claim.trait === trait);
      const provenance =
        ownMember(read.document.provenance, trait) ??
        winnerOf(own, ownMember(rules.traits, trait))?.provenance;
      return {
        trait,
        value,
        provenance: provenance ?? { source: '', atMs: 0, eventKey: '', rule: 'only' },
        claims: own,
      };
    });
  }
}
