import type { ApiResponse, ProfileConfig } from '#libs/contracts';
import type { EpochMs, JsonObject, Locale } from '#libs/kernel';
import { contactPointsOf } from '#libs/profile';
import type { Definition } from '#libs/scenario';
import { createEvaluate } from '../../expression/evaluate.js';
import { personContext } from '../../profile/people.js';
import type { ProfileReadStore, ReadProfile } from '../../profile/read-ports.js';
import type { ProfileSettingsSource } from '../../profile/settings.js';
import { Held } from '../held.js';
import { labelOf } from '../words/labels.js';
import { channelName } from '../words/events.js';
import { triggerText } from '../words/steps.js';
import { counted, PEOPLE, quoted, say } from '../words/text.js';
import { stepNamesOf } from '../words/workspace-words.js';
import { publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import { needsOf, type Needs } from './needs.js';

/** Somebody a scenario would take in, with the event that would bring them. */
export interface Candidate {
  readonly profileId: string;
  /** Null of members of a segment. */
  readonly properties: JsonObject | null;
}

/** Whom scenarios would take in, as stored; bounded. */
export interface CandidateReader {
  members(segment: string, limit: number): Promise<readonly Candidate[]>;
  /** People with an event of one of the names since then, each with their latest. */
  withEvent(
    names: readonly string[],
    query: { readonly sinceMs: EpochMs; readonly limit: number },
  ): Promise<readonly Candidate[]>;
}

/** What looking ahead works with. */
export interface CoverageConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: CandidateReader;
  readonly profiles: Pick<ProfileReadStore, 'load'>;
  readonly settings: ProfileSettingsSource;
}

type CoverageView = ApiResponse<'coverage'>;
type Lack = Pick<CoverageView['lacks'][number], 'kind' | 'what' | 'people'>;

interface Counted {
  readonly people: number;
  readonly isPartial: boolean;
  readonly lacks: readonly Lack[];
}

/** So many people are looked at: enough for shares, few enough for a page. */
const MOST_PEOPLE = 2_000;
const DAY_MS = 86_400_000;
const WINDOW_DAYS = 90;
const LEAST_MS = 10_000;

/** Of those a scenario would take in now: who cannot be reached, for want of what, and who knows it. */
export class CoverageConsole {
  /** By definition: a new version is counted anew. */
  private readonly held = new Map<string, Held<Counted>>();

  constructor(private readonly ports: CoverageConsolePorts) {}

  /** Null where no such scenario is in force. */
  async one(scenario: string, locale: Locale): Promise<CoverageView | null> {
    const { ground } = this.ports;
    const compiled = publishedOf(ground)?.compiled;
    const definition = compiled?.definitions.find((one) => one.scenario === scenario);
    if (compiled === undefined || definition === undefined) return null;
    const found = await this.countOf(definition).get();
    const words = wordsOf(ground, locale);
    return {
      scenario,
      name: words.scenario(scenario),
      basis: basisOf(definition, locale, (entry) =>
        entry.segment === undefined
          ? triggerText(entry, locale, stepNamesOf(words))
          : quoted(words.segment(entry.segment), locale),
      ),
      people: found.people,
      isPartial: found.isPartial,
      lacks: found.lacks.map((lack) => {
        const label = labelOfLack(lack, locale);
        const sources = sourcesOf(lack, compiled.profile).map((id) => ({
          id,
          name: words.source(id),
        }));
        const who = counted(lack.people, locale, PEOPLE);
        const from = sources.map(({ name }) => name).join(', ');
        const could =
          from === ''
            ? say(locale, 'aucune source n’en est maîtresse', 'no source is its master')
            : say(locale, `peut venir de ${from}`, `could come from ${from}`);
        const sentence = say(
          locale,
          `${label} : ${who} ; ${could}.`,
          `${label}: ${who}; ${could}.`,
        );
        return { ...lack, label, sources, sentence };
      }),
    };
  }

  private countOf(definition: Definition): Held<Counted> {
    const known = this.held.get(definition.hash);
    if (known !== undefined) return known;
    const { elapsedMs } = this.ports.ground;
    const held = new Held(() => this.count(definition), { leastMs: LEAST_MS, elapsedMs });
    this.held.set(definition.hash, held);
    return held;
  }

  private async count(definition: Definition): Promise<Counted> {
    const candidates = await this.candidates(definition);
    const page = candidates.slice(0, MOST_PEOPLE);
    const compiled = publishedOf(this.ports.ground)?.compiled;
    if (compiled === undefined) return { people: 0, isPartial: false, lacks: [] };
    const needs = needsOf(definition, compiled);
    const found = await this.ports.profiles.load(
      null,
      page.map(({ profileId }) => profileId),
    );
    const events = new Map(page.map((one) => [one.profileId, one.properties]));
    const entering = found.filter((read) =>
      this.enters(definition, read, events.get(read.askedId) ?? null),
    );
    const counts = new Map<string, Lack>();
    for (const read of entering) {
      for (const { kind, what } of this.lacksOf(read, needs, definition.purpose)) {
        const key = `${kind} ${what}`;
        counts.set(key, { kind, what, people: (counts.get(key)?.people ?? 0) + 1 });
      }
    }
    return {
      people: entering.length,
      isPartial: candidates.length > MOST_PEOPLE,
      lacks: [...counts.values()].sort((a, b) => b.people - a.people || (a.what < b.what ? -1 : 1)),
    };
  }

