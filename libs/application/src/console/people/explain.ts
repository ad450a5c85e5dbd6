import type { ApiResponse } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';
import type { DecisionRecord } from '#libs/decision';
import { drawGroup, groupRulesOf } from '../../catalogue/groups.js';
import type { WithheldRow } from '../../delivery/ports.js';
import type { ExplainedProfile } from '../../profile/reader.js';
import type { ReadEvent } from '../../profile/read-ports.js';
import { EVERYTHING } from '../../runtime/holds.js';
import type { HoldRow } from '../operate/holds.js';
import type { ProfileSettings } from '../../profile/settings.js';
import { withheldReason } from '../scenarios/today.js';
import { decisionSentences } from '../words/reason-details.js';
import { channelName, endingName, groupName } from '../words/events.js';
import { quoted, say, spanText } from '../words/text.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import { publishedOf, type ConsoleGround } from '../workspace-source.js';
import { personName } from './person-page.js';
import { entryChecks } from './entry-checks.js';
import type { ConsoleSuppression, EnrolmentLine, EntryLine } from './ports.js';
import { reachOf } from './reach.js';

/** An explanation, as the API gives it. */
export type ExplanationView = ApiResponse<'explain'>;

/** What an explanation is made from. */
export interface ExplainFacts {
  readonly profile: ExplainedProfile;
  readonly enrolments: readonly EnrolmentLine[];
  readonly suppressions: readonly ConsoleSuppression[];
  readonly decisions: readonly DecisionRecord[];
  readonly withheld: readonly WithheldRow[];
  /** One scenario only. */
  readonly scenario: string | undefined;
  readonly entry: {
    /** Newest first, of each name that enters anybody. */
    readonly events: readonly ReadEvent[];
    readonly entries: readonly EntryLine[];
    readonly published: ReadonlyMap<string, EpochMs>;
    readonly holds: readonly HoldRow[];
  };
  readonly settings: ProfileSettings;
  readonly ground: ConsoleGround;
  readonly words: WorkspaceWords;
}

/** Why a person is where they are, and why nothing happens where nothing does. */
export function explainPerson(facts: ExplainFacts): ExplanationView {
  const { profile } = facts;
  const published = publishedOf(facts.ground);
  const known = [
    ...(published?.scenarios ?? []).map(({ scenario }) => scenario),
    ...facts.enrolments.map(({ scenario }) => scenario),
  ];
  const asked = [...new Set(known)].filter(
    (scenario) => facts.scenario === undefined || scenario === facts.scenario,
  );
  return {
    profileId: profile.read.profileId,
    name: personName(profile.read.document.traits, profile.read.profileId),
    sentences: generalSentences(facts),
    scenarios: asked.map((scenario) => scenarioPart(scenario, facts)),
  };
}

function generalSentences(facts: ExplainFacts): string[] {
  const { profile, words, settings, ground, suppressions } = facts;
  const { locale } = words;
  const { document } = profile.read;
  const nowMs = ground.clock.nowMs();
  const channels = reachOf(document, suppressions, { rules: settings.rules, nowMs, locale });
  const sentences = channels.map(({ channel, isReachable, why }) => {
    const name = channelName(channel, locale);
    return isReachable
      ? say(locale, `Joignable par ${name}.`, `Reachable by ${name}.`)
      : say(locale, `Pas joignable par ${name} : ${why}`, `Not reachable by ${name}: ${why}`);
  });
  const segments = document.segments.map((id) => quoted(words.segment(id), locale)).join(', ');
  sentences.push(
    segments === ''
      ? say(locale, 'Dans aucun segment.', 'In no segment.')
      : say(locale, `Dans les segments ${segments}.`, `In the segments ${segments}.`),
  );
  return sentences;
}

type Part = ExplanationView['scenarios'][number];

function scenarioPart(scenario: string, facts: ExplainFacts): Part {
  const { words } = facts;
  const own = facts.enrolments.filter((line) => line.scenario === scenario);
  const running = own.filter(({ status }) => status !== 'ended');
  const state = running.length > 0 ? 'in' : own.length > 0 ? 'ended' : 'never_entered';
  return {
    scenario,
    name: words.scenario(scenario),
    state,
    sentences: [
      ...own.map((line) => enrolmentSentence(line, facts)),
      ...(own.length === 0
        ? [say(words.locale, 'N’y est jamais entré.', 'Has never entered.')]
        : []),
      ...(running.length === 0 ? [] : heldSentences(scenario, facts)),
      ...facts.withheld
        .filter((row) => row.scenario === scenario)
        .map((row) => withheldSentence(row, words)),
    ],
    entry: running.length > 0 ? null : entryPart(scenario, facts),
    decisions: facts.decisions
      .filter((record) => record.scenario === scenario)
      .map((record) => ({
        id: record.decisionId,
        atMs: record.atMs,
        step: record.stepId,
        sentences: [...decisionSentences(record, words)],
      })),
  };
}

