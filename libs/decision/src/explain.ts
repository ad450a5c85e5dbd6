import { localised, type Locale, type LocalText } from '#libs/kernel';
import { formatMoney, formatNumber, formatShare } from './format.js';
import { FALLBACK_TEXTS, REASON_TEXTS, type Bilingual } from './reasonTexts.js';
import { STAGES } from './stages.js';
import { NOTHING, type CandidateRecord, type DecisionRecord } from './types.js';

/** Names of actions, and of treatments under `action/treatment`, as people know them. */
export type Names = Readonly<Record<string, LocalText>>;

const DO_NOTHING: Bilingual = { fr: 'Ne rien faire', en: 'Do nothing' };

const CHANNELS: Readonly<Record<string, Bilingual>> = {
  email: { fr: 'par courriel', en: 'by e-mail' },
  sms: { fr: 'par SMS', en: 'by SMS' },
  task: { fr: 'par un commercial', en: 'by a sales rep' },
};

function quoted(text: string, locale: Locale): string {
  return locale === 'fr' ? `« ${text} »` : `“${text}”`;
}

function actionName(action: string, locale: Locale, names: Names): string {
  if (action === NOTHING) return DO_NOTHING[locale];
  return localised(names[action] ?? {}, locale) || action;
}

/** The name, with channel and treatment where the same action stands there twice. */
function nameOf(
  row: CandidateRecord,
  record: DecisionRecord,
  locale: Locale,
  names: Names,
): string {
  const name = quoted(actionName(row.action, locale, names), locale);
  const siblings = record.candidates.filter((other) => other.action === row.action);
  if (siblings.length < 2) return name;
  const channel = CHANNELS[row.channel ?? '']?.[locale] ?? row.channel ?? '';
  if (siblings.filter((other) => other.channel === row.channel).length < 2) {
    return `${name} ${channel}`.trim();
  }
  const key = `${row.action}/${row.treatment ?? ''}`;
  const treatment = localised(names[key] ?? {}, locale) || (row.treatment ?? '');
  return [name, channel, bracketed(treatment)].filter((part) => part !== '').join(' ');
}

function bracketed(text: string): string {
  return text === '' ? '' : `(${text})`;
}

const CHANCE: Bilingual = {
  fr: 'le hasard a choisi parmi de bonnes candidates',
  en: 'chance chose among good candidates',
};

/**
 * Why a candidate won or lost. The draw is for gains: a choice that explores was not the one of the
 * best expected gain, and whatever promised as much was beaten by chance, not by the gain.
 */
function reasonText(row: CandidateRecord, record: DecisionRecord, locale: Locale): string {
  const chosen = record.chosenIndex === null ? undefined : record.candidates[record.chosenIndex];
  const isByChance =
    (row.reason === 'highest_score' && record.explored) ||
    (row.reason === 'lower_score' && chosen !== undefined && promisesAsMuch(row, chosen));
  return (isByChance ? CHANCE : REASON_TEXTS[row.reason])[locale];
}

function promisesAsMuch(row: CandidateRecord, chosen: CandidateRecord): boolean {
  const [own, others] = [expectedGainOf(row), expectedGainOf(chosen)];
  return own !== null && others !== null && own >= others;
}

/** Words or figures of a refusal for people; empty where there are none. */
export type DetailText = (row: CandidateRecord) => string;

const asRecorded: DetailText = ({ reasonDetail }) => reasonDetail ?? '';

/** Why a candidate won or lost, its detail in brackets where it has one. */
export function whyText(
  row: CandidateRecord,
  record: DecisionRecord,
  locale: Locale,
  detailOf: DetailText = asRecorded,
): string {
  const detail = bracketed(detailOf(row));
  return [reasonText(row, record, locale), detail].filter((part) => part !== '').join(' ');
}

/** What doing it is expected to bring, cost taken off; null when that is not known. */
export function expectedGainOf(row: CandidateRecord): number | null {
  if (row.action === NOTHING) return 0;
  if (row.pRaw === null) return null;
  return row.pRaw * row.value * row.contextWeight * row.lever - row.cost;
}

