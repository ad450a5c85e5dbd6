import type { Json, Locale } from '#libs/kernel';
import type { ApiResponse } from '#libs/contracts';
import { explainSegment } from '#libs/segment';
import type { Bindings } from '#libs/expression';
import type { ExplainedProfile } from '../../profile/reader.js';
import type { ProfileSettings } from '../../profile/settings.js';
import { basisName } from '../words/events.js';
import { labelOf } from '../words/labels.js';
import { moneyText } from '../words/text.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import type { EnrolmentLine, ConsoleSuppression } from './ports.js';
import { reachOf } from './reach.js';
import { explanationLines, provenanceText, valueText } from './values.js';
import { withheldReason } from '../scenarios/today.js';

/** The page of a person, as the API gives it. */
export type PersonView = ApiResponse<'person'>;

/** What the page is made from. */
export interface PersonFacts {
  readonly profile: ExplainedProfile;
  readonly enrolments: readonly EnrolmentLine[];
  readonly suppressions: readonly ConsoleSuppression[];
  readonly settings: ProfileSettings;
  readonly words: WorkspaceWords;
  readonly nowMs: number;
}

/** A name for people: first and last, else the name, else the e-mail, else the id. */
export function personName(traits: Readonly<Record<string, Json>>, id: string): string {
  const text = (name: string): string => {
    const value = traits[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const joined = (first: string, last: string): string => `${text(first)} ${text(last)}`.trim();
  return (
    joined('firstName', 'lastName') ||
    joined('first_name', 'last_name') ||
    text('name') ||
    text('email') ||
    id
  );
}

/** Composes the page of a person. */
export function personView(facts: PersonFacts): PersonView {
  const { profile, settings, words, nowMs } = facts;
  const { read, context } = profile;
  const { locale } = words;
  const { document } = read;
  return {
    id: read.profileId,
    name: personName(document.traits, read.profileId),
    version: read.version,
    isSample: read.isSample,
    firstSeenMs: read.firstSeenMs,
    updatedAtMs: read.updatedAtMs,
    locale: context.locale,
    timezone: context.timezone,
    account: accountOf(profile),
    channels: reachOf(document, facts.suppressions, { rules: settings.rules, nowMs, locale }),
    values: profile.traits.map(({ trait, value, provenance }) => ({
      name: trait,
      label: labelOf(trait, locale),
      value,
      text: valueText(value, locale),
      source: words.source(provenance.source),
      atMs: provenance.atMs,
      why: provenanceText(provenance.rule, locale),
    })),
    aggregates: aggregatesOf(document.aggregates, words),
    segments: segmentsOf(facts),
    consents: consentsOf(profile, words),
    suppressions: facts.suppressions.map(({ channel, reason, untilMs }) => ({
      channel,
      why: withheldReason(`suppressed_${reason}`, locale),
      untilMs,
    })),
    scores: scoresOf(profile, locale),
    enrolments: facts.enrolments.map((line) => enrolmentView(line, words)),
    identities: profile.identities.map(({ ns, value, isVerified }) => ({ ns, value, isVerified })),
  };
}

function accountOf({ read }: ExplainedProfile): PersonView['account'] {
  const { account, accountId } = read;
  if (account === null || accountId === null) return null;
  const name = account.traits['name']?.value;
  const membership = read.memberships.find((one) => one.accountId === accountId);
  return {
    id: accountId,
    name: typeof name === 'string' ? name : accountId,
    role: membership?.role ?? null,
  };
}

const MONEY_NAME = /(revenue|total|amount|spent|value|basket)/;
const TIME_NAME = /(_at|At)$/;

function aggregatesOf(
  aggregates: Readonly<Record<string, number>>,
  words: WorkspaceWords,
): PersonView['aggregates'] {
  const { locale, currency } = words;
  return Object.entries(aggregates)
    .filter(([name]) => !TIME_NAME.test(name))
    .map(([name, value]) => ({
      name,
      label: labelOf(name, locale),
      text: MONEY_NAME.test(name)
        ? moneyText(String(value), currency, locale)
        : valueText(value, locale),
    }));
}

/** What segments read of this person, as the profile store binds it. */
export function bindingsOf({ profile, nowMs }: Pick<PersonFacts, 'profile' | 'nowMs'>): Bindings {
  const { context } = profile;
  return { profile: context.profile, account: context.account, now: nowMs };
}

function segmentsOf(facts: PersonFacts): PersonView['segments'] {
  const { profile, settings, words } = facts;
  const bindings = bindingsOf(facts);
  return profile.read.document.segments.map((id) => {
    const explanation = explainSegment(settings.segments, id, bindings);
    const why = explanation === undefined ? [] : explanationLines(explanation, words);
    return { id, name: words.segment(id), why: [...why] };
  });
}

function consentsOf(
  { read, consents }: ExplainedProfile,
  words: WorkspaceWords,
): PersonView['consents'] {
  return Object.entries(read.document.consents).map(([key, status]) => {
    const [channel = '', purpose = ''] = key.split(':');
    const statement = consents
      .filter((one) => [channel, 'any'].includes(one.channel) && one.purpose === purpose)
      .sort((left, right) => right.atMs - left.atMs)
      .find((one) => one.status === status);
    return {
      channel,
      purpose,
      status,
      source: statement === undefined ? null : words.source(statement.source),
      basis: statement?.basis == null ? null : basisName(statement.basis, words.locale),
      proof: statement?.proof ?? null,
      atMs: statement?.atMs ?? null,
    };
  });
}

/** Scores are traits that say so by their name: what a CRM or a model reckoned. */
function scoresOf({ traits }: ExplainedProfile, locale: Locale): PersonView['scores'] {
  return traits
    .filter(({ trait, value }) => /score$/i.test(trait) && typeof value === 'number')
    .map(({ trait, value, provenance }) => ({
      name: labelOf(trait, locale),
      text: valueText(value, locale),
      atMs: provenance.atMs,
    }));
}

function enrolmentView(
  line: EnrolmentLine,
  words: WorkspaceWords,
): PersonView['enrolments'][number] {
  return {
    id: line.id,
    scenario: line.scenario,
    scenarioName: words.scenario(line.scenario),
    status: line.status,
    group: line.group as 'policy',
    stepLabel: line.status === 'ended' ? '' : words.step(line.definition, line.stepId),
    enteredAtMs: line.enteredAtMs,
    dueAtMs: line.dueAtMs,
    endedAtMs: line.endedAtMs,
    endedAs: line.endedAs,
  };
}