/** What holds a scenario back, and with it whoever is in it. */
function heldSentences(scenario: string, facts: ExplainFacts): string[] {
  const { locale } = facts.words;
  const sinceMs = pausedSince(scenario, facts);
  if (sinceMs === null) return [];
  const since = spanText(facts.ground.clock.nowMs() - sinceMs, locale);
  return [
    say(
      locale,
      `Le scénario est suspendu depuis ${since} : rien ne part, les attentes gardent leur échéance.`,
      `The scenario is paused for ${since}: nothing leaves, waits keep their due times.`,
    ),
  ];
}

function enrolmentSentence(line: EnrolmentLine, { words, ground }: ExplainFacts): string {
  const { locale } = words;
  const group = groupName(line.group, locale);
  if (line.status === 'ended') {
    const ending = endingName(line.endedAs ?? '', locale);
    return say(locale, `En est sorti : ${ending} (${group}).`, `Has left: ${ending} (${group}).`);
  }
  if (line.status === 'held_out') {
    return say(
      locale,
      'Y est entré, mais reste non sollicité : groupe témoin.',
      'Has entered, but is left alone: holdout.',
    );
  }
  const step = words.step(line.definition, line.stepId);
  const leftMs = line.dueAtMs === null ? null : line.dueAtMs - ground.clock.nowMs();
  const next =
    leftMs === null
      ? say(locale, 'jusqu’à un évènement', 'until an event')
      : say(locale, `encore ${spanText(leftMs, locale)}`, `${spanText(leftMs, locale)} more`);
  const paused = line.status === 'paused' ? say(locale, ' (en pause)', ' (paused)') : '';
  const standsMs = ground.clock.nowMs() - (line.sinceMs ?? line.enteredAtMs);
  const since = spanText(standsMs, locale);
  return say(
    locale,
    `S’y trouve à l’étape ${quoted(step, locale)} depuis ${since}, ${next}${paused} (${group}).`,
    `Is in it, at the step ${quoted(step, locale)} for ${since}, ${next}${paused} (${group}).`,
  );
}

function withheldSentence(row: WithheldRow, words: WorkspaceWords): string {
  const { locale } = words;
  const name = quoted(words.action(row.action), locale);
  const why = withheldReason(row.reason, locale);
  return say(locale, `${name} n’est pas parti : ${why}.`, `${name} was not sent: ${why}.`);
}

/** What entering takes; null for who is in the scenario, and for one that is not in force. */
function entryPart(scenario: string, facts: ExplainFacts): Part['entry'] {
  const { words, ground, profile, entry, settings } = facts;
  const published = publishedOf(ground);
  const definition = published?.compiled.definitions.find((one) => one.scenario === scenario);
  if (published === null || definition === undefined) return null;
  const { segment, on, requested } = definition.entry;
  const event = entry.events.find(
    ({ name, properties }) =>
      on.includes(name) &&
      (segment === undefined || properties['segment'] === segment) &&
      (requested !== true || properties['scenario'] === scenario),
  );
  const nowMs = ground.clock.nowMs();
  const group = drawGroup(
    groupRulesOf(published.compiled),
    { purpose: definition.purpose, definition },
    profile.read.groupUnit,
  );
  const checks = entryChecks({
    definition,
    person: profile.context,
    event: event ?? null,
    entries: entry.entries,
    publishedAtMs: entry.published.get(scenario) ?? null,
    pausedSinceMs: pausedSince(scenario, facts),
    group,
    channels: reachOf(profile.read.document, facts.suppressions, {
      rules: settings.rules,
      nowMs,
      locale: words.locale,
    }),
    nowMs,
    words,
  });
  return { lastEventAtMs: event?.atMs ?? null, checks: [...checks] };
}

/** Since when nothing moves in a scenario; null where it does. */
function pausedSince(scenario: string, { entry: { holds } }: ExplainFacts): EpochMs | null {
  const own = holds.filter(({ scope }) => scope === EVERYTHING || scope === scenario);
  return own.length === 0 ? null : Math.min(...own.map(({ sinceMs }) => sinceMs));
}
