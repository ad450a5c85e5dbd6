import { localised, type Locale } from '#libs/kernel';
import { reasonText, WITHHELD_REASONS, type WithheldReason } from '#libs/policy';
import type { Happening, Wanted } from '#libs/runtime-simulated';

interface Words {
  readonly locale: Locale;
  readonly timezone: string;
}

/** `lun. 2026-03-30 18:30`, in a zone; seconds where there are any. */
export function instantText(atMs: number, timezone: string, locale: Locale): string {
  const part = (options: Intl.DateTimeFormatOptions, of: string): string =>
    new Intl.DateTimeFormat(of, { timeZone: timezone, ...options }).format(atMs);
  const day = part({ weekday: 'short' }, locale);
  // Sweden writes dates as ISO does.
  const isRound = atMs % 60_000 === 0;
  const time = part(
    { hour: '2-digit', minute: '2-digit', ...(isRound ? {} : { second: '2-digit' }) },
    'sv-SE',
  );
  return `${day} ${part({ dateStyle: 'short' }, 'sv-SE')} ${time}`;
}

/** Something seen, or where the person stands. */
type Told = Happening | { kind: 'waiting'; stepId: string; untilMs: number | null };

/** What happened, in words, less the moments in which a step merely began to wait. */
export function deedTexts(
  trace: readonly Happening[],
  words: Words,
): readonly { readonly happening: Happening; readonly text: string }[] {
  return trace
    .filter((one) => one.kind !== 'step' || one.result !== 'waiting')
    .map((happening) => ({ happening, text: deedText(happening, words) }));
}

const KINDS: Readonly<
  Record<Wanted['kind'] | 'step' | 'reward', Readonly<Record<Locale, string>>>
> = {
  entered: { fr: 'entre', en: 'enters' },
  not_entered: { fr: 'n’entre pas', en: 'does not enter' },
  step: { fr: 'étape', en: 'step' },
  decided: { fr: 'décidé', en: 'decided' },
  put_off: { fr: 'remis', en: 'put off' },
  delivered: { fr: 'envoyé', en: 'delivered' },
  withheld: { fr: 'retenu', en: 'withheld' },
  task: { fr: 'tâche', en: 'task' },
  goal: { fr: 'objectif atteint', en: 'goal reached' },
  reward: { fr: 'récompense', en: 'reward' },
  ended: { fr: 'fini', en: 'ended' },
  waiting: { fr: 'attend à', en: 'waits at' },
  nothing: { fr: 'rien d’autre', en: 'nothing else' },
};

/** One happening in words. */
export function deedText(told: Told, words: Words): string {
  const { locale } = words;
  const kind = KINDS[told.kind][locale];
  return [kind, ...detailsOf(told, words)].filter((part) => part !== '').join(' ');
}

type Details = {
  readonly [Kind in Told['kind']]: (
    told: Extract<Told, { kind: Kind }>,
    words: Words,
  ) => readonly string[];
};

function until(atMs: number | null, { locale, timezone }: Words): string {
  const word = locale === 'fr' ? 'jusqu’à' : 'until';
  return atMs === null ? '' : `${word} ${instantText(atMs, timezone, locale)}`;
}

const valueOf = ({ value }: { readonly value: number | null }): readonly string[] =>
  value === null ? [] : [String(value)];

const DETAILS: Details = {
  entered: ({ group }) => [`(${group})`],
  not_entered: ({ reason }) => [reason],
  step: ({ stepId, result, branch }) => [
    stepId,
    branch === null ? result : `${result} (${branch})`,
  ],
  decided: ({ action, treatment, refused }) => {
    const losers = refused.map((one) => `${one.action}: ${one.reason}`).join(', ');
    const chosen = treatment === null ? action : `${action}/${treatment}`;
    return [chosen, losers === '' ? '' : `(${losers})`];
  },
  put_off: ({ action, channel, untilMs }, words) => [action, channel, until(untilMs, words)],
  delivered: ({ action, channel }) => [action, channel],
  withheld: ({ action, reason }, { locale }) => [action, `${reason}:`, sentenceOf(reason, locale)],
  task: ({ owner, title }) => [owner, title],
  goal: valueOf,
  reward: valueOf,
  ended: ({ as }) => [as],
  waiting: ({ stepId, untilMs }, words) => [stepId, until(untilMs, words)],
};

function detailsOf(told: Told, words: Words): readonly string[] {
  const details = DETAILS[told.kind] as (told: Told, words: Words) => readonly string[];
  return details(told, words);
}

function sentenceOf(reason: string, locale: Locale): string {
  return WITHHELD_REASONS.includes(reason as WithheldReason)
    ? reasonText(reason as WithheldReason, locale)
    : reason;
}

const INSTANTS: ReadonlySet<string> = new Set(['untilMs', 'dueAtMs']);
/** Names of fields as tests write them. */
const FIELDS: Readonly<Record<string, string>> = {
  stepId: 'step',
  untilMs: 'until',
  dueAtMs: 'due',
};

/** Something expected in words; its time stands before it. */
export function wantedText({ kind, fields }: Wanted, { locale, timezone }: Words): string {
  const details = Object.entries(fields).flatMap(([name, value]) => {
    if (name === 'atMs') return [];
    const isInstant = INSTANTS.has(name) && typeof value === 'number';
    const text = isInstant ? instantText(value, timezone, locale) : String(value);
    return [`${FIELDS[name] ?? name}: ${text}`];
  });
  const word = localised(KINDS[kind], locale);
  return details.length === 0 ? word : `${word} { ${details.join(', ')} }`;
}
