import type { ApiBody, ApiQuery, ApiResponse } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import type { UnitOfWork } from '../../ports/transaction.js';
import { EVERYTHING } from '../../runtime/holds.js';
import { Held } from '../held.js';
import { unknownScenario, type UnknownScenario } from '../unknown-scenario.js';
import { publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import type { HoldStore } from './holds.js';
import type { EnrolmentChoice, OperateStore, TroubleCount } from './ports.js';
import { actSentence, choiceText, doneSentence, holdSentence, troubleWhy } from './words.js';

/** What operating works with. */
export interface OperateConsolePorts {
  readonly ground: ConsoleGround;
  readonly holds: HoldStore;
  readonly store: OperateStore;
  readonly unitOfWork: UnitOfWork;
  /** How much faster than the wall the engine's clock runs: minutes of a filter are the wall's. */
  readonly speed: () => number;
}

type Filter = Partial<ApiQuery<'enrolments'>>;

const MINUTE_MS = 60_000;
const OVERDUE_MINUTES = 15;
const STUCK_MINUTES = 60;
const FAILED_DAYS = 7;
const DAY_MS = 86_400_000;
const COUNTS_LEAST_MS = 2_000;
const MOST_ACTS = 50;

/** Pausing and resuming, and enrolments that need somebody to look at them. */
export class OperateConsole {
  private readonly counted: Held<readonly TroubleCount[]>;

  constructor(private readonly ports: OperateConsolePorts) {
    const { elapsedMs } = ports.ground;
    this.counted = new Held(() => ports.store.counts(this.choiceOf({})), {
      leastMs: COUNTS_LEAST_MS,
      elapsedMs,
    });
  }

  async pauses(locale: Locale): Promise<ApiResponse<'pauses'>> {
    const words = wordsOf(this.ports.ground, locale);
    const rows = (await this.ports.holds.current()).map(({ scope, sinceMs, author }) => ({
      scenario: scope === EVERYTHING ? null : scope,
      name: scope === EVERYTHING ? '' : words.scenario(scope),
      sinceMs,
      by: author,
    }));
    return {
      everything: rows.find(({ scenario }) => scenario === null) ?? null,
      scenarios: rows.filter(({ scenario }) => scenario !== null),
    };
  }

  async pause(
    body: ApiBody<'pause'>,
    by: { readonly author: string; readonly locale: Locale },
  ): Promise<ApiResponse<'pause'> | UnknownScenario> {
    const { ground, holds, store, unitOfWork } = this.ports;
    const { act, scenario, dryRun } = body;
    const unknown = scenario === undefined ? null : unknownScenario(ground, scenario);
    if (unknown !== null) return unknown;
    const scope = scenario ?? EVERYTHING;
    const before = await holds.reach(scope);
    let isDone = false;
    if (!dryRun) {
      const nowMs = ground.clock.nowMs();
      isDone = await unitOfWork.transaction(async (tx) => {
        const isChanged = await holds[act](tx, { scope, author: by.author, nowMs });
        const note = { atMs: nowMs, author: by.author, act, scope, people: before.people };
        if (isChanged) await store.note(tx, { ...note, jobId: null });
        return isChanged;
      });
      await ground.workspace.refresh();
    }
    const reach = isDone ? await holds.reach(scope) : before;
    const name = scenario === undefined ? null : wordsOf(ground, by.locale).scenario(scenario);
    const told = { act, name, reach, isDone, dryRun };
    return { isDone, ...reach, sentence: holdSentence(told, by.locale) };
  }

  async list(query: ApiQuery<'enrolments'>, locale: Locale): Promise<ApiResponse<'enrolments'>> {
    const { ground, store } = this.ports;
    const choice = this.choiceOf(query);
    const rows = await store.list(choice, { after: query.cursor ?? '', limit: query.limit + 1 });
    const words = wordsOf(ground, locale);
    const page = rows.slice(0, query.limit);
    return {
      items: page.map((row) => ({
        id: row.enrolmentId,
        profileId: row.profileId,
        name: row.name,
        scenario: row.scenario,
        scenarioName: words.scenario(row.scenario),
        step: row.stepId,
        stepLabel: words.step(row.definition, row.stepId),
        status: row.status,
        sinceMs: row.sinceMs,
        dueAtMs: row.dueAtMs,
        why: troubleWhy(query.trouble, row, { locale, nowMs: choice.nowMs }),
      })),
      next: rows.length > query.limit ? (page.at(-1)?.enrolmentId ?? null) : null,
    };
  }

  async troubles(locale: Locale): Promise<ApiResponse<'troubles'>> {
    const { ground } = this.ports;
    const words = wordsOf(ground, locale);
    const nowMs = ground.clock.nowMs();
    return {
      items: (await this.counted.get()).map((row) => ({
        trouble: row.trouble,
        reason: row.reason,
        why: troubleWhy(row.trouble, row, { locale, nowMs }),
        scenario: row.scenario,
        scenarioName: words.scenario(row.scenario),
        step: row.stepId,
        stepLabel: words.step(row.definition, row.stepId),
        people: row.people,
      })),
    };
  }

  async act(
    body: ApiBody<'actOnEnrolments'>,
    by: { readonly author: string; readonly locale: Locale },
  ): Promise<ApiResponse<'actOnEnrolments'> | UnknownScenario | 'nothing_named'> {
    const { ground, store, unitOfWork } = this.ports;
    const { act, ids, filter, dryRun } = body;
    const isNamed =
      filter !== undefined &&
      (filter.trouble !== 'any' || filter.scenario !== undefined || filter.step !== undefined);
    if (ids === undefined && !isNamed) return 'nothing_named';
    const unknown =
      filter?.scenario === undefined ? null : unknownScenario(ground, filter.scenario);
    if (unknown !== null) return unknown;
    const choice = { ...this.choiceOf(filter ?? {}), ids: ids ?? null };
    const reach = await store.reach(act, choice);
    const told = { act, reach, dryRun };
    const answer = { ...reach, sentence: actSentence(told, by.locale) };
    if (dryRun || reach.enrolments === 0) return { ...answer, job: null };
    const job = await unitOfWork.transaction(async (tx) => {
      const id = await store.open(tx, { act, choice, total: reach.enrolments });
      const atMs = ground.clock.nowMs();
      const { author } = by;
      const scope = JSON.stringify({ ...(ids === undefined ? filter : { ids: ids.length }) });
      await store.note(tx, { atMs, author, act, scope, people: reach.people, jobId: id });
      return id;
    });
    this.counted.forget();
    return { ...answer, job };
  }

  async acts(locale: Locale): Promise<ApiResponse<'operatorActs'>> {
    const words = wordsOf(this.ports.ground, locale);
    const rows = await this.ports.store.acts(MOST_ACTS);
    return {
      items: rows.map(({ scope, author, ...row }) => ({
        ...row,
        by: author,
        sentence: doneSentence(row.act, choiceText(scope, words), locale),
      })),
    };
  }

  private choiceOf(filter: Filter): EnrolmentChoice {
    const { ground, speed } = this.ports;
    const nowMs = ground.clock.nowMs();
    const minuteMs = MINUTE_MS * Math.max(1, speed());
    const definitions = publishedOf(ground)?.definitions ?? [];
    const answerSteps = definitions.flatMap(({ steps }) =>
      Object.entries(steps).flatMap(([id, { type }]) =>
        type === 'deliver' || type === 'decide' ? [id] : [],
      ),
    );
    return {
      trouble: filter.trouble ?? 'any',
      ids: null,
      scenario: filter.scenario ?? null,
      stepId: filter.step ?? null,
      reason: filter.reason ?? null,
      nowMs,
      overdueBeforeMs: nowMs - (filter.minutes ?? OVERDUE_MINUTES) * minuteMs,
      stuckBeforeMs: nowMs - (filter.minutes ?? STUCK_MINUTES) * minuteMs,
      failedSinceMs: nowMs - FAILED_DAYS * DAY_MS,
      answerSteps: [...new Set(answerSteps)],
    };
  }
}
