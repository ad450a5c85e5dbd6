import type { Locale } from '#libs/kernel';
import { formatShare } from '#libs/decision';
import type { ApiResponse } from '#libs/contracts';
import type { Definition } from '#libs/scenario';
import { conditionOrMention } from '../words/conditions.js';
import { endingName } from '../words/events.js';
import { entryText } from '../words/entries.js';
import { triggerText } from '../words/steps.js';
import { say, spanText } from '../words/text.js';
import { stepNamesOf, type WorkspaceWords } from '../words/workspace-words.js';
import { publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import { graphOf, type GraphCounts } from './graph.js';
import type { LiftView } from './lift.js';
import type { EnrolledRow, SourceRow, StandingCount, VersionRow } from './ports.js';

type Detail = ApiResponse<'scenario'>;
type Summary = ApiResponse<'scenarios'>['items'][number];

function countOf(
  standing: readonly StandingCount[],
  scenario: string,
  statuses: readonly StandingCount['status'][],
): number {
  return standing
    .filter((one) => one.scenario === scenario && statuses.includes(one.status))
    .reduce((sum, one) => sum + one.people, 0);
}

/** Every scenario in force, by priority. */
export function scenarioList(
  standing: readonly StandingCount[],
  ground: ConsoleGround,
  locale: Locale,
): readonly Summary[] {
  const published = publishedOf(ground);
  if (published === null) return [];
  const words = wordsOf(ground, locale);
  const lines = published.scenarios.flatMap((inForce): readonly Summary[] => {
    const definition = words.definition(inForce.definition);
    if (definition === undefined) return [];
    return [
      {
        id: inForce.scenario,
        name: words.scenario(inForce.scenario),
        purpose: definition.purpose,
        priority: definition.priority,
        state: inForce.isPaused ? 'paused' : 'live',
        definition: inForce.definition,
        publishedAtMs: published.appliedAtMs,
        people: countOf(standing, inForce.scenario, ['running', 'paused']),
        heldOut: countOf(standing, inForce.scenario, ['held_out']),
      },
    ];
  });
  return lines.sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
}

/** What the page of one scenario is made from. */
export interface ScenarioFacts {
  readonly standing: readonly StandingCount[];
  readonly ended: number;
  readonly passings: GraphCounts['passings'];
  readonly versions: readonly VersionRow[];
  readonly source: SourceRow | null;
  readonly lift: LiftView;
}

/** The page of a scenario; null where none of that id is in force. */
export function scenarioDetail(
  scenario: string,
  facts: ScenarioFacts,
  at: { readonly ground: ConsoleGround; readonly locale: Locale },
): Detail | null {
  const published = publishedOf(at.ground);
  const inForce = published?.scenarios.find((one) => one.scenario === scenario);
  const words = wordsOf(at.ground, at.locale);
  const definition = inForce === undefined ? undefined : words.definition(inForce.definition);
  if (published === null || inForce === undefined || definition === undefined) return null;
  const here = facts.standing.filter((one) => one.scenario === scenario);
  const people = countOf(here, scenario, ['running', 'paused']);
  const heldOut = countOf(here, scenario, ['held_out']);
  const version = facts.versions.find((one) => one.definition === inForce.definition);
  return {
    id: scenario,
    name: words.scenario(scenario),
    description: '',
    purpose: definition.purpose,
    priority: definition.priority,
    state: inForce.isPaused ? 'paused' : 'live',
    definition: inForce.definition,
    publishedAtMs: version?.publishedAtMs ?? published.appliedAtMs,
    summary: [...summaryOf(definition, words)],
    people,
    paused: countOf(here, scenario, ['paused']),
    heldOut,
    ended: facts.ended,
    graph: graphOf(
      definition,
      {
        waiting: waitingOf(here),
        entered: people + heldOut + facts.ended,
        passings: facts.passings,
      },
      words,
    ),
    source: facts.source === null ? null : { path: facts.source.path, text: facts.source.text },
    problems: [],
    versions: facts.versions.map((row) => ({
      ...row,
      people: here
        .filter((one) => one.definition === row.definition)
        .reduce((sum, one) => sum + one.people, 0),
      isInForce: row.definition === inForce.definition,
    })),
    lift: facts.lift,
  };
}

/** People by step, over every version: an id names the same place in each. */
function waitingOf(standing: readonly StandingCount[]): ReadonlyMap<string, number> {
  const waiting = new Map<string, number>();
  for (const { stepId, status, people } of standing) {
    if (status === 'held_out') continue;
    waiting.set(stepId, (waiting.get(stepId) ?? 0) + people);
  }
  return waiting;
}

function reentryText({ entry }: Definition, locale: Locale): string {
  if (entry.reentry === 'never') return say(locale, 'une seule fois', 'once only');
  if (entry.reentry === 'always') return say(locale, 'à chaque fois', 'every time');
  const span = spanText(entry.reentry.afterMs, locale);
  return say(locale, `de nouveau après ${span}`, `again after ${span}`);
}

/** Who enters, how often, what ends it, what it is for. */
function summaryOf(definition: Definition, words: WorkspaceWords): readonly string[] {
  const { locale } = words;
  const names = stepNamesOf(words);
  const { entry, exits, goal, holdoutShare, maxAgeMs } = definition;
  const when =
    entry.when === undefined ? '' : ` (${conditionOrMention(entry.when, locale, names)})`;
  const enteredBy = `${entryText(entry, locale, names)}${when}`;
  const lines = [
    say(
      locale,
      `On y entre par : ${enteredBy}, ${reentryText(definition, locale)}.`,
      `People enter by: ${enteredBy}, ${reentryText(definition, locale)}.`,
    ),
  ];
  for (const exit of exits) {
    const by = triggerText(exit, locale, names);
    lines.push(
      say(
        locale,
        `On en sort par : ${by}, comme ${endingName(exit.as, locale)}.`,
        `People leave by: ${by}, as ${endingName(exit.as, locale)}.`,
      ),
    );
  }
  if (goal !== null) {
    const what = triggerText(goal, locale, names);
    const within = spanText(goal.withinMs, locale);
    lines.push(say(locale, `Objectif : ${what}, sous ${within}.`, `Goal: ${what}, within ${within}.`));
  }
  if (holdoutShare > 0) {
    const share = formatShare(holdoutShare, locale);
    lines.push(
      say(
        locale,
        `${share} des entrants restent non sollicités, pour mesurer l’effet.`,
        `${share} of those who enter are left alone, to measure the effect.`,
      ),
    );
  }
  const age = spanText(maxAgeMs, locale);
  lines.push(say(locale, `Durée maximale : ${age}.`, `Greatest age: ${age}.`));
  return lines;
}

/** Somebody in a scenario as the API gives it. */
export function enrolledView(
  row: EnrolledRow,
  words: WorkspaceWords,
): ApiResponse<'scenarioPeople'>['items'][number] {
  return {
    profileId: row.profileId,
    name: row.name,
    enrolmentId: row.enrolmentId,
    step: row.stepId,
    stepLabel: words.step(row.definition, row.stepId),
    status: row.status,
    group: row.group as 'policy',
    enteredAtMs: row.enteredAtMs,
    sinceMs: row.sinceMs,
    dueAtMs: row.dueAtMs,
  };
}
