import type { ApiResponse } from '#libs/contracts';
import type { DecisionRecord } from '#libs/decision';
import { drawGroup, groupRulesOf } from '../../catalogue/groups.js';
import type { WithheldRow } from '../../delivery/ports.js';
import type { ExplainedProfile } from '../../profile/reader.js';
import type { ProfileSettings } from '../../profile/settings.js';
import { withheldReason } from '../scenarios/today.js';
import { conditionOrMention } from '../words/conditions.js';
import { decisionSentences } from '../words/reason-details.js';
import { entryText } from '../words/entries.js';
import { channelName, endingName, groupName } from '../words/events.js';
import { quoted, say, spanText } from '../words/text.js';
import { stepNamesOf, type WorkspaceWords } from '../words/workspace-words.js';
import { publishedOf, type ConsoleGround } from '../workspace-source.js';
import { personName } from './person-page.js';
import type { EnrolmentLine, ConsoleSuppression } from './ports.js';
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
      ...(own.length === 0 ? notEntered(scenario, facts) : []),
      ...facts.withheld
        .filter((row) => row.scenario === scenario)
        .map((row) => withheldSentence(row, words)),
    ],
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
  return say(
    locale,
    `S’y trouve à l’étape ${quoted(step, locale)}, ${next}${paused} (${group}).`,
    `Is in it, at the step ${quoted(step, locale)}, ${next}${paused} (${group}).`,
  );
}

function withheldSentence(row: WithheldRow, words: WorkspaceWords): string {
  const { locale } = words;
  const name = quoted(words.action(row.action), locale);
  const why = withheldReason(row.reason, locale);
  return say(locale, `${name} n’est pas parti : ${why}.`, `${name} was not sent: ${why}.`);
}

function notEntered(scenario: string, facts: ExplainFacts): string[] {
  const { words, ground, profile } = facts;
  const { locale } = words;
  const published = publishedOf(ground);
  const inForce = published?.scenarios.find((one) => one.scenario === scenario);
  const definition = inForce === undefined ? undefined : words.definition(inForce.definition);
  if (published === null || definition === undefined || inForce === undefined) return [];
  const { entry } = definition;
  const by = entryText(entry, locale, stepNamesOf(words));
  const when =
    entry.when === undefined ? '' : ` (${conditionOrMention(entry.when, locale, words)})`;
  const sentences = [
    say(
      locale,
      `N’y est jamais entré : il faut ${by}${when}.`,
      `Has never entered: it takes ${by}${when}.`,
    ),
  ];
  if (inForce.isPaused) sentences.push(say(locale, 'Il est en pause.', 'It is paused.'));
  const isMember =
    entry.segment !== undefined && profile.read.document.segments.includes(entry.segment);
  if (isMember && entry.existing === 'ignore') {
    sentences.push(
      say(
        locale,
        'Est déjà dans ce segment : seuls ceux qui y entrent désormais entrent.',
        'Is in this segment already: only those who enter it from now on enter.',
      ),
    );
  }
  const group = drawGroup(
    groupRulesOf(published.compiled),
    { purpose: definition.purpose, definition },
    profile.read.groupUnit,
  );
  if (group === 'holdout') {
    sentences.push(say(locale, 'Serait dans le groupe témoin.', 'Would be in the holdout.'));
  }
  return sentences;
}
