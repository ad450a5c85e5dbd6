import {
  explainDecision,
  type CandidateRecord,
  type DecisionRecord,
  type Reason,
} from '#libs/decision';
import { basisName, channelName } from './events.js';
import { conditionText } from './conditions.js';
import { say } from './text.js';
import type { WorkspaceWords } from './workspace-words.js';

type Telling = (detail: string, words: WorkspaceWords) => string;

const condition: Telling = (detail, words) => conditionText(detail, words.locale, words) ?? '';

const needed: Telling = (detail, words) => {
  const text = condition(detail, words);
  return text === '' ? '' : say(words.locale, `il faut : ${text}`, `it takes: ${text}`);
};

const basis: Telling = (detail, { locale }) => basisName(detail, locale);

/** What is recorded with a refusal is code, an id or a figure: here it becomes words. */
const TELLINGS: Partial<Readonly<Record<Reason, Telling>>> = {
  not_eligible: needed,
  not_applicable: needed,
  not_suitable: needed,
  missing_data: condition,
  rule_error: condition,
  cap: countedDetail,
  action_limit: countedDetail,
  limit_reached: countedDetail,
  held: (detail) => detail.replaceAll(/[-_]/g, ' '),
  consent_denied: (detail, words) => words.source(detail),
  consent_basis_not_allowed: basis,
  consent_proof_missing: basis,
  consent_no_purchase: basis,
  consent_not_professional: basis,
};

/** The detail of a refusal for people; empty where it would tell them nothing. */
export function reasonDetail(
  { reason, reasonDetail: recorded }: Pick<CandidateRecord, 'reason' | 'reasonDetail'>,
  words: WorkspaceWords,
): string {
  const detail = recorded ?? '';
  return detail === '' ? '' : (TELLINGS[reason]?.(detail, words) ?? detail);
}

/** `email 2/2, 7d` or `1/1, 30 d` as the policy writes it. */
function countedDetail(detail: string, { locale }: WorkspaceWords): string {
  const match = /^(?:(\w+) )?(\d+\/\d+), (\d+) ?d$/.exec(detail);
  if (match === null) return detail;
  const [, channel, count = '', days = ''] = match;
  const span = say(locale, `${days} j`, `${days} d`);
  return [channel === undefined ? '' : channelName(channel, locale), `${count}, ${span}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** A decision in sentences, everything in it named as the workspace names it. */
export function decisionSentences(
  record: DecisionRecord,
  words: WorkspaceWords,
): readonly string[] {
  return explainDecision(record, words.locale, words.names, (row) => reasonDetail(row, words));
}
