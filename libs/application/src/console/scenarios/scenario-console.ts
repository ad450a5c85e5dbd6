import type { Locale } from '#libs/kernel';
import type { ApiResponse } from '#libs/contracts';
import type { AnalyticsReader } from '../../analytics/ports.js';
import { Held } from '../held.js';
import { dayBounds, publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import type { StepPassing } from './graph.js';
import { liftView, readLift } from './lift.js';
import type { EnrolledRow, ScenarioReader, TroubleCounts } from './ports.js';
import { enrolledView, scenarioDetail, scenarioList } from './scenario-pages.js';
import { TODAY_DAYS, todayView } from './today.js';

const DAY_MS = 86_400_000;
const MOST_VERSIONS = 50;

const PASSED_SQL = `SELECT step_id AS stepId, branch, result, count() AS passed,
  countIf(left_at >= fromUnixTimestamp64Milli({today:Int64})) AS passedToday
FROM relance.enrolment_steps WHERE scenario = {scenario:String} AND left_at IS NOT NULL
GROUP BY step_id, branch, result LIMIT 5000`;

/** What the pages on scenarios read. */
export interface ScenarioConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: ScenarioReader;
  readonly analytics: AnalyticsReader | null;
  readonly trouble: (sinceMs: number) => Promise<TroubleCounts>;
}

/** Today, the list of scenarios, one scenario, and who is in it. */
export class ScenarioConsole {
  private readonly standing;
  private readonly lift;
  private readonly week;

  constructor(private readonly ports: ScenarioConsolePorts) {
    const { ground, reader, analytics } = ports;
    const { elapsedMs } = ground;
    this.standing = new Held(() => reader.standing(), { leastMs: 1_000, elapsedMs });
    this.lift = new Held(() => readLift(analytics), { leastMs: 15_000, elapsedMs });
    this.week = new Held(() => reader.figures(dayBounds(ground, TODAY_DAYS)), {
      leastMs: 2_000,
      elapsedMs,
    });
  }

  async today(locale: Locale): Promise<ApiResponse<'today'>> {
    const { ground, reader } = this.ports;
    const sinceMs = ground.clock.nowMs() - DAY_MS;
    const [standing, figures, withheld, trouble, lift] = await Promise.all([
      this.standing.get(),
      this.week.get(),
      reader.withheldSince(sinceMs),
      this.ports.trouble(sinceMs),
      this.lift.get(),
    ]);
    return todayView({ standing, figures, withheld, trouble, lift }, ground, locale);
  }

  async list(locale: Locale): Promise<ApiResponse<'scenarios'>> {
    return { items: [...scenarioList(await this.standing.get(), this.ports.ground, locale)] };
  }

  /** Null where no scenario of that id is in force. */
  async one(scenario: string, locale: Locale): Promise<ApiResponse<'scenario'> | null> {
    const { ground, reader } = this.ports;
    const inForce = publishedOf(ground)?.scenarios.find((one) => one.scenario === scenario);
    if (inForce === undefined) return null;
    const definition = wordsOf(ground, locale).definition(inForce.definition);
    const [standing, ended, versions, source, lift, week, passings] = await Promise.all([
      this.standing.get(),
      reader.endedCount(scenario),
      reader.versions(scenario, MOST_VERSIONS),
      reader.source(scenario, inForce.definition),
      this.lift.get(),
      this.week.get(),
      this.passings(scenario),
    ]);
    const enteredAWeek = week
      .filter((one) => one.scenario === scenario && one.kind === 'entered')
      .reduce((sum, { count }) => sum + count, 0);
    const hasGoal = (definition?.goal ?? null) !== null;
    const view = liftView(lift, scenario, { locale, hasGoal, enteredAWeek });
    const facts = { standing, ended, passings, versions, source, lift: view };
    return scenarioDetail(scenario, facts, { ground, locale });
  }

  /** Null where the version or its file is not known. */
  async source(
    scenario: string,
    definition: string | undefined,
  ): Promise<ApiResponse<'scenarioSource'> | null> {
    const inForce = publishedOf(this.ports.ground)?.scenarios.find(
      (one) => one.scenario === scenario,
    );
    const hash = definition ?? inForce?.definition;
    if (hash === undefined) return null;
    const found = await this.ports.reader.source(scenario, hash);
    return found === null ? null : { path: found.path, text: found.text, definition: hash };
  }

  async people(
    query: {
      readonly scenario: string;
      readonly step?: string | undefined;
      readonly status?: EnrolledRow['status'] | undefined;
      readonly cursor?: string | undefined;
      readonly limit: number;
    },
    locale: Locale,
  ): Promise<ApiResponse<'scenarioPeople'>> {
    const { ground, reader } = this.ports;
    const rows = await reader.enrolled({
      scenario: query.scenario,
      stepId: query.step,
      status: query.status,
      after: query.cursor,
      limit: query.limit + 1,
    });
    const words = wordsOf(ground, locale);
    const page = rows.slice(0, query.limit);
    return {
      items: page.map((row) => enrolledView(row, words)),
      next: rows.length > query.limit ? (page.at(-1)?.enrolmentId ?? null) : null,
    };
  }

  private async passings(scenario: string): Promise<readonly StepPassing[] | null> {
    const { analytics, ground } = this.ports;
    if (analytics === null) return null;
    const today = dayBounds(ground, 1)[0] ?? 0;
    try {
      return await analytics.query<StepPassing>(PASSED_SQL, { scenario, today });
    } catch {
      // The graph is worth showing without them.
      return null;
    }
  }
}
