import { ActionIcon, Menu } from '@mantine/core';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import type { OutlineStep } from './model.js';
import type { Place } from './step-edits.js';
import { STEP_KINDS, type StepKind } from './step-kinds.js';
import { editorWords, kindNames } from './words.js';

/** What can be done with the steps of a scenario. */
export interface StepActions {
  readonly isReadOnly: boolean;
  readonly add: (place: Place, kind: StepKind) => void;
  readonly move: (step: OutlineStep, by: -1 | 1) => void;
  readonly canMove: (step: OutlineStep, by: -1 | 1) => boolean;
  readonly remove: (step: OutlineStep) => void;
  /** Chooses a step; with `toText` the cursor goes to its lines. */
  readonly choose: (step: OutlineStep, toText?: boolean) => void;
}

interface AddButtonProps {
  readonly label: string;
  readonly place: Place;
  readonly actions: StepActions;
}

/** Opens the kinds of step, and adds the one chosen. */
export function AddButton({ label, place, actions }: AddButtonProps) {
  const kinds = useTexts(kindNames);
  const named = kinds as Readonly<Record<string, string>>;
  return (
    <Menu position="bottom-end" width={280} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon className="nopan" variant="subtle" size="sm" aria-label={label} title={label}>
          <Icon name="plus" size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{label}</Menu.Label>
        {STEP_KINDS.map((kind) => (
          <Menu.Item
            key={kind.type}
            leftSection={<Icon name={kind.icon} size={16} />}
            onClick={() => actions.add(place, kind)}
          >
            {named[kind.type] ?? kind.type}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface StepToolsProps {
  readonly step: OutlineStep;
  readonly label: string;
  readonly actions: StepActions;
}

/** Adds after a step, moves it, takes it out, shows it in the file. */
export function StepTools({ step, label, actions }: StepToolsProps) {
  const t = useTexts(editorWords);
  const { isReadOnly, move, canMove, remove, choose } = actions;
  return (
    <>
      {!isReadOnly && (
        <AddButton label={`${t.addAfter} : ${label}`} place={{ after: step }} actions={actions} />
      )}
      <Menu position="bottom-end" width={220} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon
            className="nopan"
            variant="subtle"
            size="sm"
            aria-label={t.actionsOf(label)}
            title={t.actionsOf(label)}
          >
            <Icon name="dots" size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Icon name="file" size={16} />}
            onClick={() => choose(step, true)}
          >
            {t.toText}
          </Menu.Item>
          {!isReadOnly && (
            <>
              <Menu.Item
                leftSection={<Icon name="up" size={16} />}
                disabled={!canMove(step, -1)}
                onClick={() => move(step, -1)}
              >
                {t.moveUp}
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="down" size={16} />}
                disabled={!canMove(step, 1)}
                onClick={() => move(step, 1)}
              >
                {t.moveDown}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<Icon name="trash" size={16} />}
                onClick={() => remove(step)}
              >
                {t.remove}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
