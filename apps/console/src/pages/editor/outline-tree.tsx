import { Group, Text, UnstyledButton } from '@mantine/core';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import { STEP_ICONS } from '../scenarios/step-node.js';
import classes from './editor.module.css';
import { blockLabel, stepDetails, stepLabel } from './labels.js';
import type { Outline, OutlineBlock, OutlineStep } from './model.js';
import { keyOf } from './outline-graph.js';
import { AddButton, StepTools, type StepActions } from './step-tools.js';
import { editorWords, labelWords } from './words.js';

interface TreeProps {
  readonly chosen: string | null;
  /** Keys of steps that problems lie in. */
  readonly troubled: ReadonlySet<string>;
  readonly actions: StepActions;
}

function Row({ step, chosen, troubled, actions }: TreeProps & { readonly step: OutlineStep }) {
  const t = useTexts(editorWords);
  const labels = useTexts(labelWords);
  const label = stepLabel(step, labels);
  const key = keyOf(step);
  return (
    <li>
      <div className={classes['row']} data-chosen={key === chosen}>
        <UnstyledButton
          className={classes['choose'] ?? ''}
          aria-current={key === chosen}
          onClick={() => actions.choose(step)}
        >
          <span className={classes['icon']}>
            <Icon name={STEP_ICONS[step.type as keyof typeof STEP_ICONS] ?? 'edit'} size={16} />
          </span>
          <span className={classes['words']}>
            <span className={classes['label']}>{label}</span>
            {stepDetails(step, labels).map((detail) => (
              <span key={detail} className={classes['detail']}>
                {detail}
              </span>
            ))}
            {troubled.has(key) && (
              <Text span size="xs" className={classes['problem'] ?? ''}>
                {t.problemHere}
              </Text>
            )}
          </span>
        </UnstyledButton>
        <span className={classes['tools']}>
          <StepTools step={step} label={label} actions={actions} />
        </span>
      </div>
      {step.blocks.length > 0 && (
        <ul>
          {step.blocks.map((block) => (
            <Branch key={block.path.join('.')} {...{ block, chosen, troubled, actions }} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Branch({ block, ...rest }: TreeProps & { readonly block: OutlineBlock }) {
  const t = useTexts(editorWords);
  const label = blockLabel(block, useTexts(labelWords));
  return (
    <li>
      <Group gap={4} wrap="nowrap">
        <Text size="xs" c="dimmed" truncate>
          {label}
        </Text>
        {!rest.actions.isReadOnly && (
          <AddButton label={t.addTo(label)} place={{ first: block.path }} actions={rest.actions} />
        )}
      </Group>
      {block.steps.length > 0 && (
        <ul>
          {block.steps.map((step) => (
            <Row key={keyOf(step)} step={step} {...rest} />
          ))}
        </ul>
      )}
    </li>
  );
}

interface OutlineTreeProps extends TreeProps {
  readonly outline: Outline;
  readonly name: string;
}

/** The steps as a list within lists, with all that the graph offers. */
export function OutlineTree({ outline, name, ...rest }: OutlineTreeProps) {
  const t = useTexts(editorWords);
  const { main } = outline;
  return (
    <div>
      {!rest.actions.isReadOnly && (
        <Group gap={4}>
          <Text size="xs" c="dimmed">
            {t.addFirst}
          </Text>
          <AddButton label={t.addFirst} place={{ first: main.path }} actions={rest.actions} />
        </Group>
      )}
      <ul className={classes['outline']} aria-label={t.outlineOf(name)}>
        {main.steps.map((step) => (
          <Row key={keyOf(step)} step={step} {...rest} />
        ))}
      </ul>
    </div>
  );
}
