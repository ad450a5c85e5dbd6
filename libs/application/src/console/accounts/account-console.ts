import type { ApiResponse } from '#libs/contracts';
import { fromUnits, toUnits, type EpochMs, type Locale } from '#libs/kernel';
import { contactPointsOf } from '#libs/profile';
import type { ProfileReadStore, ReadProfile } from '../../profile/read-ports.js';
import type { ProfileSettingsSource } from '../../profile/settings.js';
import { personName } from '../people/person-page.js';
import type { Sight } from '../people/person-console.js';
import type { PersonReader } from '../people/ports.js';
import { reachOf } from '../people/reach.js';
import { messageItem, outcomeText, withheldItem } from '../people/tellings.js';
import { taskStateName } from '../words/events.js';
import { quoted, say } from '../words/text.js';
import { localDate, publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';
import type { AccountReader, AccountRow, OrderRow } from './ports.js';
import type { TaskConsole } from './task-console.js';

const DAY_MS = 86_400_000;
const MOST_MEMBERS = 100;
const MOST_SENTENCES = 100;
const MOST_ORDERS = 5_000;
const MOST_TOUCHES = 300;
const MOST_TASKS = 50;
const REVENUE = 'revenue_365d';

/** What pages on accounts read. */
export interface AccountConsolePorts {
  readonly ground: ConsoleGround;
  readonly reader: AccountReader;
  readonly people: PersonReader;
  readonly profiles: ProfileReadStore;
  readonly settings: ProfileSettingsSource;
  readonly tasks: TaskConsole;
  readonly hashAddress: (channel: string, address: string) => string;
}

type Page = ApiResponse<'account'>;
type Line = ApiResponse<'accounts'>['items'][number];

/** Accounts in a rep's words. */
export class AccountConsole {
  constructor(private readonly ports: AccountConsolePorts) {}

  async list(
    ask: {
      readonly text: string;
      readonly owner?: string | undefined;
      readonly cursor?: string | undefined;
      readonly limit: number;
    },
    sight: Sight,
    locale: Locale,
  ): Promise<ApiResponse<'accounts'>> {
    const { reader, ground, people } = this.ports;
    const rows = await reader.list({
      text: ask.text,
      owner: sight.owner ?? ask.owner?.toLowerCase() ?? null,
      nowMs: ground.clock.nowMs(),
      aggregate: REVENUE,
      after: ask.cursor ?? '',
      limit: ask.limit + 1,
    });
    const page = rows.slice(0, ask.limit);
    const outcomes = page.flatMap(({ lastOutcome }) => lastOutcome ?? []);
    const [touches, names] = await Promise.all([
      people.touches(outcomes.flatMap(({ deliveryId }) => deliveryId ?? [])),
      people.names(outcomes.map(({ profileId }) => profileId)),
    ]);
    const words = wordsOf(ground, locale);
    const last = page.at(-1);
    return {
      items: page.map(({ lastOutcome, siren: _siren, ...row }): Line => ({
        ...row,
        revenue365d: { amount: row.revenue365d, currency: words.currency },
        lastAtMs: lastOutcome?.atMs ?? null,
        lastSentence:
          lastOutcome === null
            ? null
            : outcomeText(
                lastOutcome,
                {
                  touch: touches.get(lastOutcome.deliveryId ?? ''),
                  who: names.get(lastOutcome.profileId) ?? '',
                  dayOf: (atMs) => localDate(ground, atMs),
                },
                words,
              ),
      })),
      next: rows.length > ask.limit && last !== undefined ? last.id : null,
    };
  }

  /** Null where there is no such account, or it is not this caller's. */
  async one(id: string, sight: Sight, locale: Locale): Promise<Page | null> {
    const { reader, ground } = this.ports;
    const nowMs = ground.clock.nowMs();
    const row = await reader.one(id, { owner: sight.owner, nowMs, aggregate: REVENUE });
    if (row === null || publishedOf(ground) === null) return null;
    const [members, sentences, revenue, complaints, tasks, upcoming] = await Promise.all([
      this.people(row, locale),
      this.sentences(id, locale),
      this.revenue(id, nowMs, locale),
      reader.complaints(id, MOST_MEMBERS),
      reader.openTasks(id, MOST_TASKS),
      this.upcoming(id, nowMs, locale),
    ]);
    const names = await this.ports.people.names(complaints.map(({ profileId }) => profileId));
    return {
      id,
      name: row.name,
      siren: row.siren,
      owner: row.owner,
      country: row.country,
      revenue365d: { amount: row.revenue365d, currency: wordsOf(ground, locale).currency },
      sentences,
      revenue,
      people: members,
      morePeople: Math.max(0, row.people - members.length),
      complaints: complaints.map(({ profileId, openedAtMs, subject }) => ({
        person: { id: profileId, name: names.get(profileId) ?? profileId },
        openedAtMs,
        subject,
      })),
      tasks: await this.ports.tasks.views(tasks, locale),
      upcoming,
    };
  }

  private async people(row: AccountRow, locale: Locale): Promise<Page['people']> {
    const { reader, profiles, settings, people, ground, hashAddress } = this.ports;
    const members = await reader.members(row.id, MOST_MEMBERS);
    const { rules } = settings.current();
    const read = new Map<string, ReadProfile>(
      (
        await profiles.load(
          null,
          members.map(({ id }) => id),
        )
      ).map((one) => [one.profileId, one]),
    );
    const nowMs = ground.clock.nowMs();
    return await Promise.all(
      members.flatMap(({ id, lastOrderAtMs }) => {
        const profile = read.get(id);
        if (profile === undefined) return [];
        const { document } = profile;
        const hashes = contactPointsOf(document.traits, rules).map(({ channel, address }) =>
          hashAddress(channel, address),
        );
        return people.suppressions(id, hashes).then((suppressions) => ({
          id,
          name: personName(document.traits, id),
          role: profile.memberships.find((one) => one.accountId === row.id)?.role ?? null,
          channels: reachOf(document, suppressions, { rules, nowMs, locale }),
          lastOrderAtMs,
        }));
      }),
    );
  }

  private async sentences(id: string, locale: Locale): Promise<Page['sentences']> {
    const { reader, people, ground } = this.ports;
    const [outcomes, deliveries, withheld, closed] = await Promise.all([
      reader.outcomes(id, MOST_SENTENCES),
      reader.deliveries(id, 0, MOST_SENTENCES),
      reader.withheld(id, MOST_SENTENCES),
      reader.closedTasks(id, MOST_SENTENCES),
    ]);
    const touches = await people.touches(outcomes.flatMap(({ deliveryId }) => deliveryId ?? []));
    const all = [...outcomes, ...deliveries, ...withheld, ...closed];
    const names = await people.names([...new Set(all.map(({ profileId }) => profileId))]);
    const words = wordsOf(ground, locale);
    const nameOf = (profileId: string): string => names.get(profileId) ?? profileId;
    const person = (profileId: string) => ({ id: profileId, name: nameOf(profileId) });
    const lines: Page['sentences'] = [
      ...outcomes.map((row) => ({
        id: row.id,
        atMs: row.atMs,
        kind: 'outcome' as const,
        sentence: outcomeText(
          row,
          {
            touch: touches.get(row.deliveryId ?? ''),
            who: nameOf(row.profileId),
            dayOf: (atMs) => localDate(ground, atMs),
          },
          words,
        ),
        person: person(row.profileId),
      })),
      ...deliveries.map((row) => {
        const { sentence, atMs } = messageItem(row, [], words);
        const line = { id: row.id, atMs, kind: 'message' as const };
        return { ...line, sentence, person: person(row.profileId) };
      }),
      ...withheld.map((row) => {
        const { sentence, atMs } = withheldItem(row, words);
        const line = { id: `${row.id}/withheld`, atMs, kind: 'withheld' as const };
        return { ...line, sentence, person: person(row.profileId) };
      }),
      ...closed.map((row) => ({
        id: row.id,
        atMs: row.closedAtMs ?? row.createdAtMs,
        kind: 'task' as const,
        sentence: `${say(locale, 'Tâche close', 'Task closed')} ${quoted(row.title, locale)} (${taskStateName(row, locale)}).`,
        person: person(row.profileId),
      })),
    ];
    return lines.sort((left, right) => right.atMs - left.atMs).slice(0, MOST_SENTENCES);
  }

  private async revenue(id: string, nowMs: EpochMs, locale: Locale): Promise<Page['revenue']> {
    const { reader, people, ground } = this.ports;
    const sinceMs = nowMs - 365 * DAY_MS;
    const words = wordsOf(ground, locale);
    const [orders, deliveries] = await Promise.all([
      reader.orders(id, sinceMs, MOST_ORDERS),
      reader.deliveries(id, sinceMs, MOST_TOUCHES),
    ]);
    const sent = deliveries.filter(({ acceptedAtMs }) => acceptedAtMs !== null);
    const names = await people.names([...new Set(sent.map(({ profileId }) => profileId))]);
    return {
      currency: words.currency,
      weeks: weeksOf(
        // An order that names no currency is in the business's own.
        orders.filter(({ currency }) => currency === '' || currency === words.currency),
        ground,
      ),
      touches: sent.map((row) => ({
        atMs: row.acceptedAtMs ?? row.intendedAtMs,
        channel: row.channel,
        name: words.action(row.action),
        person: { id: row.profileId, name: names.get(row.profileId) ?? row.profileId },
      })),
    };
  }

  private async upcoming(id: string, nowMs: EpochMs, locale: Locale): Promise<Page['upcoming']> {
    const { reader, people, ground } = this.ports;
    const rows = await reader.upcoming(id, nowMs + 7 * DAY_MS, MOST_TASKS);
    const names = await people.names(rows.map(({ profileId }) => profileId));
    const words = wordsOf(ground, locale);
    return rows.flatMap((row) => {
      const what = nextContact(words.definition(row.definition), row.stepId);
      if (what === null) return [];
      const name = what === 'chosen' ? null : words.action(what);
      return [
        {
          atMs: row.dueAtMs,
          person: { id: row.profileId, name: names.get(row.profileId) ?? row.profileId },
          scenario: { id: row.scenario, name: words.scenario(row.scenario) },
          sentence:
            name === null
              ? say(locale, 'Une action sera choisie.', 'An action will be chosen.')
              : say(
                  locale,
                  `${quoted(name, locale)} partira.`,
                  `${quoted(name, locale)} will go out.`,
                ),
        },
      ];
    });
  }
}

type Known = NonNullable<ReturnType<ReturnType<typeof wordsOf>['definition']>>;
type KnownStep = Known['steps'][string];

/** What a step itself would send; null where it sends nothing. */
function contactOf(step: KnownStep): string | null {
  if (step.type === 'decide') return 'chosen';
  if (step.type !== 'deliver') return null;
  return 'action' in step.of ? step.of.action : 'chosen';
}

const isWait = ({ type }: KnownStep): boolean =>
  type === 'wait' || type === 'wait_until' || type === 'wait_for';

/** What the first contact after a wait would be; null where none comes before another wait. */
function nextContact(definition: Known | undefined, stepId: string): string | null {
  const waiting = definition?.steps[stepId];
  if (definition === undefined || waiting === undefined) return null;
  const own = contactOf(waiting);
  if (own !== null) return own;
  let at = waiting.type === 'wait_for' ? waiting.else : waiting.next;
  // A graph has fewer steps than this between two waits; the bound is against a loop.
  for (let hop = 0; at !== null && hop < 100; hop += 1) {
    const step: KnownStep | undefined = definition.steps[at];
    if (step === undefined || isWait(step)) return null;
    const contact = contactOf(step);
    if (contact !== null) return contact;
    at = step.next;
  }
  return null;
}

/** Orders by week, from Monday, every week of the span, so that a gap shows as one. */
function weeksOf(orders: readonly OrderRow[], ground: ConsoleGround): Page['revenue']['weeks'] {
  const zone = publishedOf(ground)?.compiled.relance.timezone ?? 'UTC';
  const weekOf = (atMs: EpochMs): number =>
    // Day 0 is a Thursday: Monday is three days before it.
    Math.floor((ground.calendar.localDay(atMs, zone) + 3) / 7);
  const now = weekOf(ground.clock.nowMs());
  const weeks = new Map<number, { units: bigint; orders: number }>();
  for (let week = now - 52; week <= now; week += 1) weeks.set(week, { units: 0n, orders: 0 });
  for (const order of orders) {
    const week = weeks.get(weekOf(order.atMs));
    if (week === undefined) continue;
    week.units += toUnits(order.amount);
    week.orders += 1;
  }
  return [...weeks].map(([week, { units, orders: n }]) => ({
    day: localDate(ground, ground.calendar.dayStartMs(week * 7 - 3, zone)),
    amount: fromUnits(units),
    orders: n,
  }));
}
