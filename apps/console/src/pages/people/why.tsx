import { Accordion, Group, List, Text, VisuallyHidden } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useRead } from '../../api/queries.js';
import { useMe } from '../../api/session.js';
import { texts, useTexts } from '../../i18n/text.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { Loaded } from '../../ui/loaded.js';
import { Section } from '../../ui/section.js';

type Part = ApiResponse<'explain'>['scenarios'][number];
type Check = NonNullable<Part['entry']>['checks'][number];

const whyWords = texts({
  title: { fr: 'Pourquoi ici, pourquoi pas là', en: 'Why here, why not there' },
  in: { fr: 'y est', en: 'in it' },
  ended: { fr: 'en est sorti', en: 'has left' },
  never_entered: { fr: 'n’y est pas', en: 'not in it' },
  met: { fr: 'Rempli', en: 'Met' },
  notMet: { fr: 'Manque', en: 'Not met' },
  unknown: { fr: 'Ne peut se dire ici', en: 'Cannot be said here' },
  none: { fr: 'Aucun scénario n’est publié.', en: 'No scenario is published.' },
});

function CheckLine({ check: { isMet, sentence } }: { readonly check: Check }) {
  const t = useTexts(whyWords);
  const [icon, label]: readonly [IconName, string] =
    isMet === null ? ['info', t.unknown] : isMet ? ['check', t.met] : ['cross', t.notMet];
  return (
    <List.Item icon={<Icon name={icon} size={16} />}>
      <VisuallyHidden>
        {label}
        {', '}
      </VisuallyHidden>
      {sentence}
    </List.Item>
  );
}

function PartLine({ part }: { readonly part: Part }) {
  const t = useTexts(whyWords);
  return (
    <Accordion.Item value={part.scenario}>
      <Accordion.Control>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {part.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t[part.state]}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <List size="sm" spacing={4}>
          {part.sentences.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
          {part.entry?.checks.map((check) => (
            <CheckLine key={check.kind + check.sentence} check={check} />
          ))}
        </List>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** Why a person is in a scenario, or not, condition by condition; for who may ask. */
export function Why({ person }: { readonly person: string }) {
  const t = useTexts(whyWords);
  const { data: me } = useMe();
  const isEnabled = me?.role === 'marketer' || me?.role === 'admin';
  const query = useRead('explain', { query: { profile: person } }, { isEnabled });
  if (!isEnabled) return null;
  return (
    <Section title={t.title}>
      <Loaded query={query}>
        {({ scenarios }) =>
          scenarios.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t.none}
            </Text>
          ) : (
            <Accordion variant="contained" multiple>
              {scenarios.map((part) => (
                <PartLine key={part.scenario} part={part} />
              ))}
            </Accordion>
          )
        }
      </Loaded>
    </Section>
  );
}
