import type { ApiResponse } from '#libs/contracts';
import {
  compileExpression,
  DYNAMIC_SCOPE,
  explain,
  outlineOf,
  type Bindings,
  type Explanation,
  type Outline,
} from '#libs/expression';
import type { EpochMs, Locale } from '#libs/kernel';
import { reentryAllowed, type Definition } from '#libs/scenario';
import type { PersonContext } from '../../runtime/ports.js';
import type { ReadEvent } from '../../profile/read-ports.js';
import { conditionText } from '../words/conditions.js';
import { entryText } from '../words/entries.js';
import { quoted, say, spanText } from '../words/text.js';
import { stepNamesOf, type WorkspaceWords } from '../words/workspace-words.js';
import type { EntryLine } from './ports.js';
import type { Reach } from './reach.js';

/** One thing that entering takes, as the API tells it; `isMet` null: it cannot be known now. */
export type EntryCheck = NonNullable<
  ApiResponse<'explain'>['scenarios'][number]['entry']
>['checks'][number];

/** What checking an entry is made from. */
export interface EntryFacts {
  readonly definition: Definition;
  readonly person: PersonContext;
  /** The last event that could have entered them; null where none is kept. */
  readonly event: ReadEvent | null;
  readonly entries: readonly EntryLine[];
  /** Since when the scenario is known; null where it is not kept. */
  readonly publishedAtMs: EpochMs | null;
  /** Since when it, or everything, is paused; null where it is not. */
  readonly pausedSinceMs: EpochMs | null;
  readonly group: string;
  readonly channels: readonly Reach[];
  readonly nowMs: EpochMs;
  readonly words: WorkspaceWords;
}

const STALE_MS = 24 * 3_600_000;

/** Everything that entering takes, in the order in which the engine asks, each met or not. */
export function entryChecks(facts: EntryFacts): readonly EntryCheck[] {
  return [
    ...pausedCheck(facts),
    eventCheck(facts),
    ...timeChecks(facts),
    ...conditionChecks(facts),
    reentryCheck(facts),
    ...reachChecks(facts),
  ];
}

function pausedCheck({ pausedSinceMs, nowMs, words: { locale } }: EntryFacts): EntryCheck[] {
  if (pausedSinceMs === null) return [];
  const since = spanText(nowMs - pausedSinceMs, locale);
  return [
    {
      kind: 'paused',
      isMet: false,
      sentence: say(
        locale,
        `Suspendu depuis ${since} : personne n’entre.`,
        `Paused for ${since}: nobody enters.`,
      ),
    },
  ];
}

/** What the calendar waits for: a date of the person's, or the segment whose turn it is. */
function calendarCheck({ definition, person, words }: EntryFacts): EntryCheck | null {
  const { locale } = words;
  const { entry } = definition;
  if (entry.date === undefined && entry.schedule === undefined) return null;
  const what = entryText(entry, locale, stepNamesOf(words));
  const takes = say(locale, `Il faut : ${what}`, `It takes: ${what}`);
  if (entry.date !== undefined) {
    const date = person.profile[entry.date.trait];
    const isKnown = typeof date === 'string';
    const now = isKnown ? date : say(locale, 'date inconnue', 'the date is unknown');
    const sentence = say(locale, `${takes} ; ici : ${now}.`, `${takes}; here: ${now}.`);
    return { kind: 'event', isMet: isKnown, sentence };
  }
  const segment = entry.schedule?.segment;
  const isMember = segment === undefined || person.segments.includes(segment);
  const not = say(locale, ' ; n’est pas dans ce segment', '; is not in this segment');
  return { kind: 'event', isMet: isMember, sentence: `${takes}${isMember ? '' : not}.` };
}

function eventCheck(facts: EntryFacts): EntryCheck {
  const { definition, person, event, nowMs, words } = facts;
  const { locale } = words;
  const { entry } = definition;
  const timed = calendarCheck(facts);
  if (timed !== null) return timed;
  const what = entryText(entry, locale, stepNamesOf(words));
  if (event !== null) {
    const ago = spanText(nowMs - event.atMs, locale);
    const sentence = say(
      locale,
      `Il faut : ${what} ; le dernier, il y a ${ago}.`,
      `It takes: ${what}; the last, ${ago} ago.`,
    );
    return { kind: 'event', isMet: true, sentence };
  }
  const isMember = entry.segment !== undefined && person.segments.includes(entry.segment);
  const none = say(locale, `Il faut : ${what} ; aucun connu.`, `It takes: ${what}; none is known.`);
  const already = say(
    locale,
    `Est dans ce segment déjà : seuls ceux qui y entrent désormais entrent.`,
    `Is in this segment already: only those who enter it from now on enter.`,
  );
  const isIgnored = isMember && entry.existing === 'ignore';
  return { kind: 'event', isMet: false, sentence: isIgnored ? `${none} ${already}` : none };
}

function timeChecks({ event, publishedAtMs, words: { locale } }: EntryFacts): EntryCheck[] {
  if (event === null) return [];
  const checks: EntryCheck[] = [];
  const late = say(
    locale,
    'Il a été dit comme du passé, ou plus de 24 h après : il n’entre personne.',
    'It was told as the past, or more than 24 h late: it enters nobody.',
  );
  const isLate = event.isHistorical || event.receivedAtMs - event.atMs > STALE_MS;
  if (isLate) checks.push({ kind: 'time', isMet: false, sentence: late });
  if (publishedAtMs !== null && event.receivedAtMs < publishedAtMs) {
    const early = say(
      locale,
      'Il est venu avant que le scénario soit publié.',
      'It came before the scenario was published.',
    );
    checks.push({ kind: 'time', isMet: false, sentence: early });
  }
  return checks;
}

