import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { ApiBodyInput } from '#libs/contracts';
import { useDo } from '../../api/queries.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import { ProblemNote } from '../../ui/problem-note.js';
import { editorWords } from './words.js';

type From = ApiBodyInput<'startDraft'>['from'];

const POINTS = [
  { from: 'abandoned-cart', title: 'abandonedCart', hint: 'abandonedCartHint' },
  { from: 'welcome', title: 'welcome', hint: 'welcomeHint' },
  { from: 'win-back', title: 'winBack', hint: 'winBackHint' },
] as const satisfies readonly { readonly from: From; title: string; hint: string }[];

/** A short name out of a name: `Relance panier` becomes `relance-panier`. */
function shortNameOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036F]/g, '')
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

function StartForm({ onCancel }: { readonly onCancel: () => void }) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const navigate = useNavigate();
  const start = useDo('startDraft', ['draft']);
  const [from, setFrom] = useState<From>('abandoned-cart');
  const [name, setName] = useState('');
  const [given, setGiven] = useState<string | null>(null);
  const id = given ?? shortNameOf(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    start.mutate(
      { body: { from, id, name: name.trim() } },
      { onSuccess: ({ path }) => void navigate({ to: '/editor', search: { file: path } }) },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group
          label={t.fromTemplate}
          value={from}
          onChange={(chosen) => setFrom(chosen as From)}
        >
          <Stack gap="xs" mt="xs">
            {POINTS.map(({ from: point, title, hint }) => (
              <Radio key={point} value={point} label={t[title]} description={t[hint]} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          label={t.name}
          value={name}
          onChange={({ target }) => setName(target.value)}
          maxLength={100}
          required
          data-autofocus
        />
        <TextInput
          label={t.shortName}
          description={t.shortNameHint}
          value={id}
          onChange={({ target }) => setGiven(target.value)}
          pattern="[a-z0-9][a-z0-9_\-]{0,63}"
          required
        />
        {start.error !== null && <ProblemNote error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t.cancel}
          </Button>
          <Button type="submit" loading={start.isPending}>
            {t.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Starts a scenario from a template and opens it in the editor. */
export function NewScenario() {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const [isOpen, open] = useState(false);
  return (
    <>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={() => open(true)}>
        {t.newScenario}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => open(false)}
        title={t.newScenario}
        size="lg"
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <StartForm onCancel={() => open(false)} />
      </Modal>
    </>
  );
}
