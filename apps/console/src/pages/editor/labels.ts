import type { Told } from '../../i18n/text.js';
import { fieldsOf, textOf, type OutlineBlock, type OutlineStep } from './model.js';
import type { labelWords } from './words.js';

/** Words that labels are made of. */
export type LabelWords = Told<typeof labelWords>;

const UNITS = 'smhdw';

/** A duration as people read it: `3 j`. */
export function spanText(written: string, t: LabelWords): string {
  const [, amount, unit = ''] = /^(\d+)([smhdw])$/.exec(written) ?? [];
  const named = t.spanUnits.split(',')[UNITS.indexOf(unit)];
  return amount === undefined || named === undefined ? written : `${amount} ${named}`;
}

/** Names of the days of the week, by how they are written. */
export function dayNames(t: LabelWords): ReadonlyMap<string, string> {
  return new Map(t.days.split(',').map((pair) => pair.split(' ') as [string, string]));
}

/** What a trigger waits for. */
export function triggerText(trigger: unknown, t: LabelWords): string {
  const { on, segment } = fieldsOf(trigger);
  const { enters, leaves } = fieldsOf(segment);
  if (enters !== undefined) return t.enters(textOf(enters));
  if (leaves !== undefined) return t.leaves(textOf(leaves));
  return textOf(on) || '…';
}

function localText(value: unknown): string {
  return textOf(value) || textOf(Object.values(fieldsOf(value))[0]);
}

type Labeller = (body: unknown, t: LabelWords) => string;

const LABELS: Readonly<Record<string, Labeller>> = {
  wait: (body, t) => t.wait(spanText(textOf(body) || textOf(fieldsOf(body)['for']), t)),
  wait_until(body, t) {
    const { time, days } = fieldsOf(body);
    const names = dayNames(t);
    const shown = Array.isArray(days)
      ? ` (${days.map((day) => names.get(textOf(day)) ?? textOf(day)).join(' ')})`
      : '';
    return t.waitUntil(`${textOf(time)}${shown}`);
  },
  wait_for(body, t) {
    const { any } = fieldsOf(body);
    const triggers: readonly unknown[] = Array.isArray(any) ? any : [body];
    return t.waitFor(triggers.map((one) => triggerText(one, t)).join(t.or));
  },
  split: (_, t) => t.split,
  experiment: (_, t) => t.experiment,
  decide(body, t) {
    const { actions } = fieldsOf(body);
    return t.decide(Array.isArray(actions) ? actions.length : 0);
  },
  deliver(body, t) {
    const { action } = fieldsOf(body);
    return action === undefined ? t.deliverChosen : t.deliver(textOf(action));
  },
  task: (body, t) => t.task(localText(fieldsOf(body)['title'])),
  update: (body, t) => t.update(Object.keys(fieldsOf(fieldsOf(body)['set'])).join(', ')),
  emit: (body, t) => t.emit(textOf(fieldsOf(body)['event'])),
  exit: (body, t) => t.exit(textOf(body)),
};

/** A step in a few words. */
export function stepLabel({ type, body }: OutlineStep, t: LabelWords): string {
  return LABELS[type]?.(body, t) ?? (type === '' ? t.unknown : type);
}

/** What matters of a step beside its label. */
export function stepDetails({ type, body }: OutlineStep, t: LabelWords): readonly string[] {
  const { actions, when, up_to: upTo } = fieldsOf(body);
  if (type === 'decide' && Array.isArray(actions)) return [actions.map(textOf).join(', ')];
  const details = [textOf(when), upTo === undefined ? '' : `≤ ${spanText(textOf(upTo), t)}`];
  return details.filter((detail) => detail !== '');
}

/** What leads into a block. */
export function blockLabel({ kind, label }: OutlineBlock, t: LabelWords): string {
  if (kind === 'then') return t.happened;
  if (kind === 'else') return t.notInTime;
  if (kind === 'otherwise') return label === '' ? t.otherwise : label;
  return label === '' ? t.branch : label;
}
