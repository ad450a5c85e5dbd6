import { formatDuration, type Duration, type Locale } from '#libs/kernel';
import { formatShare } from '#libs/decision';
import type { Definition, Step, StepId, Trigger } from '#libs/scenario';
import { conditionText } from './conditions.js';
import { endingName, eventName } from './events.js';
import { labelOf } from './labels.js';
import { localText, quoted, say, spanText, type Bilingual } from './text.js';

/** How the words of a step name what the workspace names. */
export interface StepNames {
  readonly action: (id: string) => string;
  readonly segment: (id: string) => string;
  readonly event: (name: string) => string | undefined;
}

const UNITS: Readonly<Record<Duration['unit'], Bilingual>> = {
  s: { fr: 's', en: 's' },
  m: { fr: 'min', en: 'min' },
  h: { fr: 'h', en: 'h' },
  d: { fr: 'j', en: 'd' },
  w: { fr: 'sem.', en: 'wk' },
};

const DAYS: Readonly<Record<string, Bilingual>> = {
  mon: { fr: 'lun.', en: 'Mon' },
  tue: { fr: 'mar.', en: 'Tue' },
  wed: { fr: 'mer.', en: 'Wed' },
  thu: { fr: 'jeu.', en: 'Thu' },
  fri: { fr: 'ven.', en: 'Fri' },
  sat: { fr: 'sam.', en: 'Sat' },
  sun: { fr: 'dim.', en: 'Sun' },
};

/** A weekday, short. */
export function weekdayText(day: string, locale: Locale): string {
  return DAYS[day]?.[locale] ?? day;
}

function durationText(duration: Duration, locale: Locale): string {
  const unit = UNITS[duration.unit]?.[locale];
  return unit === undefined ? formatDuration(duration) : `${duration.amount} ${unit}`;
}

/** What a trigger waits for, in words. */
export function triggerText(trigger: Trigger, locale: Locale, names: StepNames): string {
  if (trigger.segment !== undefined) {
    const segment = quoted(names.segment(trigger.segment), locale);
    return trigger.on.includes('relance_segment_left')
      ? say(locale, `sortie du segment ${segment}`, `leaving the segment ${segment}`)
      : say(locale, `entrée dans le segment ${segment}`, `entering the segment ${segment}`);
  }
  return trigger.on.map((name) => eventName(name, locale, names.event(name))).join(', ');
}

function waitUntilText(definition: Definition, question: string, locale: Locale): string {
  const asked = definition.questions.find(({ id }) => id === question);
  if (asked?.kind !== 'next_local_time') return say(locale, 'Attendre', 'Wait');
  const days = asked.days.map((day) => weekdayText(day, locale)).join(' ');
  const suffix = days === '' ? '' : ` (${days})`;
  return `${say(locale, 'Attendre', 'Wait until')} ${asked.time}${suffix}`;
}

/** A step in a few words: `Attendre 1 h`. */
export function stepLabel(
  definition: Definition,
  stepId: StepId,
  locale: Locale,
  names: StepNames,
): string {
  const step = definition.steps[stepId];
  if (step === undefined) return stepId;
  switch (step.type) {
    case 'wait':
      return `${say(locale, 'Attendre', 'Wait')} ${durationText(step.duration, locale)}`;
    case 'wait_until':
      return waitUntilText(definition, step.question, locale);
    case 'wait_for':
      return `${say(locale, 'Attendre :', 'Wait for:')} ${step.triggers.map((one) => triggerText(one, locale, names)).join(say(locale, ' ou ', ' or '))}`;
    case 'split':
      return say(locale, 'Selon le cas', 'Depending on');
    case 'experiment':
      return say(locale, 'Tirage au sort', 'Experiment');
    case 'decide':
      return say(
        locale,
        `Choisir parmi ${step.actions.length}`,
        `Choose among ${step.actions.length}`,
      );
    case 'parallel':
      return say(locale, 'En parallèle', 'Side by side');
    case 'repeat':
      return say(
        locale,
        `Répéter ${step.times} fois au plus`,
        `Repeat ${step.times} times at most`,
      );
    default:
      return effectLabel(step, locale, names);
  }
}