  private async candidates({ entry }: Definition): Promise<readonly Candidate[]> {
    const { reader, ground } = this.ports;
    const limit = MOST_PEOPLE + 1;
    const isEntered = entry.on.includes('relance_segment_entered');
    if (entry.segment !== undefined && isEntered) return await reader.members(entry.segment, limit);
    const sinceMs = ground.clock.nowMs() - WINDOW_DAYS * DAY_MS;
    return await reader.withEvent(entry.on, { sinceMs, limit });
  }

  /** Whether the entry's condition holds, with what is known now; one that has no value does not. */
  private enters(definition: Definition, read: ReadProfile, event: JsonObject | null): boolean {
    const { when } = definition.entry;
    if (when === undefined) return true;
    const person = personContext(read, this.ports.settings.current());
    const answer = evaluate(when, {
      now: this.ports.ground.clock.nowMs(),
      ...(event === null ? {} : { event }),
      entry: {},
      profile: { ...person.profile, segments: [...person.segments] },
      account: person.account,
      decision: {},
      vars: {},
    });
    return answer.ok && answer.value === true;
  }

  private lacksOf(read: ReadProfile, needs: Needs, purpose: string): Omit<Lack, 'people'>[] {
    const { traits, consents } = read.document;
    const lacks: Omit<Lack, 'people'>[] = [];
    const points = contactPointsOf(traits, this.ports.settings.current().rules);
    for (const channel of needs.channels) {
      const hasAddress = points.some((point) => point.channel === channel);
      if (!hasAddress) lacks.push({ kind: 'address', what: channel });
      const isGranted = consents[`${channel}:${purpose}`] === 'granted';
      if (needs.takesConsent && !isGranted) lacks.push({ kind: 'consent', what: channel });
    }
    const owner = read.account?.traits['owner']?.value;
    const hasOwner = typeof owner === 'string' && owner !== '';
    if (needs.takesOwner && !hasOwner) lacks.push({ kind: 'owner', what: 'owner' });
    for (const trait of needs.traits) {
      const value = traits[trait];
      if (value === undefined || value === null || value === '') {
        lacks.push({ kind: 'trait', what: trait });
      }
    }
    return lacks;
  }
}

const evaluate = createEvaluate();

function basisOf(
  { entry }: Definition,
  locale: Locale,
  nameOf: (entry: Definition['entry']) => string,
): string {
  const name = nameOf(entry);
  if (entry.segment !== undefined && entry.on.includes('relance_segment_entered')) {
    return say(locale, `Membres du segment ${name}.`, `Members of the segment ${name}.`);
  }
  return say(
    locale,
    `Personnes avec ${name} dans les ${WINDOW_DAYS} derniers jours, avec ce qu’on sait d’elles aujourd’hui.`,
    `People with ${name} in the last ${WINDOW_DAYS} days, with what is known of them today.`,
  );
}

function labelOfLack({ kind, what }: Lack, locale: Locale): string {
  if (kind === 'owner') {
    return say(locale, 'Sans commercial attitré', 'Without an owner of their account');
  }
  if (kind === 'trait') {
    const name = labelOf(what, locale);
    return say(locale, `Sans ${quoted(name, locale)}`, `Without ${quoted(name, locale)}`);
  }
  const channel = channelName(what, locale);
  return kind === 'address'
    ? say(locale, `Sans adresse (${channel})`, `Without an address (${channel})`)
    : say(locale, `Sans consentement (${channel})`, `Without consent (${channel})`);
}

/** Who could say what is lacking: masters of the trait; of a consent, every source of people. */
function sourcesOf({ kind, what }: Lack, profile: ProfileConfig): readonly string[] {
  const isPeople = (id: string): boolean => profile.sources[id]?.kind !== 'engine';
  if (kind === 'owner') {
    const { owner_from: owner } = profile.accounts;
    return owner === undefined ? [] : [owner];
  }
  if (kind === 'consent') return Object.keys(profile.sources).filter(isPeople);
  const type = what === 'email' ? 'email' : 'phone';
  const masters =
    kind === 'trait'
      ? (profile.traits[what]?.master ?? [])
      : Object.values(profile.traits).flatMap((trait) => (trait.type === type ? trait.master : []));
  return [...new Set(masters)].filter(isPeople);
}
