import { UnstyledButton } from '@mantine/core';
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { Icon, type IconName } from '../../ui/icon.js';
import classes from './graph.module.css';
import { SHOWN_DETAILS, type StepOf } from './graph-layout.js';
import { scenarioWords } from './words.js';

/** A step on the canvas. */
export type StepNodeData = Node<{ step: StepOf; isOpen: boolean; onOpen: (id: string) => void }>;

/** A drawing for each kind of step. */
export const STEP_ICONS: Readonly<Record<StepOf['type'], IconName>> = {
  entry: 'enter',
  wait: 'wait',
  wait_until: 'clock',
  wait_for: 'event',
  split: 'split',
  experiment: 'split',
  decide: 'decision',
  deliver: 'message',
  task: 'task',
  update: 'edit',
  emit: 'event',
  webhook: 'event',
  points: 'edit',
  enrol: 'enter',
  parallel: 'split',
  repeat: 'wait',
  exit: 'flag',
  end: 'flag',
};

function Counts({ step }: { readonly step: StepOf }) {
  const t = useTexts(scenarioWords);
  const { number } = useFormat();
  const { waiting, passed, passedToday } = step;
  return (
    <span className={classes['counts']}>
      {waiting > 0 && <b>{t.waitingHere(waiting, number(waiting))}</b>}
      {passed !== null && <span>{t.passed(passed, number(passed))}</span>}
      {passedToday !== null && passedToday > 0 && <span>{t.today(number(passedToday))}</span>}
    </span>
  );
}

/** A step: what it does, who stands on it, how many went through. Opens who is there. */
export function StepNode({ data }: NodeProps<StepNodeData>) {
  const { step, isOpen, onOpen } = data;
  return (
    <>
      <Handle type="target" position={Position.Top} className={classes['handle'] ?? ''} />
      <UnstyledButton
        className={`nopan ${classes['step'] ?? ''}`}
        data-type={step.type}
        data-waiting={step.waiting > 0}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title={step.details.join('\n')}
        onClick={() => onOpen(step.id)}
      >
        <span className={classes['icon']}>
          <Icon name={STEP_ICONS[step.type]} size={16} />
        </span>
        <span className={classes['words']}>
          <span className={classes['label']}>{step.label}</span>
          {step.details.slice(0, SHOWN_DETAILS).map((detail) => (
            <span key={detail} className={classes['detail']}>
              {detail}
            </span>
          ))}
          <Counts step={step} />
        </span>
      </UnstyledButton>
      <Handle type="source" position={Position.Bottom} className={classes['handle'] ?? ''} />
    </>
  );
}