function effectLabel(
  step: Extract<
    Step,
    {
      type: 'deliver' | 'task' | 'update' | 'emit' | 'webhook' | 'points' | 'enrol' | 'exit';
    }
  >,
  locale: Locale,
  names: StepNames,
): string {
  switch (step.type) {
    case 'deliver':
      return 'action' in step.of
        ? `${say(locale, 'Envoyer', 'Send')} ${quoted(names.action(step.of.action), locale)}`
        : say(locale, 'Envoyer ce qui est choisi', 'Send what was chosen');
    case 'task':
      return `${say(locale, 'Tâche :', 'Task:')} ${localText(step.title, locale, '')}`;
    case 'update':
      return `${say(locale, 'Noter', 'Note')} ${Object.keys(step.traits)
        .map((trait) => labelOf(trait, locale))
        .join(', ')}`;
    case 'emit':
      return `${say(locale, 'Signaler', 'Emit')} ${eventName(step.event, locale, names.event(step.event))}`;
    case 'webhook':
      return `${say(locale, 'Appeler', 'Call')} ${quoted(step.to, locale)}`;
    case 'points':
      return pointsLabel(step, locale);
    case 'enrol':
      return `${say(locale, 'Faire entrer dans', 'Enter into')} ${quoted(step.scenario, locale)}`;
    case 'exit':
      return `${say(locale, 'Fin :', 'End:')} ${endingName(step.as, locale)}`;
  }
}

function pointsLabel(step: Extract<Step, { type: 'points' }>, locale: Locale): string {
  const count = 'value' in step.points ? ` ${String(step.points.value)}` : '';
  return step.isTaken
    ? say(locale, `Retirer${count || ' des'} points`, `Take${count} points`)
    : say(locale, `Donner${count || ' des'} points`, `Give${count} points`);
}

/** When branches go on. */
export function joinText(join: 'all' | 'any', locale: Locale): string {
  return join === 'all'
    ? say(locale, 'quand toutes ont fini', 'when all are through')
    : say(locale, 'dès que l’une a fini', 'when the first is through');
}

const UNNAMED = /^when-\d+$/;

/** A branch in a few words: the author's name for it, else its condition. */
export function branchLabel(
  { name, when }: { readonly name: string; readonly when: string | null },
  locale: Locale,
  names: StepNames,
): string {
  if (name === 'otherwise') return say(locale, 'sinon', 'otherwise');
  const condition =
    when === null || !UNNAMED.test(name) ? null : conditionText(when, locale, names);
  return condition ?? name.replaceAll(/[-_]/g, ' ');
}

function branchText(
  branch: { readonly name: string; readonly when: string | null },
  locale: Locale,
  names: StepNames,
): string {
  const label = branchLabel(branch, locale, names);
  const condition = branch.when === null ? null : conditionText(branch.when, locale, names);
  if (condition === null || condition === label) return label;
  return `${label}${locale === 'fr' ? ' :' : ':'} ${condition}`;
}

function waitForDetails(
  { triggers, upToMs }: Extract<Step, { type: 'wait_for' }>,
  locale: Locale,
  names: StepNames,
): readonly string[] {
  const conditions = triggers.flatMap(({ when }) =>
    when === undefined ? [] : (conditionText(when, locale, names) ?? []),
  );
  if (upToMs === null) return conditions;
  return [...conditions, `${say(locale, 'Au plus', 'At most')} ${spanText(upToMs, locale)}`];
}

/** Further words on a step: its candidates, its conditions, its limits. */
export function stepDetails(step: Step, locale: Locale, names: StepNames): readonly string[] {
  switch (step.type) {
    case 'wait_for':
      return waitForDetails(step, locale, names);
    case 'split':
      return step.branches.map((branch) => branchText(branch, locale, names));
    case 'experiment':
      return step.arms.map(({ name, share }) => `${name} ${formatShare(share, locale)}`);
    case 'decide':
      return step.actions.map((action) => names.action(action));
    case 'task':
      return step.note === null ? [] : [localText(step.note, locale, '')];
    case 'parallel':
      return [joinText(step.join, locale)];
    case 'repeat': {
      const until = step.until === null ? null : conditionText(step.until, locale, names);
      return until === null ? [] : [`${say(locale, 'Jusqu’à :', 'Until:')} ${until}`];
    }
    default:
      return [];
  }
}
