import { fromUnits, toUnits, type Locale } from '#libs/kernel';
import { reasonText, WITHHELD_REASONS, type WithheldReason } from '#libs/policy';
import type { ApiResponse } from '#libs/contracts';
import { counted, say } from '../words/text.js';
import { dayBounds, localDate, publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import { liftView } from './lift.js';
import type {
  LiftRow,
  ScenarioFigure,
  StandingCount,
  TroubleCounts,
  WithheldCount,
} from './ports.js';

/** The page of today, as the API gives it. */
export type TodayView = ApiResponse<'today'>;

/** What the page is made from. */
export interface TodayFacts {
  readonly standing: readonly StandingCount[];
  readonly figures: readonly ScenarioFigure[];
  readonly withheld: readonly WithheldCount[];
  readonly trouble: TroubleCounts;
  readonly lift: readonly LiftRow[] | null;
}

/** Days of the sparkline. */
export const TODAY_DAYS = 7;

type Line = TodayView['scenarios'][number];

/** Composes the page: one line a scenario in force, most people first, and what needs attention. */
export function todayView(facts: TodayFacts, ground: ConsoleGround, locale: Locale): TodayView {
  const published = publishedOf(ground);
  const lines = (published?.scenarios ?? []).map((one) =>
    lineOf(one.scenario, one.isPaused, { facts, ground, locale }),
  );
  return {
    asOfMs: ground.clock.nowMs(),
    attention: attentionOf(facts, ground, locale),
    scenarios: lines.sort((a, b) => b.people - a.people || (a.id < b.id ? -1 : 1)),
  };
}

interface At {
  readonly facts: TodayFacts;
  readonly ground: ConsoleGround;
  readonly locale: Locale;
}

function lineOf(scenario: string, isPaused: boolean, at: At): Line {
  const { facts, ground, locale } = at;
  const words = wordsOf(ground, locale);
  const own = facts.figures.filter((figure) => figure.scenario === scenario);
  const sum = (kind: ScenarioFigure['kind'], interval?: number): number =>
    own
      .filter((one) => one.kind === kind && (interval === undefined || one.interval === interval))
      .reduce((total, { count }) => total + count, 0);
  const here = facts.standing.filter((one) => one.scenario === scenario);
  const people = here
    .filter(({ status }) => status !== 'held_out')
    .reduce((total, one) => total + one.people, 0);
  const definition = publishedOf(ground)?.compiled.definitions.find(
    (one) => one.scenario === scenario,
  );
  return {
    id: scenario,
    name: words.scenario(scenario),
    state: isPaused ? 'paused' : 'live',
    people,
    entered: sum('entered'),
    sent: sum('sent'),
    converted: sum('converted'),
    revenue: revenueOf(own),
    daily: dayBounds(ground, TODAY_DAYS)
      .slice(0, TODAY_DAYS)
      .map((fromMs, interval) => ({
        day: localDate(ground, fromMs),
        entered: sum('entered', interval),
        sent: sum('sent', interval),
        converted: sum('converted', interval),
        revenue:
          revenueOf(own.filter((one) => one.interval === interval)).find(
            ({ currency }) => currency === words.currency,
          )?.amount ?? '0.00',
      })),
    lift: liftView(facts.lift, scenario, {
      locale,
      hasGoal: (definition?.goal ?? null) !== null,
      enteredAWeek: sum('entered'),
    }),
    holdup: isPaused
      ? say(locale, 'En pause : les personnes attendent.', 'Paused: people are held.')
      : null,
  };
}

/** Sums by currency, greatest first. */
function revenueOf(figures: readonly ScenarioFigure[]): Line['revenue'] {
  const sums = new Map<string, bigint>();
  for (const { kind, amount, currency } of figures) {
    if (kind !== 'revenue' || currency === '') continue;
    sums.set(currency, (sums.get(currency) ?? 0n) + toUnits(amount));
  }
  return [...sums]
    .sort(([, left], [, right]) => (left > right ? -1 : 1))
    .map(([currency, units]) => ({ amount: fromUnits(units), currency }));
}

function attentionOf(
  facts: TodayFacts,
  ground: ConsoleGround,
  locale: Locale,
): TodayView['attention'] {
  const items: TodayView['attention'] = [];
  const { deadLetters, uncertain, overdueTasks, failedSince } = facts.trouble;
  if (publishedOf(ground) === null) {
    const sentence = say(
      locale,
      'Aucun scénario encore. Publiez un espace de travail.',
      'No scenario yet. Publish a workspace.',
    );
    items.push({ level: 'info', sentence, link: '/scenarios' });
  }
  if (uncertain > 0) {
    const what = counted(uncertain, locale, MESSAGES);
    const sentence = say(
      locale,
      `${what} dont on ne sait pas s’ils sont partis.`,
      `${what} that may or may not have left.`,
    );
    items.push({ level: 'error', sentence, link: '/status' });
  }
  if (deadLetters > 0) {
    const what = counted(deadLetters, locale, LETTERS);
    const sentence = say(locale, `${what} à rejouer ou classer.`, `${what} to replay or dismiss.`);
    items.push({ level: 'error', sentence, link: '/dead-letters' });
  }
  if (failedSince > 0) {
    const what = counted(failedSince, locale, MESSAGES);
    const sentence = say(
      locale,
      `${what} refusés par un prestataire depuis hier.`,
      `${what} refused by a provider since yesterday.`,
    );
    items.push({ level: 'warning', sentence, link: '/messages' });
  }
  for (const withheld of facts.withheld) items.push(withheldItem(withheld, locale));
  if (overdueTasks > 0) {
    const what = counted(overdueTasks, locale, TASKS);
    const sentence = say(locale, `${what} en retard.`, `${what} overdue.`);
    items.push({ level: 'warning', sentence, link: '/tasks' });
  }
  return items;
}

function withheldItem(
  withheld: WithheldCount,
  locale: Locale,
): TodayView['attention'][number] {
  const what = counted(withheld.count, locale, MESSAGES);
  const why = withheldReason(withheld.reason, locale);
  const sentence = say(
    locale,
    `${what} retenus depuis hier : ${why}.`,
    `${what} withheld since yesterday: ${why}.`,
  );
  return { level: 'info', sentence, link: `/messages?withheld=${withheld.reason}` };
}

const KNOWN_REASONS: ReadonlySet<string> = new Set(WITHHELD_REASONS);

/** Why something was withheld, in words, to follow a colon. */
export function withheldReason(reason: string, locale: Locale, detail = ''): string {
  if (!KNOWN_REASONS.has(reason)) return reason.replaceAll('_', ' ');
  const text = reasonText(reason as WithheldReason, locale, detail);
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

const MESSAGES = {
  fr: ['message', 'messages'],
  en: ['message', 'messages'],
} as const;
const LETTERS = {
  fr: ['lettre morte', 'lettres mortes'],
  en: ['dead letter', 'dead letters'],
} as const;
const TASKS = { fr: ['tâche', 'tâches'], en: ['task', 'tasks'] } as const;
