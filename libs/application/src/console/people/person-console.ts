import type { ApiResponse } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import { contactPointsOf } from '#libs/profile';
import type { AnalyticsReader } from '../../analytics/ports.js';
import type { ExplainedProfile, ProfileReader } from '../../profile/reader.js';
import type { ReadEvent } from '../../profile/read-ports.js';
import type { ProfileSettingsSource } from '../../profile/settings.js';
import type { HoldStore } from '../operate/holds.js';
import { unknownScenario, type UnknownScenario } from '../unknown-scenario.js';
import { localDate, publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import { explainPerson } from './explain.js';
import { personView } from './person-page.js';
import type { PersonReader, ConsoleSuppression } from './ports.js';
import { readTimeline, type TimelineKind } from './timeline.js';

const MOST_ENROLMENTS = 50;
const MOST_ENTRIES = 200;
/** Of one name: a segment's changes share one, so that one page must do for all segments. */
const MOST_EVENTS = 50;

/** What pages on people read. */
export interface PersonConsolePorts {
  readonly ground: ConsoleGround;
  readonly profiles: ProfileReader;
  readonly settings: ProfileSettingsSource;
  readonly reader: PersonReader;
  readonly analytics: AnalyticsReader | null;
  readonly holds: Pick<HoldStore, 'current'>;
  /** Keyed hash of an address, as suppressions keep it. */
  readonly hashAddress: (channel: string, address: string) => string;
}

/** Whose people a caller may see: everybody's, or those of the accounts an e-mail owns. */
export type Sight = { readonly owner: string | null };

/** Finding people, one person, and their timeline. */
export class PersonConsole {
  constructor(private readonly ports: PersonConsolePorts) {}

  async search(
    ask: { readonly text: string; readonly cursor?: string | undefined; readonly limit: number },
    sight: Sight,
  ): Promise<ApiResponse<'people'>> {
    const { reader, ground } = this.ports;
    const { rules } = ground.workspace.isReady
      ? this.ports.settings.current()
      : { rules: { identities: [] } };
    const hits = await reader.search({
      text: ask.text,
      namespaces: rules.identities.map(({ ns }) => ns),
      owner: sight.owner,
      after: ask.cursor ?? '',
      limit: ask.limit + 1,
    });
    const page = hits.slice(0, ask.limit);
    return {
      items: page.map(({ accountId, accountName, ...hit }) => ({
        ...hit,
        account: accountId === null ? null : { id: accountId, name: accountName ?? accountId },
      })),
      next: hits.length > ask.limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** Null where there is nobody of that id, or nobody this caller may see. */
  async one(
    profileId: string,
    sight: Sight,
    locale: Locale,
  ): Promise<ApiResponse<'person'> | null> {
    const profile = await this.seen(profileId, sight);
    if (profile === null) return null;
    const { ground, reader, settings } = this.ports;
    const [enrolments, suppressions] = await Promise.all([
      reader.enrolments(profile.read.profileId, MOST_ENROLMENTS),
      this.suppressionsOf(profile),
    ]);
    return personView({
      profile,
      enrolments,
      suppressions,
      settings: settings.current(),
      words: wordsOf(ground, locale),
      nowMs: ground.clock.nowMs(),
    });
  }

  async timeline(
    profileId: string,
    ask: {
      readonly kinds: readonly TimelineKind[];
      readonly cursor?: string | undefined;
      readonly limit: number;
    },
    at: { readonly sight: Sight; readonly locale: Locale },
  ): Promise<ApiResponse<'timeline'> | null> {
    const { ground, profiles, reader, analytics } = this.ports;
    const profile = await this.seen(profileId, at.sight);
    if (profile === null) return null;
    return await readTimeline(
      { profiles, reader, analytics },
      {
        profileId: profile.read.profileId,
        kinds: ask.kinds,
        cursor: ask.cursor,
        limit: ask.limit,
        words: wordsOf(ground, at.locale),
        dayOf: (atMs) => localDate(ground, atMs),
      },
    );
  }

  /** By id, or by `namespace:value`; null where there is nobody. */
  async explain(
    who: string,
    scenario: string | undefined,
    locale: Locale,
  ): Promise<ApiResponse<'explain'> | UnknownScenario | null> {
    if (!this.ports.ground.workspace.isReady) return null;
    const unknown = scenario === undefined ? null : unknownScenario(this.ports.ground, scenario);
    if (unknown !== null) return unknown;
    const profileId = await this.resolve(who);
    const profile = profileId === null ? null : await this.seen(profileId, { owner: null });
    if (profile === null) return null;
    const { ground, reader, settings, holds } = this.ports;
    const id = profile.read.profileId;
    const everything = { atMs: Number.MAX_SAFE_INTEGER, id: '' };
    const [enrolments, suppressions, decisions, withheld, events, entries, published, held] =
      await Promise.all([
        reader.enrolments(id, MOST_ENROLMENTS),
        this.suppressionsOf(profile),
        reader.decisions({ profileId: id, before: everything, limit: MOST_ENROLMENTS }),
        reader.withheld({ profileId: id, before: everything, limit: MOST_ENROLMENTS }),
        this.entryEvents(id, scenario),
        reader.entries(id, MOST_ENTRIES),
        reader.firstPublished(),
        holds.current(),
      ]);
    return explainPerson({
      profile,
      enrolments,
      suppressions,
      decisions,
      withheld,
      scenario,
      entry: { events, entries, published, holds: held },
      settings: settings.current(),
      ground,
      words: wordsOf(ground, locale),
    });
  }

  /** The last event of each kind that could have entered the person into a scenario in force. */
  private async entryEvents(
    profileId: string,
    scenario: string | undefined,
  ): Promise<readonly ReadEvent[]> {
    const published = publishedOf(this.ports.ground);
    const definitions = (published?.compiled.definitions ?? []).filter(
      (one) => scenario === undefined || one.scenario === scenario,
    );
    const names = [...new Set(definitions.flatMap(({ entry }) => entry.on))];
    const found = await Promise.all(
      names.map((name) =>
        this.ports.profiles.timeline({ profileId, names: [name], limit: MOST_EVENTS }),
      ),
    );
    return found.flat();
  }

  /** Id of the profile somebody means; null where nobody is known by it. */
  async resolve(who: string): Promise<string | null> {
    const match = /^([a-z][a-z0-9_]{0,63}):(.+)$/s.exec(who);
    if (match === null) return (await this.ports.profiles.byId(who))?.read.profileId ?? null;
    const [, ns = '', value = ''] = match;
    const spellings = [value, value.toLowerCase()].map((one) => ({ ns, value: one }));
    const found = await this.ports.profiles.byIdentity(spellings);
    return found?.read.profileId ?? null;
  }

  /** Whether this caller may see a person. */
  async maySee(profileId: string, sight: Sight): Promise<boolean> {
    if (sight.owner === null) return true;
    const view = await this.ports.profiles.byId(profileId);
    return view !== null && ownerOf(view.read.account?.traits['owner']?.value) === sight.owner;
  }

  private async seen(profileId: string, sight: Sight): Promise<ExplainedProfile | null> {
    if (!this.ports.ground.workspace.isReady) return null;
    const profile = await this.ports.profiles.explain(profileId);
    if (profile === null || sight.owner === null) return profile;
    const owner = ownerOf(profile.read.account?.traits['owner']?.value);
    return owner === sight.owner ? profile : null;
  }

  private async suppressionsOf(profile: ExplainedProfile): Promise<readonly ConsoleSuppression[]> {
    const { rules } = this.ports.settings.current();
    const points = contactPointsOf(profile.read.document.traits, rules);
    const hashes = points.map(({ channel, address }) => this.ports.hashAddress(channel, address));
    return await this.ports.reader.suppressions(profile.read.profileId, hashes);
  }
}

function ownerOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
