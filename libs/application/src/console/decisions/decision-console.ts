import type { ApiResponse } from '#libs/contracts';
import type { EpochMs, Locale } from '#libs/kernel';
import {
  expectedGainOf,
  STAGES,
  whyText,
  type CandidateRecord,
  type DecisionRecord,
} from '#libs/decision';
import type { OutcomeRow } from '../../results/ports.js';
import type { Before, PersonReader } from '../people/ports.js';
import { outcomeText } from '../people/tellings.js';
import { decisionSentences, reasonDetail } from '../words/reason-details.js';
import type { Bilingual } from '../words/text.js';
import type { WorkspaceWords } from '../words/workspace-words.js';
import { localDate, wordsOf, type ConsoleGround } from '../workspace-source.js';

/** Which decisions to list; newest first. */
export interface DecisionQuery {
  readonly scenario?: string | undefined;
  readonly step?: string | undefined;
  readonly action?: string | undefined;
  readonly before: Before;
  readonly limit: number;
}

/** Reads decisions for the console. */
export interface DecisionReader {
  list(query: DecisionQuery): Promise<readonly DecisionRecord[]>;
  one(id: string): Promise<DecisionRecord | null>;
  outcomesOf(decisionId: string): Promise<readonly OutcomeRow[]>;
}

/** What pages on decisions read. */
export interface DecisionConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: DecisionReader;
  readonly people: Pick<PersonReader, 'names' | 'touches'>;
}

const STAGE_NAMES: Readonly<Record<(typeof STAGES)[number], Bilingual>> = {
  available: { fr: 'Disponible', en: 'Available' },
  channel: { fr: 'Canal', en: 'Channel' },
  consent: { fr: 'Consentement', en: 'Consent' },
  eligibility: { fr: 'Y a droit', en: 'Eligible' },
  applicability: { fr: 'À propos', en: 'Applicable' },
  suitability: { fr: 'Convient', en: 'Suitable' },
  suppression: { fr: 'Non exclue', en: 'Not suppressed' },
  caps: { fr: 'Pression', en: 'Contact caps' },
  quiet_hours: { fr: 'Heures permises', en: 'Quiet hours' },
  volume: { fr: 'Volume', en: 'Volume' },
  maturity: { fr: 'Assez de recul', en: 'Enough results' },
  score: { fr: 'Comparée', en: 'Scored' },
  arbitration: { fr: 'Départage', en: 'Arbitration' },
  reservation: { fr: 'Réservée', en: 'Reserved' },
  output: { fr: 'Choisie', en: 'Chosen' },
};

type Detail = ApiResponse<'decision'>;

/** Decisions: the list, and one with its funnel. */
export class DecisionConsole {
  constructor(private readonly ports: DecisionConsolePorts) {}

  async list(
    ask: Omit<DecisionQuery, 'before'> & { readonly cursor?: string | undefined },
    locale: Locale,
  ): Promise<ApiResponse<'decisions'>> {
    const { reader, people, ground } = this.ports;
    const { cursor, limit, ...filter } = ask;
    const records = await reader.list({ ...filter, before: readBefore(cursor), limit: limit + 1 });
    const page = records.slice(0, limit);
    const names = await people.names(page.map(({ profileId }) => profileId));
    const words = wordsOf(ground, locale);
    const last = page.at(-1);
    return {
      items: page.map((record) => lineOf(record, names, words)),
      next: records.length > limit && last ? `${last.atMs}~${last.decisionId}` : null,
    };
  }

  /** Null where there is no such decision. */
  async one(id: string, locale: Locale): Promise<Detail | null> {
    const { reader, people, ground } = this.ports;
    const record = await reader.one(id);
    if (record === null) return null;
    const outcomes = await reader.outcomesOf(id);
    const [names, touches] = await Promise.all([
      people.names([record.profileId]),
      people.touches(outcomes.flatMap(({ deliveryId }) => deliveryId ?? [])),
    ]);
    const words = wordsOf(ground, locale);
    const { chosenIndex, candidates } = record;
    return {
      ...lineOf(record, names, words),
      definition: record.definition,
      model: record.model,
      modelVersion: record.modelVersion,
      policy: record.policy,
      sentences: [...decisionSentences(record, words)],
      funnel: funnelOf(record, locale),
      candidates: candidates.map((row, index) =>
        candidateOf(row, { record, isChosen: index === chosenIndex, words }),
      ),
      outcomes: outcomes.map((row) => ({
        atMs: row.atMs,
        sentence: outcomeText(
          row,
          {
            touch: touches.get(row.deliveryId ?? ''),
            dayOf: (atMs: EpochMs) => localDate(ground, atMs),
          },
          words,
        ),
      })),
    };
  }
}

/** Reads `atMs~id`; anything else begins at the newest. */
export function readBefore(cursor: string | undefined): Before {
  const match = /^(\d{1,16})~(.*)$/s.exec(cursor ?? '');
  if (match === null) return { atMs: Number.MAX_SAFE_INTEGER, id: '' };
  return { atMs: Number(match[1]), id: match[2] ?? '' };
}

function lineOf(
  record: DecisionRecord,
  names: ReadonlyMap<string, string>,
  words: WorkspaceWords,
): ApiResponse<'decisions'>['items'][number] {
  return {
    id: record.decisionId,
    atMs: record.atMs,
    person: { id: record.profileId, name: names.get(record.profileId) ?? record.profileId },
    scenario: { id: record.scenario, name: words.scenario(record.scenario) },
    step: record.stepId,
    group: record.group,
    chosen: words.action(record.chosenAction ?? 'nothing'),
    propensity: record.chosenPropensity,
    explored: record.explored,
    candidates: record.nCandidates,
    eligible: record.nEligible,
  };
}

/** How many candidates were left after each stage at which any was lost, and at the ends. */
function funnelOf({ candidates }: DecisionRecord, locale: Locale): Detail['funnel'] {
  let left = candidates.length;
  const rows: Detail['funnel'] = [];
  for (const stage of STAGES) {
    const lost = candidates.filter(
      (row) => row.stage === stage && (stage !== 'output' || !row.passed),
    ).length;
    const fell = stage === 'output' ? 0 : lost;
    left -= fell;
    if (fell > 0 || stage === 'available' || stage === 'output') {
      rows.push({ stage, label: STAGE_NAMES[stage][locale], left, lost: fell });
    }
  }
  return rows;
}

function candidateOf(
  row: CandidateRecord,
  at: {
    readonly record: DecisionRecord;
    readonly isChosen: boolean;
    readonly words: WorkspaceWords;
  },
): Detail['candidates'][number] {
  const { words, record } = at;
  const { currency } = record;
  const { locale } = words;
  const gain = expectedGainOf(row);
  return {
    action: row.action,
    actionName: words.action(row.action),
    treatment: row.treatment,
    channel: row.channel,
    isChosen: at.isChosen,
    passed: row.passed,
    stage: row.stage,
    stageLabel: STAGE_NAMES[row.stage][locale],
    why: whyText(row, record, locale, () => reasonDetail(row, words)),
    outcomePropensity: row.pRaw,
    expectedGain:
      gain === null ? null : { amount: gain.toFixed(2), currency: currency ?? words.currency },
    value: row.value,
    contextWeight: row.contextWeight,
    lever: row.lever,
    cost: row.cost,
    score: row.score,
    propensity: row.propensity,
    rank: row.rank,
    contributions: row.contributions.map(([name, amount]) => ({ name, amount })),
  };
}