function bindingsFor({ definition, person, event, nowMs }: EntryFacts): Bindings {
  // Of a request, conditions see the properties that the asker gave.
  const isAsked = definition.entry.requested === true;
  return {
    now: nowMs,
    event: (isAsked ? event?.properties['properties'] : event?.properties) as never,
    entry: {},
    profile: Object.hasOwn(person.profile, 'segments')
      ? person.profile
      : { ...person.profile, segments: [...person.segments] },
    account: person.account,
    decision: {},
    vars: {},
    context: { answers: {} },
  } as Bindings;
}

/** Each condition of `when` by itself, with what is known of the person now. */
function conditionChecks(facts: EntryFacts): EntryCheck[] {
  const { when } = facts.definition.entry;
  if (when === undefined) return [];
  const compiled = compileExpression(when, { scope: DYNAMIC_SCOPE, expects: 'any' });
  if (!compiled.ok) return [];
  const bindings = bindingsFor(facts);
  const whole = explain(compiled.value, bindings);
  const parts = whole.kind === 'all' ? whole.parts : [whole];
  return parts.map((part) => conditionCheck(part, bindings, facts));
}

function conditionCheck(part: Explanation, bindings: Bindings, facts: EntryFacts): EntryCheck {
  const { event, words } = facts;
  const { locale } = words;
  const text =
    conditionText(part.source, locale, stepNamesOf(words)) ??
    say(locale, `la condition ${part.source}`, `the condition ${part.source}`);
  const actual = part.held ? null : actualText(part.source, bindings, locale);
  const start = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  if (event === null && /\bevent\b/.test(part.source)) {
    const unknown = say(locale, 'dépend de l’évènement', 'depends on the event');
    return { kind: 'condition', isMet: null, sentence: `${start} (${unknown}).` };
  }
  const now = actual === null ? '' : say(locale, ` (ici : ${actual})`, ` (here: ${actual})`);
  return { kind: 'condition', isMet: part.held, sentence: `${start}${now}.` };
}

/** What stands where a comparison looks; null where there is no plain place. */
function actualText(source: string, bindings: Bindings, locale: Locale): string | null {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE, expects: 'any' });
  const path = compiled.ok ? pathOf(outlineOf(compiled.value)) : null;
  return path === null ? null : valueText(valueAt(bindings, path), locale);
}

function pathOf(outline: Outline | null): readonly string[] | null {
  if (outline?.kind === 'compare') return outline.left.kind === 'path' ? outline.left.path : null;
  if (outline?.kind === 'one_of') return outline.of.kind === 'path' ? outline.of.path : null;
  return null;
}

function valueAt(bindings: Bindings, path: readonly string[]): unknown {
  let value: unknown = bindings;
  for (const name of path) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    if (!isThere) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function valueText(value: unknown, locale: Locale): string | null {
  if (value === undefined || value === null) return say(locale, 'inconnu', 'unknown');
  if (value === true) return say(locale, 'oui', 'yes');
  if (value === false) return say(locale, 'non', 'no');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function reentryCheck({ definition, entries, nowMs, words: { locale } }: EntryFacts): EntryCheck {
  const own = entries.filter(({ scenario }) => scenario === definition.scenario);
  const last = own.reduce<EntryLine | null>(
    (latest, one) =>
      latest === null || one.lastEnteredAtMs > latest.lastEnteredAtMs ? one : latest,
    null,
  );
  if (last === null) {
    const never = say(locale, 'N’y est jamais entré.', 'Has never entered.');
    return { kind: 'reentry', isMet: true, sentence: never };
  }
  const ago = spanText(nowMs - last.lastEnteredAtMs, locale);
  const entered = say(locale, `Y est entré il y a ${ago}`, `Entered ${ago} ago`);
  if (reentryAllowed(definition, last.lastEnteredAtMs, nowMs)) {
    const again = say(locale, 'peut y entrer de nouveau', 'may enter again');
    const colon = say(locale, ' ;', ';');
    return { kind: 'reentry', isMet: true, sentence: `${entered}${colon} ${again}.` };
  }
  const { reentry } = definition.entry;
  const left =
    typeof reentry === 'object'
      ? spanText(last.lastEnteredAtMs + reentry.afterMs - nowMs, locale)
      : null;
  const not =
    left === null
      ? say(locale, ' ; on n’y entre qu’une fois.', '; one enters only once.')
      : say(locale, ` ; de nouveau dans ${left}.`, `; again in ${left}.`);
  // Another cart, another order: another entry.
  const isKeyed = definition.entry.key !== undefined;
  const key = isKeyed ? say(locale, ' (sous la même clé)', ' (under the same key)') : '';
  return { kind: 'reentry', isMet: isKeyed ? null : false, sentence: `${entered}${key}${not}` };
}

function reachChecks({ definition, group, channels, words }: EntryFacts): EntryCheck[] {
  const { locale } = words;
  const checks: EntryCheck[] = [];
  if (group === 'holdout') {
    const held = say(
      locale,
      'Serait dans le groupe témoin : entrerait, mais ne recevrait rien.',
      'Would be in the holdout: would enter, but be sent nothing.',
    );
    checks.push({ kind: 'holdout', isMet: false, sentence: held });
  }
  const delivers = Object.values(definition.steps).some(({ type }) => type === 'deliver');
  if (!delivers || definition.purpose !== 'marketing') return checks;
  const reachable = channels.filter(({ isReachable }) => isReachable);
  if (reachable.length > 0) return checks;
  for (const { address, why } of channels) {
    checks.push({
      kind: address === null ? 'address' : 'consent',
      isMet: false,
      sentence: why ?? quoted(definition.scenario, locale),
    });
  }
  return checks;
}