function gainText(row: CandidateRecord, currency: string | null, locale: Locale): string {
  const gain = expectedGainOf(row);
  if (gain === null) return '';
  const amount =
    currency === null ? formatNumber(gain, 2, locale) : formatMoney(gain, currency, locale);
  return locale === 'fr' ? `gain espéré ${amount}` : `expected gain ${amount}`;
}

function winnerSentence(record: DecisionRecord, row: CandidateRecord, locale: Locale): string {
  const share = formatShare(record.chosenPropensity, locale);
  const reason = reasonText(row, record, locale);
  const gain = gainText(row, record.currency, locale);
  const isChance = record.model !== 'rules' && record.nEligible > 1;
  if (locale === 'fr') {
    const how = isChance ? `avec ${share} de chances (${reason})` : `(${reason})`;
    return gain === '' ? `choix retenu ${how}.` : `choix retenu ${how} : ${gain}.`;
  }
  const how = isChance ? `with a ${share} chance (${reason})` : `(${reason})`;
  return gain === '' ? `chosen ${how}.` : `chosen ${how}: ${gain}.`;
}

function loserSentence(
  record: DecisionRecord,
  row: CandidateRecord,
  locale: Locale,
  detailOf: DetailText,
): string {
  const why = whyText(row, record, locale, detailOf);
  const colon = locale === 'fr' ? ' :' : ':';
  const verb = locale === 'fr' ? 'a perdu' : 'lost';
  if (!row.passed || row.score === null) return `${verb}${colon} ${why}.`;
  const share = formatShare(row.propensity, locale);
  const chance = locale === 'fr' ? `${share} de chances` : `a ${share} chance`;
  const gain = gainText(row, record.currency, locale);
  const parts = [why, gain, chance].filter((part) => part !== '');
  return `${verb}${colon} ${parts.join(', ')}.`;
}

const EXPLORED: Bilingual = {
  fr: 'Le hasard a eu sa part : ce choix sert à apprendre ce qui marche.',
  en: 'Chance played its part: this choice helps to learn what works.',
};

/** Losers nearest to winning first. */
function losersOf(record: DecisionRecord): readonly CandidateRecord[] {
  return record.candidates
    .filter((_, index) => index !== record.chosenIndex)
    .map((row, place) => ({ row, place }))
    .sort(
      (a, b) =>
        STAGES.indexOf(b.row.stage) - STAGES.indexOf(a.row.stage) ||
        b.row.propensity - a.row.propensity ||
        a.place - b.place,
    )
    .map(({ row }) => row);
}

/**
 * The decision in plain sentences for a marketer or a sales rep: what was chosen and why, the part
 * of chance, then every other candidate with why it lost, nearest first. `detailOf` words the
 * details of refusals; as recorded without it. Deterministic.
 */
export function explainDecision(
  record: DecisionRecord,
  locale: Locale,
  names: Names = {},
  detailOf: DetailText = asRecorded,
): readonly string[] {
  const sentences: string[] = [];
  if (record.fallbackReason !== null) sentences.push(FALLBACK_TEXTS[record.fallbackReason][locale]);
  const chosen = record.chosenIndex === null ? undefined : record.candidates[record.chosenIndex];
  if (chosen !== undefined) {
    const name = nameOf(chosen, record, locale, names);
    const colon = locale === 'fr' ? ' :' : '';
    sentences.push(`${name}${colon} ${winnerSentence(record, chosen, locale)}`);
  } else if (record.chosenAction !== null) {
    sentences.push(`${quoted(actionName(record.chosenAction, locale, names), locale)}.`);
  }
  if (record.explored) sentences.push(EXPLORED[locale]);
  for (const row of losersOf(record)) {
    const name = nameOf(row, record, locale, names);
    sentences.push(`${name} ${loserSentence(record, row, locale, detailOf)}`);
  }
  return sentences;
}
