import type { ApiResponse } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import { MIN_CONVERSIONS, MIN_PEOPLE } from '#libs/attribution';
import { formatNumber } from '#libs/decision';
import type { AnalyticsReader } from '../../analytics/ports.js';
import { say } from '../words/text.js';
import type { LiftRow } from './ports.js';

/** Lift as the API tells it. */
export type LiftView = ApiResponse<'scenario'>['lift'];

const LIFT_SQL = `SELECT scenario, compared_to, treated, control, treated_converted,
  control_converted, lift, lift_low, lift_high, significant
FROM relance.campaign_lift WHERE period = 'all' ORDER BY scenario, compared_to LIMIT 2000`;

interface Row {
  readonly scenario: string;
  readonly compared_to: LiftRow['comparedTo'];
  readonly treated: number;
  readonly control: number;
  readonly treated_converted: number;
  readonly control_converted: number;
  readonly lift: number;
  readonly lift_low: number;
  readonly lift_high: number;
  readonly significant: number;
}

/** Lift of every scenario; null where there is no analytics store or it does not answer. */
export async function readLift(
  analytics: AnalyticsReader | null,
): Promise<readonly LiftRow[] | null> {
  if (analytics === null) return null;
  try {
    const rows = await analytics.query<Row>(LIFT_SQL);
    return rows.map((row) => ({
      scenario: row.scenario,
      comparedTo: row.compared_to,
      treated: row.treated,
      control: row.control,
      treatedConverted: row.treated_converted,
      controlConverted: row.control_converted,
      lift: row.lift,
      low: row.lift_low,
      high: row.lift_high,
      isSignificant: row.significant === 1,
    }));
  } catch {
    // A page that cannot tell lift still tells the rest; the state of the store is told elsewhere.
    return null;
  }
}

/** Lift of one scenario for people: over the holdout where there is one, else random control. */
export function liftView(
  rows: readonly LiftRow[] | null,
  scenario: string,
  asked: { readonly locale: Locale; readonly hasGoal: boolean; readonly enteredAWeek: number },
): LiftView {
  const { locale } = asked;
  if (rows === null) {
    const text = say(locale, 'ClickHouse ne répond pas.', 'ClickHouse does not answer.');
    return { state: 'none', sentence: text };
  }
  const own = rows.filter((row) => row.scenario === scenario && row.control > 0);
  const row = own.find(({ comparedTo }) => comparedTo === 'holdout') ?? own[0];
  if (!asked.hasGoal) {
    const text = say(locale, 'Ce scénario n’a pas d’objectif.', 'This scenario has no goal.');
    return { state: 'none', sentence: text };
  }
  if (row === undefined) return tooEarly({ treated: 0, control: 0 }, null, locale);
  const isEarly =
    Math.min(row.treated, row.control) < MIN_PEOPLE ||
    row.treatedConverted + row.controlConverted < MIN_CONVERSIONS;
  if (isEarly) return tooEarly(row, daysLeft(row, asked.enteredAWeek), locale);
  const { comparedTo, lift, low, high, isSignificant, treated, control } = row;
  return {
    state: 'ready',
    comparedTo,
    lift,
    low,
    high,
    isSignificant,
    treated,
    control,
    sentence: liftSentence(row, locale),
  };
}

function points(share: number, locale: Locale): string {
  const sign = share > 0 ? '+' : '';
  return `${sign}${formatNumber(share * 100, 1, locale)}`;
}

function liftSentence(row: LiftRow, locale: Locale): string {
  const range = `${points(row.low, locale)} … ${points(row.high, locale)}`;
  const doubt = row.isSignificant
    ? ''
    : say(locale, ' : pas encore sûr', ': not certain yet');
  return say(
    locale,
    `${points(row.lift, locale)} points de conversion (de ${range})${doubt}.`,
    `${points(row.lift, locale)} points of conversion (from ${range})${doubt}.`,
  );
}

function daysLeft(row: LiftRow, enteredAWeek: number): number | null {
  const share = row.control / Math.max(1, row.control + row.treated);
  const aDay = (enteredAWeek / 7) * Math.min(share, 1 - share);
  const missing = MIN_PEOPLE - Math.min(row.treated, row.control);
  if (missing <= 0 || aDay <= 0) return null;
  const days = Math.ceil(missing / aDay);
  return days > 3_650 ? null : days;
}

function tooEarly(
  row: { readonly treated: number; readonly control: number },
  days: number | null,
  locale: Locale,
): LiftView {
  const { treated, control } = row;
  const when =
    days === null
      ? ''
      : say(locale, ` : environ ${days} jours encore`, `: about ${days} days more`);
  const sentence = say(locale, `Pas encore assez de recul${when}.`, `Not enough yet${when}.`);
  return { state: 'too_early', treated, control, daysLeft: days, sentence };
}
