import { fieldsOf, type OutlineStep } from './model.js';
import type { Path } from './yaml-text.js';

/** How a field is filled in. */
export type FieldKind =
  | 'text'
  | 'duration'
  | 'time'
  | 'number'
  | 'event'
  | 'segment'
  | 'action'
  | 'actions'
  | 'days'
  | 'decision'
  | 'withheld'
  | 'expression';

/** A field of a step's form. */
export interface StepField {
  readonly key: string;
  readonly kind: FieldKind;
  readonly path: Path;
  readonly value: unknown;
  /** May be left empty: it is then taken out of the text. */
  readonly isOptional: boolean;
  /** Which of several: the branch of a split, the arm of an experiment. */
  readonly of: string;
}

type Wish = readonly [key: string, kind: FieldKind, isOptional?: boolean];

const FIELDS: Readonly<Record<string, readonly Wish[]>> = {
  wait_until: [
    ['time', 'time'],
    ['days', 'days', true],
  ],
  wait_for: [
    ['on', 'event'],
    ['when', 'expression', true],
    ['up_to', 'duration', true],
  ],
  decide: [
    ['actions', 'actions'],
    ['fallback', 'action'],
  ],
  task: [
    ['title', 'text'],
    ['due', 'duration'],
  ],
  emit: [['event', 'event']],
};

function own(step: OutlineStep, wishes: readonly Wish[]): readonly StepField[] {
  const fields = fieldsOf(step.body);
  return wishes.flatMap(([key, kind, isOptional = false]): StepField[] => {
    const value = fields[key];
    // A title in two languages, or one of several events, is changed in the text.
    const isPlain = value === undefined || typeof value !== 'object' || Array.isArray(value);
    const isElse = key === 'on' && (fields['any'] ?? fields['segment']) !== undefined;
    if (!isPlain || isElse) return [];
    return [{ key, kind, path: [...step.path, step.type, key], value, isOptional, of: '' }];
  });
}

/** The common fields of a step; what is rarer is changed in the text. */
export function fieldsOfStep(step: OutlineStep): readonly StepField[] {
  const { type, body, path } = step;
  const at = [...path, type];
  const fields = fieldsOf(body);
  const plain = (key: string, kind: FieldKind, place: Path, value: unknown): StepField => ({
    key,
    kind,
    path: place,
    value,
    isOptional: false,
    of: '',
  });
  switch (type) {
    case 'wait':
      return fields['for'] === undefined
        ? [plain('wait', 'duration', at, body)]
        : [plain('wait', 'duration', [...at, 'for'], fields['for'])];
    case 'exit':
      return [plain('exit', 'text', at, body)];
    case 'deliver':
      return [
        fields['decision'] === undefined
          ? plain('action', 'action', [...at, 'action'], fields['action'])
          : plain('decision', 'decision', [...at, 'decision'], fields['decision']),
        {
          ...plain('on_withheld', 'withheld', [...at, 'on_withheld'], fields['on_withheld']),
          isOptional: true,
        },
      ];
    case 'split':
      return branches(body, fields['branches'], at).flatMap(({ place, branch, index }) =>
        branch['when'] === undefined
          ? []
          : [
              {
                ...plain('when', 'expression', [...place, 'when'], branch['when']),
                of: String(index + 1),
              },
            ],
      );
    case 'experiment':
      return branches(fields['arms'], undefined, [...at, 'arms']).map(({ place, branch }) => ({
        ...plain('weight', 'number', [...place, 'weight'], branch['weight']),
        of: String(branch['name']),
      }));
    default:
      return own(step, FIELDS[type] ?? []);
  }
}

function branches(body: unknown, inner: unknown, at: Path) {
  const list: readonly unknown[] = Array.isArray(body) ? body : Array.isArray(inner) ? inner : [];
  const path = Array.isArray(body) ? at : [...at, 'branches'];
  return list.map((branch, index) => ({
    place: [...path, index],
    branch: fieldsOf(branch),
    index,
  }));
}
