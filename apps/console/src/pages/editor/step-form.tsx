import { Autocomplete, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { texts, useTexts } from '../../i18n/text.js';
import type { Names } from './completion.js';
import { dayNames } from './labels.js';
import { textOf, type OutlineStep } from './model.js';
import { fieldsOfStep, type StepField } from './step-fields.js';
import { editorWords, labelWords } from './words.js';

const fieldWords = texts({
  wait: { fr: 'Durée (15m, 2h, 3d, 1w)', en: 'Time (15m, 2h, 3d, 1w)' },
  up_to: { fr: 'Au plus (2h, 3d)', en: 'At most (2h, 3d)' },
  due: { fr: 'Échéance (2d)', en: 'Due (2d)' },
  time: { fr: 'Heure locale (18:30)', en: 'Local time (18:30)' },
  days: { fr: 'Jours', en: 'Days' },
  on: { fr: 'Évènement', en: 'Event' },
  event: { fr: 'Évènement', en: 'Event' },
  when: { fr: 'Condition', en: 'Condition' },
  actions: { fr: 'Actions possibles', en: 'Possible actions' },
  action: { fr: 'Action', en: 'Action' },
  fallback: { fr: 'Action par défaut', en: 'Fallback action' },
  decision: { fr: 'Choix à envoyer', en: 'Choice to send' },
  on_withheld: { fr: 'Si l’envoi est retenu', en: 'Where the message is withheld' },
  title: { fr: 'Ce qu’il y a à faire', en: 'What is to be done' },
  weight: { fr: 'Poids', en: 'Weight' },
  exit: { fr: 'Nom de la fin', en: 'Name of the end' },
  continue: { fr: 'continuer', en: 'go on' },
  leave: { fr: 'finir le parcours', en: 'end the run' },
  hold: { fr: 'attendre que ce soit permis', en: 'wait until it may go' },
  badDuration: { fr: 'Un nombre et s, m, h, d ou w.', en: 'A number and s, m, h, d or w.' },
  badTime: { fr: 'Une heure comme 18:30.', en: 'A time like 18:30.' },
  badNumber: { fr: 'Un nombre positif.', en: 'A positive number.' },
  missing: { fr: 'À remplir.', en: 'To be filled in.' },
});

interface FieldProps {
  readonly field: StepField;
  readonly names: Names;
  readonly decisions: readonly string[];
  readonly isReadOnly: boolean;
  readonly onSet: (field: StepField, value: unknown) => void;
}

const RULES = {
  duration: [/^\d{1,5}[smhdw]$/, 'badDuration'],
  time: [/^([01]\d|2[0-3]):[0-5]\d$/, 'badTime'],
  number: [/^\d+(\.\d+)?$/, 'badNumber'],
} as const;

/** A field whose value goes into the text when it is left, or on Enter. */
function Typed({ field, names, isReadOnly, onSet }: FieldProps) {
  const words = useTexts(fieldWords);
  const [written, setWritten] = useState(textOf(field.value));
  const { key, kind, of, isOptional } = field;
  const value = written.trim();
  const rule = kind === 'duration' || kind === 'time' || kind === 'number' ? RULES[kind] : null;
  const isMissing = value === '' && !isOptional;
  const isWrong = value !== '' && rule !== null && !rule[0].test(value);
  const error = isMissing ? words.missing : isWrong ? words[rule[1]] : null;
  const leave = (): void => {
    if (error !== null || value === textOf(field.value)) return;
    const set = kind === 'number' ? Number(value) : value;
    onSet(field, value === '' ? undefined : set);
  };
  const label = words[key as keyof typeof words] as string;
  const shared = {
    label: of === '' ? label : `${label} ${of}`,
    value: written,
    error,
    readOnly: isReadOnly,
    onBlur: leave,
    onKeyDown: ({ key: pressed }: { readonly key: string }) => pressed === 'Enter' && leave(),
  };
  if (kind !== 'event') {
    return <TextInput {...shared} onChange={({ target }) => setWritten(target.value)} />;
  }
  return <Autocomplete {...shared} data={[...names.events]} onChange={setWritten} />;
}

function Chosen({ field, names, decisions, isReadOnly, onSet }: FieldProps) {
  const words = useTexts(fieldWords);
  const days = dayNames(useTexts(labelWords));
  const { key, kind, value } = field;
  const label = words[key as keyof typeof words] as string;
  const many = Array.isArray(value) ? value.map(textOf) : [];
  const shared = { label, disabled: isReadOnly, searchable: true };
  if (kind === 'actions' || kind === 'days') {
    const known = kind === 'days' ? [...days.keys()] : [...names.actions, 'nothing'];
    const data = [...new Set([...known, ...many])].map((one) => ({
      value: one,
      label: kind === 'days' ? (days.get(one) ?? one) : one,
    }));
    const set = (chosen: string[]): void => {
      if (chosen.length > 0) onSet(field, chosen);
      else if (field.isOptional) onSet(field, undefined);
    };
    return <MultiSelect {...shared} data={data} value={many} onChange={set} />;
  }
  const current = textOf(value);
  if (kind === 'withheld') {
    const data = [
      { value: 'continue', label: words.continue },
      { value: 'exit', label: words.leave },
      { value: 'wait', label: words.hold },
    ];
    return (
      <Select
        {...shared}
        searchable={false}
        allowDeselect={false}
        data={data}
        value={current || 'continue'}
        onChange={(chosen) => onSet(field, chosen === 'continue' ? undefined : chosen)}
      />
    );
  }
  const known = kind === 'decision' ? decisions : [...names.actions, 'nothing'];
  return (
    <Select
      {...shared}
      allowDeselect={false}
      data={[...new Set([...known, current])].filter((one) => one !== '')}
      value={current}
      onChange={(chosen) => chosen !== null && onSet(field, chosen)}
    />
  );
}

const TYPED: readonly StepField['kind'][] = [
  'text',
  'duration',
  'time',
  'number',
  'event',
  'expression',
];

interface StepFormProps extends Omit<FieldProps, 'field'> {
  readonly step: OutlineStep;
}

/** The common fields of the chosen step; each change is a change of the text. */
export function StepForm({ step, ...rest }: StepFormProps) {
  const t = useTexts(editorWords);
  const fields = fieldsOfStep(step);
  return (
    <Stack gap="xs">
      {fields.map((field) => {
        const Field = TYPED.includes(field.kind) ? Typed : Chosen;
        // Another value in the text begins the field anew.
        const key = `${field.path.join('.')} ${JSON.stringify(field.value)}`;
        return <Field key={key} field={field} {...rest} />;
      })}
      <Text size="xs" c="dimmed">
        {t.otherFields}
      </Text>
    </Stack>
  );
}
